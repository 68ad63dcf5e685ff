// `fold` interprets the history of a run. It is pure and total: it never throws, an event that was
// folded before changes nothing, and reading again from the beginning leads to the same state.
import {
	knownEvent,
	parseStepName,
	type KnownRunEvent,
	type RunEvent,
	type RunEventType
} from '../events';
import { foldStepEvent } from './fold-steps';
import { foldWorkflowEvent } from './fold-workflow';
import { cutError, ERROR_BYTES } from '../cut-error';
import { unwrapError } from './run-error';
import type { RunHistory } from '../run-history';

/** The state before the first event. */
export const EMPTY_HISTORY: RunHistory = {
	cursor: 0,
	phase: 'queued',
	pausedAt: null,
	end: null,
	params: undefined,
	output: null,
	error: null,
	queuedAt: null,
	startedAt: null,
	updatedAt: null,
	finishedAt: null,
	retries: 0,
	step: null,
	steps: [],
	sleeps: [],
	waits: [],
	timedOut: null,
	timedOutEvent: null,
	failures: [],
	failedRollback: null,
	keptUntil: null,
	restartedAt: null
};

const END_TYPES: ReadonlySet<string> = new Set<RunEventType>([
	'workflow_completed',
	'workflow_errored',
	'workflow_terminated'
]);

/**
 * Folds one engine event into the history of a run. Events come in the order of their ids: one that
 * was folded already is ignored, one of an unknown type only moves the cursor.
 */
export function fold(history: RunHistory, event: RunEvent): RunHistory {
	if (event.eventId <= history.cursor) return history;
	const moved: RunHistory = {
		...history,
		cursor: event.eventId,
		updatedAt: Math.max(history.updatedAt ?? 0, event.timestamp),
		restartedAt: history.restartedAt ?? restartIn(history, event)
	};
	// Steps that ran in parallel with a failed one may still report: only another end changes an end.
	if (history.end && !END_TYPES.has(event.type)) return moved;
	const known = knownEvent(event);
	return known ? { ...moved, ...foldKnownEvent(moved, known) } : moved;
}

/** A restart from a step keeps the earlier events: what this generation did itself came after them. */
function restartIn({ keptUntil, startedAt }: RunHistory, { timestamp }: RunEvent): number | null {
	if (keptUntil === null || startedAt === null || startedAt > keptUntil) return null;
	return timestamp > keptUntil ? timestamp : null;
}

function foldKnownEvent(history: RunHistory, event: KnownRunEvent): Partial<RunHistory> {
	switch (event.type) {
		case 'workflow_queued':
		case 'workflow_started':
		case 'workflow_running':
		case 'workflow_waiting':
		case 'workflow_waiting_for_pause':
		case 'workflow_paused':
		case 'workflow_completed':
		case 'workflow_terminated':
		case 'workflow_errored':
		case 'rollback_started':
			return foldWorkflowEvent(history, event);
		case 'step_started':
		case 'step_completed':
		case 'step_errored':
		case 'attempt_started':
		case 'attempt_completed':
		case 'attempt_errored':
		case 'sleep_started':
		case 'sleep_completed':
		case 'wait_started':
		case 'wait_completed':
		case 'wait_timed_out':
			return foldStepEvent(history, event);
		case 'rollback_step_errored': {
			const error = event.error ? cutError(unwrapError(event.error), ERROR_BYTES) : null;
			return { failedRollback: { step: parseStepName(event.stepName).name, error } };
		}
		case 'rollback_step_started':
		case 'rollback_step_completed':
		case 'rollback_attempt_started':
		case 'rollback_attempt_completed':
		case 'rollback_attempt_errored':
		case 'rollback_completed':
		case 'rollback_errored':
			return {};
	}
}
