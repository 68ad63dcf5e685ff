import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
	foldStatus,
	nextDueAt,
	statusOf,
	toRun,
	unwrapError,
	waitingForOf,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../src/lib/protocol';
import { historyOf, type Fields } from '../../support/histories';

const facts: RunFacts = {
	ref: { workflow: 'REFUND', id: 'run-1' },
	generation: 2,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: { workflow: 'STOCK_COUNT', id: 'count-1' },
	metadata: { order: 'A-1' },
	params: { from: 'the start' },
	progress: { percent: 0.5 },
	startedBy: 'ana',
	createdAt: 900,
	touchedAt: 950,
	lost: false
};

const foldAll = (events: RunEvent[], from: RunHistory = EMPTY_HISTORY) => events.reduce(fold, from);
const after = (...events: Fields[]) => foldAll(historyOf(...events));
const on = (stepName: string) => ({ stepName });

/** At 1000, 1010 and 1020. */
const begun: Fields[] = [
	{ type: 'workflow_queued' },
	{ type: 'workflow_started', params: { order: 'A-1' } },
	{ type: 'workflow_running' }
];
const error = { name: 'Error', message: 'no rows' };

describe('a run that begins', () => {
	it('is queued before its first event and after the one that says so', () => {
		expect(statusOf(EMPTY_HISTORY)).toBe('queued');
		const queued = after({ type: 'workflow_queued' });
		expect(statusOf(queued)).toBe('queued');
		expect(queued).toMatchObject({ queuedAt: 1000, startedAt: null, cursor: 1, updatedAt: 1000 });
	});

	it('runs since it was started, not since each time it went on', () => {
		const history = after(...begun, { type: 'workflow_paused' }, { type: 'workflow_running' });
		expect(statusOf(history)).toBe('running');
		expect(history).toMatchObject({ startedAt: 1010, params: { order: 'A-1' } });
	});

	it('runs once a step begins though nothing said so', () => {
		const history = after({ type: 'workflow_queued' }, { type: 'step_started', ...on('load-1') });
		expect(statusOf(history)).toBe('running');
	});
});

describe('the steps of a run', () => {
	it('are open from their start to their end', () => {
		const started = [
			...begun,
			{ type: 'step_started', ...on('load-1') },
			{ type: 'attempt_started', ...on('load-1'), attempt: 1 }
		];
		expect(after(...started).steps).toEqual([
			{ name: 'load-1', startedAt: 1030, attempt: 1, retryAt: null }
		]);
		const done = { type: 'step_completed', ...on('load-1'), output: 3 };
		expect(after(...started, done).steps).toEqual([]);
		expect(after(...started, { type: 'step_errored', ...on('load-1') }).steps).toEqual([]);
	});

	it('give the run the name of the one entered last, as in the code', () => {
		const history = after(
			...begun,
			{ type: 'step_started', ...on('load-rows-12') },
			{ type: 'step_completed', ...on('load-rows-12') }
		);
		expect(history.step).toBe('load-rows');
		expect(toRun(facts, history).step).toBe('load-rows');
		expect(
			toRun(facts, fold(history, { eventId: 99, timestamp: 2000, type: 'workflow_completed' }))
		).toMatchObject({ status: 'complete', step: null });
	});

	it('keep the name of the step at which a run failed', () => {
		const history = after(
			...begun,
			{ type: 'step_started', ...on('load-1') },
			{ type: 'step_errored', ...on('load-1') },
			{ type: 'workflow_errored', error }
		);
		expect(toRun(facts, history)).toMatchObject({ status: 'errored', step: 'load' });
	});

	it("never include the SDK's own in the name", () => {
		const history = after(
			...begun,
			{ type: 'step_started', ...on('load-1') },
			{ type: 'step_started', ...on('__agent_reportComplete_0-1') }
		);
		expect(history.step).toBe('load');
		expect(history.steps.map(({ name }) => name)).toEqual(['load-1', '__agent_reportComplete_0-1']);
	});

	it('run side by side', () => {
		const history = after(
			...begun,
			{ type: 'step_started', ...on('a-1') },
			{ type: 'step_started', ...on('b-1') },
			{ type: 'step_completed', ...on('a-1') }
		);
		expect(history.steps.map(({ name }) => name)).toEqual(['b-1']);
	});
});

describe('a step that is tried again', () => {
	const failed: Fields[] = [
		...begun,
		{ type: 'step_started', ...on('pay-1') },
		{ type: 'attempt_started', ...on('pay-1'), attempt: 1 },
		{ type: 'attempt_errored', ...on('pay-1'), attempt: 1, error, retryDelayMs: 5000 }
	];

	it('counts as a retry and is due when its delay is over', () => {
		const history = after(...failed);
		expect(history.retries).toBe(1);
		expect(nextDueAt(history)).toBe(1050 + 5000);
		expect(statusOf(history)).toBe('running');
	});

	it('is due no more once the next attempt begins', () => {
		const history = after(...failed, { type: 'attempt_started', ...on('pay-1'), attempt: 2 });
		expect(nextDueAt(history)).toBeNull();
		expect(history.steps).toEqual([{ name: 'pay-1', startedAt: 1030, attempt: 2, retryAt: null }]);
	});

	it('counts no retry for an attempt that was the last', () => {
		const history = after(
			...failed,
			{ type: 'attempt_started', ...on('pay-1'), attempt: 2 },
			{ type: 'attempt_errored', ...on('pay-1'), attempt: 2, error },
			{ type: 'step_errored', ...on('pay-1') }
		);
		expect(history.retries).toBe(1);
		expect(nextDueAt(history)).toBeNull();
	});

	it('is due later by as long as the run was paused', () => {
		const history = after(
			...failed,
			{ type: 'workflow_paused', timestamp: 2000 },
			{ type: 'workflow_running', timestamp: 62_000 }
		);
		expect(nextDueAt(history)).toBe(1050 + 5000 + 60_000);
	});
});

describe('a run that sleeps', () => {
	const asleep: Fields[] = [
		...begun,
		{ type: 'sleep_started', ...on('cool-down-2'), durationMs: 60_000 }
	];

	it('waits, and says for what and until when', () => {
		const history = after(...asleep);
		expect(statusOf(history)).toBe('waiting');
		expect(waitingForOf(history)).toEqual({
			kind: 'sleep',
			name: 'cool-down',
			since: 1030,
			dueAt: 61_030
		});
		expect(nextDueAt(history)).toBe(61_030);
	});

	it('runs on when the sleep is over', () => {
		const history = after(...asleep, { type: 'sleep_completed', ...on('cool-down-2') });
		expect(statusOf(history)).toBe('running');
		expect(waitingForOf(history)).toBeNull();
		expect(nextDueAt(history)).toBeNull();
	});

	it('names of two sleeps the one that ends first', () => {
		const history = after(...asleep, { type: 'sleep_started', ...on('nap-1'), durationMs: 1000 });
		expect(waitingForOf(history)).toMatchObject({ name: 'nap', dueAt: 2040 });
		expect(nextDueAt(history)).toBe(2040);
	});

	it('is due at no known time while it is paused, and later by as long as that was', () => {
		const paused = after(...asleep, { type: 'workflow_paused', timestamp: 11_000 });
		expect(nextDueAt(paused)).toBeNull();
		expect(toRun(facts, paused)).toMatchObject({
			status: 'paused',
			waitingFor: { name: 'cool-down', dueAt: null }
		});
		const resumed = after(
			...asleep,
			{ type: 'workflow_paused', timestamp: 11_000 },
			{ type: 'workflow_running', timestamp: 21_000 }
		);
		expect(waitingForOf(resumed)).toMatchObject({ dueAt: 71_030 });
	});

	it('is due as told by a sleep that began when the pause was over already', () => {
		// `sleepUntil` counts its time anew when it is replayed, and may be heard before "running".
		const history = after(
			...asleep,
			{ type: 'workflow_paused', timestamp: 11_000 },
			{ type: 'sleep_started', ...on('cool-down-2'), durationMs: 40_000, timestamp: 21_000 },
			{ type: 'workflow_running', timestamp: 21_001 }
		);
		expect(nextDueAt(history)).toBe(61_000);
	});

	it('has times in whole milliseconds, and none that no date can have', () => {
		const odd = after(...begun, { type: 'sleep_started', ...on('odd-1'), durationMs: 0.5 });
		expect(nextDueAt(odd)).toBe(1031);
		const endless = after(...begun, { type: 'sleep_started', ...on('long-1'), durationMs: 1e300 });
		expect(nextDueAt(endless)).toBe(8.64e15);
	});
});

describe('a run that waits for an event', () => {
	const waiting: Fields[] = [
		...begun,
		{ type: 'wait_started', ...on('wait-for-payment-1'), eventType: 'paid' }
	];

	it('waits, and says for which event', () => {
		const history = after(...waiting);
		expect(statusOf(history)).toBe('waiting');
		expect(waitingForOf(history)).toEqual({
			kind: 'event',
			name: 'wait-for-payment',
			eventType: 'paid',
			since: 1030,
			dueAt: null
		});
		expect(nextDueAt(history)).toBeNull();
	});

	it('names a deadline that somebody knows', () => {
		const deadlines = new Map([['wait-for-payment-1', 5000]]);
		expect(waitingForOf(after(...waiting), deadlines)).toMatchObject({ dueAt: 5000 });
	});

	it('runs on when the event came and when its time ran out', () => {
		for (const type of ['wait_completed', 'wait_timed_out']) {
			expect(statusOf(after(...waiting, { type, ...on('wait-for-payment-1') }))).toBe('running');
		}
	});

	it('names the wait rather than a sleep beside it', () => {
		const history = after(...waiting, { type: 'sleep_started', ...on('nap-1'), durationMs: 1 });
		expect(waitingForOf(history)?.kind).toBe('event');
		expect(nextDueAt(history)).toBe(1041);
	});

	it('goes on waiting through a pause', () => {
		const paused = after(...waiting, { type: 'workflow_paused' });
		expect(statusOf(paused)).toBe('paused');
		const resumed = fold(paused, { eventId: 9, timestamp: 2000, type: 'workflow_running' });
		expect(statusOf(resumed)).toBe('waiting');
	});
});

describe('the status of a run', () => {
	it('follows a pause from asked to done to over', () => {
		const asked = [...begun, { type: 'workflow_waiting_for_pause' }];
		expect(statusOf(after(...asked))).toBe('waitingForPause');
		const paused = [...asked, { type: 'workflow_paused' }];
		expect(statusOf(after(...paused))).toBe('paused');
		expect(statusOf(after(...paused, { type: 'workflow_running' }))).toBe('running');
	});

	it('says that a run is rolling back until it ends', () => {
		const rolling = [
			...begun,
			{ type: 'rollback_started' },
			{ type: 'rollback_step_started', ...on('load-1') }
		];
		expect(statusOf(after(...rolling))).toBe('rollingBack');
		const over = after(
			...rolling,
			{ type: 'rollback_step_completed', ...on('load-1') },
			{ type: 'rollback_completed' },
			{ type: 'workflow_errored', error }
		);
		expect(statusOf(over)).toBe('errored');
	});

	it('is unknown for a run that the engine lost, which waits for nothing any more', () => {
		const asleep = after(...begun, { type: 'sleep_started', ...on('nap-1'), durationMs: 10 });
		const run = toRun({ ...facts, lost: true }, asleep);
		expect(run).toMatchObject({ status: 'unknown', waitingFor: null, startedAt: 1010 });
	});

	it('stays what it was for a run that ended before it was lost', () => {
		const ended = after(...begun, { type: 'workflow_completed' });
		expect(toRun({ ...facts, lost: true }, ended).status).toBe('complete');
	});
});

describe('the end of a run', () => {
	const ended = (...events: Fields[]) => toRun(facts, after(...begun, ...events));

	it('completes it with its output', () => {
		expect(ended({ type: 'workflow_completed', output: { rows: 3 } })).toMatchObject({
			status: 'complete',
			outcome: 'completed',
			output: { rows: 3 },
			error: null,
			finishedAt: 1030
		});
	});

	it('is a failure with the name that the error had', () => {
		const wrapped = { name: 'Error', message: 'TypeError: rows is undefined' };
		expect(ended({ type: 'workflow_errored', error: wrapped })).toMatchObject({
			status: 'errored',
			outcome: 'failed',
			error: { name: 'TypeError', message: 'rows is undefined' }
		});
	});

	it("is a rejection when it failed by a person's no", () => {
		const rejected = {
			name: 'Error',
			message: 'WorkflowRejectedError: Workflow rejected: too much'
		};
		expect(ended({ type: 'workflow_errored', error: rejected })).toMatchObject({
			status: 'errored',
			outcome: 'rejected',
			error: { name: 'WorkflowRejectedError', message: 'Workflow rejected: too much' }
		});
	});

	const timeout = { name: 'WorkflowTimeoutError', message: 'Execution timed out after 1000ms' };

	it("is an expiry when an approval's deadline passed", () => {
		expect(
			ended(
				{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
				{ type: 'wait_timed_out', ...on('wait-for-approval-1') },
				{ type: 'workflow_errored', error: timeout }
			)
		).toMatchObject({ status: 'errored', outcome: 'expired', waitingFor: null });
	});

	it('is a failure when something else than an approval timed out', () => {
		expect(ended({ type: 'workflow_errored', error: timeout })).toMatchObject({
			outcome: 'failed'
		});
		expect(
			ended(
				{ type: 'wait_started', ...on('wait-for-payment-1'), eventType: 'paid' },
				{ type: 'wait_timed_out', ...on('wait-for-payment-1') },
				{ type: 'workflow_errored', error: timeout }
			)
		).toMatchObject({ outcome: 'failed' });
	});

	it('is a failure when it failed of itself after an expired approval', () => {
		expect(
			ended(
				{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
				{ type: 'wait_timed_out', ...on('wait-for-approval-1') },
				{ type: 'workflow_errored', error }
			)
		).toMatchObject({ outcome: 'failed' });
	});

	it('says that it was terminated', () => {
		expect(ended({ type: 'workflow_terminated' })).toMatchObject({
			status: 'terminated',
			outcome: 'terminated',
			finishedAt: 1030
		});
	});

	it('closes all that was open', () => {
		const run = ended(
			{ type: 'sleep_started', ...on('nap-1'), durationMs: 10 },
			{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
			{ type: 'workflow_terminated' }
		);
		expect(run.waitingFor).toBeNull();
	});

	it('is not undone by what steps beside the one that failed still write', () => {
		const history = after(
			...begun,
			{ type: 'step_started', ...on('b-1') },
			{ type: 'workflow_errored', error },
			{ type: 'attempt_errored', ...on('b-1'), attempt: 1, error, retryDelayMs: 10 },
			{ type: 'attempt_started', ...on('b-1'), attempt: 2 },
			{ type: 'wait_started', ...on('wait-1'), eventType: 'paid' }
		);
		expect(history).toMatchObject({ cursor: 8, phase: 'ended', steps: [], waits: [], retries: 0 });
		expect(toRun(facts, history)).toMatchObject({ status: 'errored', waitingFor: null });
	});
});

describe('a run put together from facts and history', () => {
	it('takes params from the history, and from the facts until it says them', () => {
		expect(toRun(facts, EMPTY_HISTORY).params).toEqual({ from: 'the start' });
		expect(toRun(facts, after(...begun)).params).toEqual({ order: 'A-1' });
	});

	it('was changed last when its facts or its history were', () => {
		expect(toRun(facts, EMPTY_HISTORY).updatedAt).toBe(950);
		expect(toRun(facts, after(...begun)).updatedAt).toBe(1020);
		expect(toRun({ ...facts, touchedAt: 7000 }, after(...begun)).updatedAt).toBe(7000);
	});

	it('carries who it is, whose it is and how it stands', () => {
		expect(toRun(facts, after(...begun))).toMatchObject({
			workflow: 'REFUND',
			id: 'run-1',
			generation: 2,
			agent: { path: 'store-agent/berlin' },
			parent: { workflow: 'STOCK_COUNT', id: 'count-1' },
			metadata: { order: 'A-1' },
			progress: { percent: 0.5 },
			startedBy: 'ana',
			createdAt: 900,
			startedAt: 1010,
			finishedAt: null,
			retries: 0
		});
	});
});

describe('an event that is folded', () => {
	it('changes nothing when its id was folded before', () => {
		const history = after(...begun);
		const [, , running] = historyOf(...begun);
		expect(running && fold(history, running)).toBe(history);
		expect(fold(history, { eventId: 3, timestamp: 9999, type: 'workflow_terminated' })).toBe(
			history
		);
	});

	it('moves only the cursor and the clock when its type is not known', () => {
		const history = after(...begun);
		const next = fold(history, { eventId: 4, timestamp: 2000, type: 'workflow_migrated' });
		expect(next).toEqual({ ...history, cursor: 4, updatedAt: 2000 });
	});

	it('moves only the cursor and the clock when its fields are not those of its type', () => {
		const history = after(...begun);
		const next = fold(history, {
			eventId: 4,
			timestamp: 2000,
			type: 'sleep_started',
			stepName: 'x-1'
		});
		expect(next).toEqual({ ...history, cursor: 4, updatedAt: 2000 });
	});

	it('ends a run as failed though it carries no error', () => {
		const history = after(...begun, { type: 'workflow_errored' });
		expect(toRun(facts, history)).toMatchObject({
			outcome: 'failed',
			error: { name: 'Error', message: 'unknown error' }
		});
	});

	it('never lets the time of the last change go back', () => {
		const history = after(...begun, { type: 'workflow_paused', timestamp: 5 });
		expect(history.updatedAt).toBe(1020);
	});
});

describe('unwrapError', () => {
	const unwrapped = (message: string, name = 'Error') => unwrapError({ name, message });

	it('gives a wrapped error its own name back', () => {
		expect(unwrapped('TypeError: a\nb')).toEqual({ name: 'TypeError', message: 'a\nb' });
		expect(unwrapped('S3Error: denied')).toEqual({ name: 'S3Error', message: 'denied' });
		expect(unwrapped('HTTP_Exception: 502')).toEqual({ name: 'HTTP_Exception', message: '502' });
	});

	it('leaves alone what is no wrapping', () => {
		for (const message of ['no rows', 'Warning: low stock', 'my error: x', 'Error: x', '']) {
			expect(unwrapped(message)).toEqual({ name: 'Error', message });
		}
		expect(unwrapped('TypeError: a', 'WorkflowFatalError')).toEqual({
			name: 'WorkflowFatalError',
			message: 'TypeError: a'
		});
	});

	it('keeps the stack', () => {
		expect(unwrapError({ name: 'Error', message: 'TypeError: a', stack: 'at x' }).stack).toBe(
			'at x'
		);
	});
});

describe('foldStatus, where only status() can be read,', () => {
	it('takes over each status that says something new', () => {
		const running = foldStatus(EMPTY_HISTORY, { status: 'running' }, 50);
		expect(running).toMatchObject({ phase: 'running', startedAt: 50, updatedAt: 50 });
		for (const status of ['queued', 'paused', 'waitingForPause', 'rollingBack'] as const) {
			const moved = foldStatus(running, { status }, 60);
			expect(statusOf(moved)).toBe(status);
			expect(moved.updatedAt).toBe(60);
		}
	});

	it('changes nothing when it says nothing new', () => {
		for (const status of ['running', 'paused', 'waitingForPause', 'rollingBack', 'complete']) {
			const seen = foldStatus(EMPTY_HISTORY, { status }, 50);
			expect(foldStatus(seen, { status }, 60)).toBe(seen);
		}
		expect(foldStatus(EMPTY_HISTORY, { status: 'queued' }, 60)).toBe(EMPTY_HISTORY);
		expect(foldStatus(EMPTY_HISTORY, { status: 'of-a-later-engine' }, 60)).toBe(EMPTY_HISTORY);
	});

	it('keeps what the history said of a sleep, and puts it off by a pause', () => {
		const asleep = after(...begun, { type: 'sleep_started', ...on('nap-1'), durationMs: 100 });
		expect(foldStatus(asleep, { status: 'running' }, 2000)).toBe(asleep);
		const paused = foldStatus(asleep, { status: 'paused' }, 1050);
		const resumed = foldStatus(paused, { status: 'waiting' }, 1550);
		expect(statusOf(resumed)).toBe('waiting');
		expect(nextDueAt(resumed)).toBe(1130 + 500);
	});

	it('ends a run at the time of the look', () => {
		const asleep = after(...begun, { type: 'sleep_started', ...on('nap-1'), durationMs: 100 });
		const complete = foldStatus(asleep, { status: 'complete', output: 7 }, 5000);
		expect(toRun(facts, complete)).toMatchObject({
			status: 'complete',
			outcome: 'completed',
			output: 7,
			finishedAt: 5000,
			waitingFor: null
		});
		expect(foldStatus(asleep, { status: 'terminated' }, 5000).end?.outcome).toBe('terminated');
	});

	it('tells a rejection and an expiry from a failure', () => {
		const outcomeOf = (history: RunHistory, message?: string) =>
			foldStatus(
				history,
				{ status: 'errored', ...(message ? { error: { name: 'Error', message } } : {}) },
				5000
			).end?.outcome;
		expect(outcomeOf(EMPTY_HISTORY)).toBe('failed');
		expect(outcomeOf(EMPTY_HISTORY, 'no rows')).toBe('failed');
		expect(outcomeOf(EMPTY_HISTORY, 'WorkflowRejectedError: no')).toBe('rejected');
		const timedOut = after(
			...begun,
			{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
			{ type: 'wait_timed_out', ...on('wait-for-approval-1') }
		);
		expect(outcomeOf(timedOut, 'WorkflowTimeoutError: after 1000ms')).toBe('expired');
	});

	it('gives way to the end that the history tells, with its own times', () => {
		const seen = foldStatus(after(...begun), { status: 'complete' }, 5000);
		const told = fold(seen, { eventId: 4, timestamp: 4200, type: 'workflow_completed', output: 7 });
		expect(told).toMatchObject({ finishedAt: 4200, output: 7 });
	});
});
