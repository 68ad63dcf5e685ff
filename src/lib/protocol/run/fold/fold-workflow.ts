// How the events of a whole run (`workflow_…`, `rollback_started`) change its history.
import { dueAfter } from './due-times';
import type { KnownRunEvent } from '../events';
import { cutError, ERROR_BYTES } from '../cut-error';
import { blameFor, outcomeOf, unwrapError } from './run-error';
import type { RunHistory } from '../run-history';
import type { RunOutcome } from '../status';

export type WorkflowEvent = Extract<
	KnownRunEvent,
	{ type: `workflow_${string}` | 'rollback_started' }
>;

export function foldWorkflowEvent(history: RunHistory, event: WorkflowEvent): Partial<RunHistory> {
	const { timestamp } = event;
	switch (event.type) {
		case 'workflow_queued':
			return { queuedAt: history.queuedAt ?? timestamp };
		case 'workflow_started':
			return {
				...resumed(history, timestamp),
				startedAt: history.startedAt ?? timestamp,
				params: event.params ?? history.params
			};
		case 'workflow_running':
			return { ...resumed(history, timestamp), startedAt: history.startedAt ?? timestamp };
		case 'workflow_waiting':
			return { phase: phaseOnceStarted(history) };
		case 'workflow_waiting_for_pause':
			return { phase: 'waitingForPause' };
		case 'workflow_paused':
			return { phase: 'paused', pausedAt: history.pausedAt ?? timestamp };
		case 'workflow_completed':
			return {
				...ended('complete', 'completed', timestamp),
				output: event.output ?? null,
				error: null
			};
		case 'workflow_terminated':
			return ended('terminated', 'terminated', timestamp);
		case 'workflow_errored': {
			const thrown = event.error ? cutError(unwrapError(event.error), ERROR_BYTES) : null;
			const { error, step } = blameFor(thrown, history);
			return { ...ended('errored', outcomeOf(error, history), timestamp), error, step };
		}
		case 'rollback_started':
			return { phase: 'rollingBack' };
	}
}

/** A run that starts a step is no longer queued. */
export function phaseOnceStarted(history: RunHistory): RunHistory['phase'] {
	return history.phase === 'queued' ? 'running' : history.phase;
}

export function ended(
	status: 'complete' | 'errored' | 'terminated',
	outcome: RunOutcome,
	at: number
): Partial<RunHistory> {
	return {
		phase: 'ended',
		pausedAt: null,
		end: { status, outcome },
		finishedAt: at,
		steps: [],
		sleeps: [],
		waits: []
	};
}

/**
 * The run continues. The engine shifts due times by the length of the pause, except those of sleeps
 * that began after the pause.
 */
export function resumed(history: RunHistory, at: number): Partial<RunHistory> {
	const { pausedAt, sleeps, steps } = history;
	if (pausedAt === null) return { phase: 'running' };
	const pauseMs = Math.max(0, at - pausedAt);
	return {
		phase: 'running',
		pausedAt: null,
		sleeps: sleeps.map((sleep) =>
			sleep.since <= pausedAt
				? {
						...sleep,
						dueAt: dueAfter(sleep.dueAt, pauseMs),
						plannedAt: sleep.plannedAt ?? sleep.dueAt
					}
				: sleep
		),
		steps: steps.map((step) =>
			step.retryAt === null ? step : { ...step, retryAt: dueAfter(step.retryAt, pauseMs) }
		)
	};
}
