// The one place that knows what a history means. `fold` is pure and total: it never throws, an
// event that was folded before changes nothing, and any re-read from the beginning ends in the
// same state. The engine is the truth; nothing here guesses.
import {
	isApprovalWait,
	isSdkStep,
	knownEvent,
	parseStepName,
	type KnownRunEvent,
	type RunEvent,
	type RunEventType
} from './events';
import type { Json } from '../wire/json';
import type { Run, RunError, WaitingFor } from './run';
import type { RunFacts, RunHistory } from './run-history';
import type { RunOutcome, RunStatus } from './status';

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
	timedOut: null
};

/**
 * Folds one engine event into what is known of a run. Events come in the order of their ids; one
 * with an id already folded is ignored, one of an unknown type only moves the cursor.
 */
export function fold(history: RunHistory, event: RunEvent): RunHistory {
	if (event.eventId <= history.cursor) return history;
	const seen: RunHistory = {
		...history,
		cursor: event.eventId,
		updatedAt: Math.max(history.updatedAt ?? 0, event.timestamp)
	};
	// Steps that ran beside the one that failed may still report: an end is moved by nothing but an end.
	if (history.end && !END_TYPES.has(event.type)) return seen;
	const known = knownEvent(event);
	return known ? { ...seen, ...change(seen, known) } : seen;
}

const END_TYPES: ReadonlySet<string> = new Set<RunEventType>([
	'workflow_completed',
	'workflow_errored',
	'workflow_terminated'
]);

/** The last time that a date can have, Ms. */
const LAST_TIME = 8.64e15;

/** A time to come, whole milliseconds like every time here, however long or odd the delay is. */
function dueAfter(at: number, delayMs: number): number {
	return Math.min(Math.ceil(at + delayMs), LAST_TIME);
}

const without = <T extends { name: string }>(list: T[], name: string): T[] =>
	list.filter((entry) => entry.name !== name);

function enter(history: RunHistory, stepName: string): Partial<RunHistory> {
	return isSdkStep(stepName) ? {} : { step: parseStepName(stepName).name, phase: awake(history) };
}

/** A step that begins proves that the run is not queued any more. */
function awake(history: RunHistory): RunHistory['phase'] {
	return history.phase === 'queued' ? 'running' : history.phase;
}

function ended(
	event: KnownRunEvent,
	status: 'complete' | 'errored' | 'terminated',
	outcome: RunOutcome
): Partial<RunHistory> {
	return {
		phase: 'ended',
		pausedAt: null,
		end: { status, outcome },
		finishedAt: event.timestamp,
		steps: [],
		sleeps: [],
		waits: []
	};
}

/**
 * A run goes on. The engine puts off what was to come by as long as the run was paused; a sleep
 * that began after the pause is counted from after it already.
 */
function resumed(history: RunHistory, at: number): Partial<RunHistory> {
	const { pausedAt, sleeps, steps } = history;
	if (pausedAt === null) return { phase: 'running' };
	const later = Math.max(0, at - pausedAt);
	return {
		phase: 'running',
		pausedAt: null,
		sleeps: sleeps.map((sleep) =>
			sleep.since <= pausedAt ? { ...sleep, dueAt: dueAfter(sleep.dueAt, later) } : sleep
		),
		steps: steps.map((step) =>
			step.retryAt === null ? step : { ...step, retryAt: dueAfter(step.retryAt, later) }
		)
	};
}

function change(history: RunHistory, event: KnownRunEvent): Partial<RunHistory> {
	switch (event.type) {
		case 'workflow_queued':
			return { queuedAt: history.queuedAt ?? event.timestamp };
		case 'workflow_started':
			return {
				...resumed(history, event.timestamp),
				startedAt: history.startedAt ?? event.timestamp,
				params: event.params ?? history.params
			};
		case 'workflow_running':
			return {
				...resumed(history, event.timestamp),
				startedAt: history.startedAt ?? event.timestamp
			};
		case 'workflow_waiting':
			return { phase: awake(history) };
		case 'workflow_waiting_for_pause':
			return { phase: 'waitingForPause' };
		case 'workflow_paused':
			return { phase: 'paused', pausedAt: history.pausedAt ?? event.timestamp };
		case 'workflow_completed':
			return {
				...ended(event, 'complete', 'completed'),
				output: event.output ?? null,
				error: null
			};
		case 'workflow_terminated':
			return ended(event, 'terminated', 'terminated');
		case 'workflow_errored': {
			const error = unwrapError(event.error);
			return { ...ended(event, 'errored', outcomeOf(error, history)), error };
		}
		case 'step_started':
			return {
				...enter(history, event.stepName),
				steps: [
					...without(history.steps, event.stepName),
					{ name: event.stepName, startedAt: event.timestamp, attempt: 0, retryAt: null }
				]
			};
		case 'attempt_started':
			return { steps: onAttempt(history.steps, event) };
		case 'attempt_completed':
			return {};
		case 'attempt_errored': {
			if (event.retryDelayMs === undefined) return {};
			const retryAt = dueAfter(event.timestamp, event.retryDelayMs);
			return {
				retries: history.retries + 1,
				steps: history.steps.map((step) =>
					step.name === event.stepName ? { ...step, retryAt } : step
				)
			};
		}
		case 'step_completed':
		case 'step_errored':
			return { steps: without(history.steps, event.stepName) };
		case 'sleep_started':
			return {
				...enter(history, event.stepName),
				sleeps: [
					...without(history.sleeps, event.stepName),
					{
						name: event.stepName,
						since: event.timestamp,
						dueAt: dueAfter(event.timestamp, event.durationMs)
					}
				]
			};
		case 'sleep_completed':
			return { sleeps: without(history.sleeps, event.stepName) };
		case 'wait_started':
			return {
				...enter(history, event.stepName),
				waits: [
					...without(history.waits, event.stepName),
					{ name: event.stepName, eventType: event.eventType, since: event.timestamp }
				]
			};
		case 'wait_completed':
			return { waits: without(history.waits, event.stepName) };
		case 'wait_timed_out': {
			const wait = history.waits.find((open) => open.name === event.stepName);
			return {
				waits: without(history.waits, event.stepName),
				timedOut: wait && isApprovalWait(wait) ? wait.name : history.timedOut
			};
		}
		case 'rollback_started':
			return { phase: 'rollingBack' };
		case 'rollback_step_started':
		case 'rollback_step_completed':
		case 'rollback_step_errored':
		case 'rollback_attempt_started':
		case 'rollback_attempt_completed':
		case 'rollback_attempt_errored':
		case 'rollback_completed':
		case 'rollback_errored':
			return {};
	}
}

function onAttempt(
	steps: RunHistory['steps'],
	event: Extract<KnownRunEvent, { type: 'attempt_started' }>
): RunHistory['steps'] {
	const open = steps.find((step) => step.name === event.stepName);
	const started = {
		name: event.stepName,
		startedAt: open?.startedAt ?? event.timestamp,
		attempt: event.attempt,
		retryAt: null
	};
	return [...without(steps, event.stepName), started];
}

/**
 * The engine wraps what `run()` threw: name `Error`, message `WorkflowRejectedError: Workflow
 * rejected: no`. This gives the error its own name back.
 */
export function unwrapError(error: RunError): RunError {
	const wrapped = /^([A-Z]\w*(?:Error|Exception)): ([\s\S]*)$/.exec(error.message);
	return error.name === 'Error' && wrapped?.[1] !== undefined
		? { ...error, name: wrapped[1], message: wrapped[2] ?? '' }
		: error;
}

function outcomeOf(error: RunError, history: RunHistory): RunOutcome {
	if (error.name === 'WorkflowRejectedError' || error.name === 'ApprovalRejectedError') {
		return 'rejected';
	}
	if (error.name === 'ApprovalExpiredError') return 'expired';
	if (error.name === 'WorkflowTimeoutError' && history.timedOut !== null) return 'expired';
	return 'failed';
}

/** What `WorkflowInstance.status()` answers: the coarse view, for engines without `subscribe`. */
export type CoarseStatus = { status: string; error?: RunError | undefined; output?: Json };

/**
 * Takes over what `status()` says where the history cannot be read. It has no times and no steps,
 * so ends get the time of the look, `atMs`. A look that says nothing new changes nothing.
 */
export function foldStatus(history: RunHistory, seen: CoarseStatus, atMs: number): RunHistory {
	if (history.end) return history;
	const moved = { ...history, updatedAt: atMs };
	switch (seen.status) {
		case 'complete':
		case 'errored':
		case 'terminated': {
			const error = seen.error ? unwrapError(seen.error) : null;
			const outcome: Record<typeof seen.status, RunOutcome> = {
				complete: 'completed',
				errored: error ? outcomeOf(error, history) : 'failed',
				terminated: 'terminated'
			};
			return {
				...moved,
				phase: 'ended',
				pausedAt: null,
				end: { status: seen.status, outcome: outcome[seen.status] },
				output: seen.output ?? null,
				error,
				finishedAt: atMs,
				steps: [],
				sleeps: [],
				waits: []
			};
		}
		case 'paused':
			return history.phase === 'paused' ? history : { ...moved, phase: 'paused', pausedAt: atMs };
		case 'queued':
		case 'waitingForPause':
		case 'rollingBack':
			return history.phase === seen.status ? history : { ...moved, phase: seen.status };
		case 'running':
		case 'waiting':
			return history.phase === 'running'
				? history
				: { ...moved, ...resumed(history, atMs), startedAt: history.startedAt ?? atMs };
		default:
			return history;
	}
}

/** The run's status in Cloudflare's words; `waiting` whenever a sleep or a wait is open. */
export function statusOf(history: RunHistory): RunStatus {
	if (history.end) return history.end.status;
	switch (history.phase) {
		case 'queued':
		case 'paused':
		case 'waitingForPause':
		case 'rollingBack':
			return history.phase;
		case 'running':
		case 'ended':
			return history.waits.length + history.sleeps.length > 0 ? 'waiting' : 'running';
	}
}

/** Which open wait or sleep to name: waits for an event first, then the sleep that ends first. */
export function waitingForOf(
	history: RunHistory,
	deadlines: ReadonlyMap<string, number> = new Map()
): WaitingFor | null {
	const wait = history.waits[0];
	if (wait) {
		return {
			kind: 'event',
			name: parseStepName(wait.name).name,
			eventType: wait.eventType,
			since: wait.since,
			dueAt: deadlines.get(wait.name) ?? null
		};
	}
	const sleep = history.sleeps.toSorted((a, b) => a.dueAt - b.dueAt)[0];
	return sleep
		? {
				kind: 'sleep',
				name: parseStepName(sleep.name).name,
				since: sleep.since,
				// A pause puts the end off for as long as it lasts.
				dueAt: history.phase === 'paused' ? null : sleep.dueAt
			}
		: null;
}

/**
 * When the history says that the engine will move next by itself (Ms since the epoch): the end of
 * a sleep or of a back-off. Null when nothing is due: a wait for an event, or code that is running.
 */
export function nextDueAt(history: RunHistory): number | null {
	if (history.end || history.phase === 'paused') return null;
	const due = [
		...history.sleeps.map((sleep) => sleep.dueAt),
		...history.steps.flatMap((step) => (step.retryAt === null ? [] : [step.retryAt]))
	];
	return due.length > 0 ? Math.min(...due) : null;
}

/** Puts a run together from its facts and its history. */
export function toRun(facts: RunFacts, history: RunHistory): Run {
	const status = facts.lost && !history.end ? 'unknown' : statusOf(history);
	return {
		...facts.ref,
		generation: facts.generation,
		agent: facts.agent,
		parent: facts.parent,
		status,
		outcome: history.end?.outcome ?? null,
		metadata: facts.metadata,
		params: history.params ?? facts.params,
		progress: facts.progress,
		step: status === 'complete' ? null : history.step,
		startedBy: facts.startedBy,
		...(facts.startedBySubject ? { startedBySubject: facts.startedBySubject } : {}),
		error: history.error,
		output: history.output,
		createdAt: facts.createdAt,
		startedAt: history.startedAt,
		updatedAt: Math.max(facts.createdAt, facts.touchedAt, history.updatedAt ?? 0),
		finishedAt: history.finishedAt,
		retries: history.retries,
		waitingFor: facts.lost ? null : waitingForOf(history)
	};
}
