import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
	foldStatus,
	nextDueAt,
	statusOf,
	toRun,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../../src/lib/protocol';
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
