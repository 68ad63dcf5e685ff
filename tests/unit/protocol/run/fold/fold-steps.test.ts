import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
	nextDueAt,
	statusOf,
	toRun,
	toRunRow,
	waitingForOf,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../../src/lib/protocol';
import { durationOf } from '../../../../../src/lib/protocol/query-language/metadata';
import { historyOf, type Fields } from '../../../support/histories';

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

describe('sleeps of one name', () => {
	const wait = (durationMs: number) => ({ type: 'sleep_started', ...on('wait-1'), durationMs });
	const over = { type: 'sleep_completed', ...on('wait-1') };

	it('that run in parallel are waited for until the last one ends', () => {
		const both = after(...begun, wait(300), wait(60_000));
		expect(waitingForOf(both)).toMatchObject({ name: 'wait', dueAt: 61_040 });
		expect(nextDueAt(both)).toBe(1330);
		const one = after(...begun, wait(60_000), wait(300), over);
		expect(statusOf(one)).toBe('waiting');
		expect(waitingForOf(one)).toMatchObject({ name: 'wait', dueAt: 61_030 });
		expect(statusOf(after(...begun, wait(60_000), wait(300), over, over))).toBe('running');
	});

	it('are one sleep when the engine begins it again to end at the same time', () => {
		const again = { ...wait(40_000), timestamp: 21_032 };
		const history = after(...begun, wait(60_000), again);
		expect(history.sleeps).toEqual([{ name: 'wait-1', since: 21_032, dueAt: 61_032 }]);
	});
});

describe('a run that fails', () => {
	const thrown = (message: string, name = 'Error') => ({ error: { name, message } });
	const failing = (stepName: string, message: string, name?: string): Fields[] => [
		{ type: 'attempt_errored', ...on(stepName), attempt: 1, ...thrown(message, name) },
		{ type: 'step_errored', ...on(stepName) }
	];
	const both: Fields[] = [
		...begun,
		{ type: 'step_started', ...on('fast-fail-1') },
		{ type: 'attempt_started', ...on('fast-fail-1'), attempt: 1 },
		{ type: 'step_started', ...on('slow-1') },
		{ type: 'attempt_started', ...on('slow-1'), attempt: 1 }
	];
	const endOf = (...events: Fields[]) => toRun(facts, after(...events));

	it('names the step that did, of two in parallel', () => {
		const failed = { type: 'workflow_errored', ...thrown('no rows') };
		expect(endOf(...both, ...failing('fast-fail-1', 'no rows'), failed)).toMatchObject({
			step: 'fast-fail',
			error: { message: 'no rows' }
		});
	});

	it('never blames a step whose error was caught', () => {
		const caught = [...both, ...failing('slow-1', 'too slow')];
		expect(endOf(...caught, { type: 'workflow_errored', ...thrown('other') }).step).toBeNull();
		const last = [...caught, ...failing('fast-fail-1', 'no rows')];
		const failed = { type: 'workflow_errored', ...thrown('no rows') };
		expect(endOf(...last, failed).step).toBe('fast-fail');
	});

	it('shows what a step threw that is not to be tried again', () => {
		const fatal =
			'The execution of the Workflow instance was terminated, as a step threw an ' +
			'NonRetryableError and it was not handled';
		const run = endOf(
			...both,
			...failing(
				'fast-fail-1',
				'Step threw a NonRetryableError with message "NonRetryableError: Card stolen"',
				'WorkflowFatalError'
			),
			{ type: 'workflow_errored', ...thrown(fatal, 'WorkflowFatalError') }
		);
		expect(run).toMatchObject({
			step: 'fast-fail',
			outcome: 'failed',
			error: { name: 'NonRetryableError', message: 'Card stolen' }
		});
	});

	it('names a rollback that failed, and blames the step that failed before', () => {
		const run = endOf(
			...both,
			...failing('fast-fail-1', 'no rows'),
			{ type: 'rollback_started' },
			{ type: 'rollback_step_started', ...on('book-1') },
			{ type: 'rollback_step_errored', ...on('book-1'), ...thrown('no way back') },
			{ type: 'rollback_errored' },
			{ type: 'workflow_errored', ...thrown('no rows') }
		);
		expect(run).toMatchObject({
			step: 'fast-fail',
			failedRollback: { step: 'book', error: { name: 'Error', message: 'no way back' } }
		});
	});

	it('keeps and lists only the beginning of a long error', () => {
		const long = { type: 'workflow_errored', ...thrown('x'.repeat(900_000)) };
		const run = endOf(...both, long);
		expect(JSON.stringify(run).length).toBeLessThan(20_000);
		expect(JSON.stringify(toRunRow(run)).length).toBeLessThan(3_000);
	});
});

describe('a run that was restarted from a step', () => {
	it('took as long as what it did itself', () => {
		const kept = { ...EMPTY_HISTORY, keptUntil: 50_000 };
		const history = historyOf(
			...begun,
			{ type: 'workflow_running', timestamp: 9_000_000 },
			{ type: 'workflow_completed', timestamp: 9_000_500 }
		);
		const run = toRun(facts, foldAll(history, kept));
		expect(run).toMatchObject({ startedAt: 1010, restartedAt: 9_000_000, finishedAt: 9_000_500 });
		expect(durationOf(run, 0)).toBe(500);
	});

	it('is a fresh run when nothing was kept', () => {
		const run = toRun(facts, foldAll(historyOf(...begun), { ...EMPTY_HISTORY, keptUntil: 900 }));
		expect(run).not.toHaveProperty('restartedAt');
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
