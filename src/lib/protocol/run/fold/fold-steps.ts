// How the events of single steps, attempts, sleeps and waits change the history of a run.
import { dueAfter } from './due-times';
import { isApprovalWait, isSdkStep, parseStepName, type KnownRunEvent } from '../events';
import { phaseOnceStarted } from './fold-workflow';
import type { RunError } from '../run';
import type { RunHistory } from '../run-history';
import { firstDue, isReplay } from '../sleeps';
import { cutError, ERROR_BYTES } from '../cut-error';
import { unwrapError } from './run-error';

export type StepEvent = Extract<
	KnownRunEvent,
	{ type: `step_${string}` | `attempt_${string}` | `sleep_${string}` | `wait_${string}` }
>;

export function foldStepEvent(history: RunHistory, event: StepEvent): Partial<RunHistory> {
	const { timestamp, stepName: name } = event;
	const { steps, sleeps, waits } = history;
	switch (event.type) {
		case 'step_started': {
			const step = { name, startedAt: timestamp, attempt: 0, retryAt: null };
			return { ...entered(history, name), steps: [...without(steps, name), step] };
		}
		case 'attempt_started': {
			const startedAt = steps.find((step) => step.name === name)?.startedAt ?? timestamp;
			const step = { name, startedAt, attempt: event.attempt, retryAt: null };
			return { steps: [...without(steps, name), step] };
		}
		case 'attempt_completed':
			return {};
		case 'attempt_errored': {
			const error = event.error ? cutError(unwrapError(event.error), ERROR_BYTES) : null;
			if (event.retryDelayMs === undefined) {
				return { steps: steps.map((step) => (step.name === name ? { ...step, error } : step)) };
			}
			const retryAt = dueAfter(timestamp, event.retryDelayMs);
			return {
				retries: history.retries + 1,
				steps: steps.map((step) => (step.name === name ? { ...step, retryAt } : step))
			};
		}
		case 'step_completed':
			return { steps: without(steps, name) };
		case 'step_errored': {
			const error = steps.find((step) => step.name === name)?.error ?? null;
			return { steps: without(steps, name), ...failed(history, name, error) };
		}
		case 'sleep_started': {
			const sleep = { name, since: timestamp, dueAt: dueAfter(timestamp, event.durationMs) };
			const others = sleeps.filter((open) => open.name !== name || !isReplay(sleep, open));
			return { ...entered(history, name), sleeps: [...others, sleep] };
		}
		case 'sleep_completed':
			return { sleeps: withoutFirstDue(sleeps, name) };
		case 'wait_started': {
			const wait = { name, eventType: event.eventType, since: timestamp };
			return { ...entered(history, name), waits: [...without(waits, name), wait] };
		}
		case 'wait_completed':
			return { waits: without(waits, name) };
		case 'wait_timed_out': {
			const wait = waits.find((open) => open.name === name);
			const timedOut = wait && isApprovalWait(wait) ? name : history.timedOut;
			return { waits: without(waits, name), timedOut, timedOutEvent: wait?.eventType ?? null };
		}
	}
}

function entered(history: RunHistory, stepName: string): Partial<RunHistory> {
	if (isSdkStep(stepName)) return {};
	return { step: parseStepName(stepName).name, phase: phaseOnceStarted(history) };
}

/** The failures that are kept: enough to tell which of parallel steps ended the run. */
const MOST_FAILURES = 20;

function failed(history: RunHistory, stepName: string, error: RunError | null) {
	if (isSdkStep(stepName)) return {};
	const failure = { step: parseStepName(stepName).name, error };
	return { failures: [...history.failures, failure].slice(-MOST_FAILURES) };
}

type OpenSleep = RunHistory['sleeps'][number];

/** Of several open sleeps with one name, the one that is due first ends first. */
function withoutFirstDue(sleeps: OpenSleep[], name: string): OpenSleep[] {
	const first = firstDue(sleeps.filter((sleep) => sleep.name === name));
	return sleeps.filter((sleep) => sleep !== first);
}

function without<T extends { name: string }>(list: T[], name: string): T[] {
	return list.filter((entry) => entry.name !== name);
}
