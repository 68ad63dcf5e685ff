import { describe, expect, it } from 'vitest';
import { nextLook } from '../../../../../src/lib/agent/monitor/history/tails';
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

/** The pauses between looks that keep finding nothing. */
function pausesOf(history: RunHistory, now: number, count: number): number[] {
	let looks = 0;
	return Array.from({ length: count }, () => {
		const next = nextLook(history, looks, now);
		looks = next.looks;
		return next.at - now;
	});
}

describe('the next look at a run', () => {
	it('comes just after the next thing is due, however often nothing was found', () => {
		for (const looks of [0, 1, 40]) {
			expect(nextLook(asleep, looks, 2000)).toEqual({ at: dueAt + 10, looks: 0 });
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
		expect(nextLook(retrying, 3, 2000)).toEqual({ at: 1030 + 5000 + 10, looks: 0 });
	});

	it('comes at the first of several due times', () => {
		const both = fold(asleep, {
			eventId: 9,
			timestamp: 2000,
			type: 'sleep_started',
			stepName: 'nap-2',
			durationMs: SECOND
		});
		expect(nextLook(both, 0, 2000).at).toBe(3010);
	});

	it('comes ever later for code that runs, up to a minute', () => {
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

	it('comes soon for what is overdue, and ever later, up to five minutes', () => {
		expect(pausesOf(asleep, dueAt + 1, 11)).toEqual(
			[1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * SECOND)
		);
	});

	it('takes for overdue what is due right now', () => {
		expect(nextLook(asleep, 0, dueAt)).toEqual({ at: dueAt + SECOND, looks: 1 });
	});

	it('does not wait for the sleep of a paused run, which is put off', () => {
		const both = fold(asleep, { eventId: 9, timestamp: 2000, type: 'workflow_paused' });
		expect(nextLook(both, 0, dueAt + HOUR).at).toBe(dueAt + HOUR + MINUTE);
	});

	it('has a time however long nothing was found', () => {
		expect(nextLook(running, 5000, 0).at).toBe(MINUTE);
	});
});
