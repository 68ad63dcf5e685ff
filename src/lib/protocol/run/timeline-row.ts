// One row of a timeline and how each kind of event changes it. Every function answers with a new
// row and takes whatever the history says, complete or not.
import { isSdkStep, parseStepName, type RunEvent } from './events';
import { unwrapError } from './fold/run-error';
import type { Json } from '../wire/json';
import type { RunError } from './run';

export type RowKind = 'step' | 'sleep' | 'wait' | 'rollback';

/** `open` is for sleeps and waits what `running` is for steps; `retrying` is between attempts. */
export type RowState =
	'running' | 'retrying' | 'completed' | 'errored' | 'timedOut' | 'open' | 'cancelled';

/** `interrupted`: the engine stopped in the middle and began the attempt again. */
export type AttemptState = 'running' | 'completed' | 'errored' | 'interrupted' | 'cancelled';

export type TimelineAttempt = {
	attempt: number;
	startedAt: number;
	endedAt: number | null;
	state: AttemptState;
	error: RunError | null;
	/** How long the engine waits before the next attempt; null when there is none. */
	retryDelayMs: number | null;
};

export type TimelineRow = {
	/** Unique in the run, and the same in every reading of its history: `step:one-1`, `sleep:wait-3`. */
	key: string;
	kind: RowKind;
	/** The engine's name: `process-12`. */
	stepName: string;
	name: string;
	/** Which of its name it is: as the engine counts steps and waits; sleeps by name alone. */
	count: number;
	/** One of the SDK's own bookkeeping steps. */
	sdk: boolean;
	startedAt: number;
	endedAt: number | null;
	state: RowState;
	attempts: readonly TimelineAttempt[];
	/** Retries and timeout as the step was given them. */
	config: Json | undefined;
	output: Json | undefined;
	/** Why it failed, or why its last attempt did. */
	error: RunError | null;
	/** What a wait waits for. */
	eventType: string | null;
	/** When a sleep or a back-off ends. */
	dueAt: number | null;
};

/** A row as its first event finds it. */
export function newRow(kind: RowKind, stepName: string, startedAt: number): TimelineRow {
	return {
		key: `${kind}:${stepName}`,
		kind,
		stepName,
		...parseStepName(stepName),
		sdk: isSdkStep(stepName),
		startedAt,
		endedAt: null,
		state: kind === 'sleep' || kind === 'wait' ? 'open' : 'running',
		attempts: [],
		config: undefined,
		output: undefined,
		error: null,
		eventType: null,
		dueAt: null
	};
}

/** The row after one of its events; `type` is the event's, without `rollback_`. */
export function changeRow(row: TimelineRow, type: string, event: RunEvent): TimelineRow {
	const at = event.timestamp;
	switch (type) {
		case 'step_started':
			return { ...reopened(row), config: jsonOf(event.config) ?? row.config };
		case 'attempt_started':
			return attemptStarted(row, at, numberOf(event.attempt));
		case 'attempt_completed':
			return attemptEnded(row, event, 'completed');
		case 'attempt_errored':
			return attemptEnded(row, event, 'errored');
		case 'step_completed':
			return { ...endRow(row, at, 'completed'), output: jsonOf(event.output) };
		case 'step_errored':
			return { ...endRow(row, at, 'errored'), error: errorOf(event.error) ?? row.error };
		case 'sleep_started':
			return { ...reopened(row), dueAt: at + (lengthOf(event.durationMs) ?? 0) };
		case 'wait_started':
			return { ...reopened(row), eventType: textOf(event.eventType) ?? row.eventType };
		case 'sleep_completed':
		case 'wait_completed':
			return endRow(row, at, 'completed');
		case 'wait_timed_out':
			return endRow(row, at, 'timedOut');
		default:
			return row;
	}
}

/** Ends a row, and with it an attempt whose own end is missing. */
export function endRow(row: TimelineRow, at: number, state: EndState): TimelineRow {
	return {
		...row,
		state,
		endedAt: Math.max(row.startedAt, at),
		attempts: closeLast(row.attempts, at, state === 'timedOut' ? 'errored' : state),
		error: state === 'completed' ? null : row.error,
		dueAt: row.kind === 'sleep' ? row.dueAt : null
	};
}

/** How a row ends that was still open when its run ended. */
export function leftOver(row: TimelineRow): EndState {
	const last = row.attempts.at(-1);
	return last?.state === 'errored' && last.retryDelayMs === null ? 'errored' : 'cancelled';
}

type EndState = 'completed' | 'errored' | 'timedOut' | 'cancelled';

function reopened(row: TimelineRow): TimelineRow {
	const { key, count, attempts } = row;
	return { ...newRow(row.kind, row.stepName, row.startedAt), key, count, attempts };
}

function attemptStarted(row: TimelineRow, at: number, attempt: number | null): TimelineRow {
	const started: TimelineAttempt = {
		attempt: attempt ?? row.attempts.length + 1,
		startedAt: at,
		endedAt: null,
		state: 'running',
		error: null,
		retryDelayMs: null
	};
	return {
		...row,
		state: 'running',
		endedAt: null,
		dueAt: null,
		attempts: [...closeLast(row.attempts, at, 'interrupted'), started]
	};
}

function attemptEnded(
	row: TimelineRow,
	event: RunEvent,
	state: 'completed' | 'errored'
): TimelineRow {
	const at = event.timestamp;
	const last = row.attempts.at(-1);
	const begun = last?.endedAt === null ? row : attemptStarted(row, at, numberOf(event.attempt));
	const retryDelayMs = state === 'errored' ? lengthOf(event.retryDelayMs) : null;
	const error = state === 'errored' ? errorOf(event.error) : null;
	const attempts = closeLast(begun.attempts, at, state).map((attempt, index, all) =>
		index === all.length - 1 ? { ...attempt, error, retryDelayMs } : attempt
	);
	return {
		...begun,
		attempts,
		error: error ?? begun.error,
		state: retryDelayMs === null ? begun.state : 'retrying',
		dueAt: retryDelayMs === null ? null : at + retryDelayMs
	};
}

function closeLast(
	attempts: readonly TimelineAttempt[],
	at: number,
	state: AttemptState
): readonly TimelineAttempt[] {
	const last = attempts.at(-1);
	if (last?.endedAt !== null) return attempts;
	return [...attempts.slice(0, -1), { ...last, state, endedAt: Math.max(last.startedAt, at) }];
}

// Histories come from the engine by way of a parse that lets unknown shapes through, so each field
// is looked at where it is read; a schema for every event again would cost 40,000 parses.
const numberOf = (value: unknown): number | null =>
	typeof value === 'number' && Number.isFinite(value) ? value : null;
/** No time takes less than none. */
const lengthOf = (value: unknown): number | null => {
	const length = numberOf(value);
	return length === null ? null : Math.max(0, length);
};
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function jsonOf(value: unknown): Json | undefined {
	// What an event holds was parsed as JSON when it came over the wire.
	return value as Json | undefined;
}

function errorOf(value: unknown): RunError | null {
	if (typeof value !== 'object' || value === null) return null;
	const name = 'name' in value ? textOf(value.name) : null;
	const message = 'message' in value ? textOf(value.message) : null;
	const stack = 'stack' in value ? textOf(value.stack) : null;
	if (name === null && message === null) return null;
	const error = { name: name ?? 'Error', message: message ?? '' };
	return unwrapError(stack === null ? error : { ...error, stack });
}
