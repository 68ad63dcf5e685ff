import { describe, expect, it } from 'vitest';
import { nextRead } from '../../../../../src/lib/agent/monitor/history/tails';
import { EMPTY_HISTORY, fold, type RunHistory } from '../../../../../src/lib/protocol';
import { historyOf, type Fields } from '../../../support/histories';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const after = (...events: Fields[]) =>
	historyOf({ type: 'workflow_started' }, ...events).reduce(fold, EMPTY_HISTORY);
const on = (stepName: string) => ({ stepName });

const running = after();
const asleep = after({ type: 'sleep_started', ...on('nap-1'), durationMs: HOUR });
const dueAt = 1010 + HOUR;
const waiting = after({ type: 'wait_started', ...on('wait-1'), eventType: 'paid' });
const paused = after({ type: 'workflow_paused' });

/** The pauses between reads that keep finding nothing. */
function pausesOf(history: RunHistory, now: number, count: number): number[] {
	let idleReads = 0;
	return Array.from({ length: count }, () => {
		const next = nextRead(history, idleReads, now);
		idleReads = next.idleReads;
		return next.at - now;
	});
}

describe('the next read of a run', () => {
	it('comes just after the next thing is due, however often nothing was found', () => {
		for (const reads of [0, 1, 40]) {
			expect(nextRead(asleep, reads, 2000)).toEqual({ at: dueAt + 10, idleReads: 0 });
		}
	});

	it('comes after the back-off of a step', () => {
		const retrying = after(
			{ type: 'step_started', ...on('pay-1') },
			{ type: 'attempt_started', ...on('pay-1'), attempt: 1 },
			{
				type: 'attempt_errored',
				...on('pay-1'),
				attempt: 1,
				error: { name: 'Error', message: 'declined' },
				retryDelayMs: 5000
			}
		);
		expect(nextRead(retrying, 3, 2000)).toEqual({ at: 1030 + 5000 + 10, idleReads: 0 });
	});

	it('comes at the first of several due times', () => {
		const both = fold(asleep, {
			eventId: 9,
			timestamp: 2000,
			type: 'sleep_started',
			stepName: 'nap-2',
			durationMs: SECOND
		});
		expect(nextRead(both, 0, 2000).at).toBe(3010);
	});

	it('comes after growing pauses while code runs, up to a minute', () => {
		expect(pausesOf(running, 5000, 7)).toEqual(
			[2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * SECOND)
		);
	});

	it('comes much later where only a person or an event can move the run', () => {
		for (const still of [waiting, paused]) {
			expect(pausesOf(still, 5000, 8)).toEqual(
				[1, 2, 4, 8, 16, 32, 60, 60].map((minutes) => minutes * MINUTE)
			);
		}
	});

	it('comes soon when something is overdue, then after growing pauses, up to five minutes', () => {
		expect(pausesOf(asleep, dueAt + 1, 11)).toEqual(
			[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * SECOND)
		);
	});

	it('treats what is due right now as overdue', () => {
		expect(nextRead(asleep, 0, dueAt)).toEqual({ at: dueAt + SECOND, idleReads: 1 });
	});

	it('does not wait for the sleep of a paused run, which is postponed', () => {
		const both = fold(asleep, { eventId: 9, timestamp: 2000, type: 'workflow_paused' });
		expect(nextRead(both, 0, dueAt + HOUR).at).toBe(dueAt + HOUR + MINUTE);
	});

	it('has a time however long nothing was found', () => {
		expect(nextRead(running, 5000, 0).at).toBe(MINUTE);
	});
});
