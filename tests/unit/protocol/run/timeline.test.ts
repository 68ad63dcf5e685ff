import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	buildTimeline,
	rowKeyOf,
	cutShort,
	TimelineBuilder,
	type Timeline
} from '../../../../src/lib/protocol/run/timeline';
import type { RunEvent } from '../../../../src/lib/protocol';

type Fields = Record<string, unknown> & { type: string };

/** A history whose events come 10 ms apart, unless one brings its own time. */
function history(...events: Fields[]): RunEvent[] {
	return events.map((fields, index) => ({
		eventId: index + 1,
		timestamp: 1000 + index * 10,
		...fields
	}));
}

const step = (name: string) => ({ stepName: name });
const row = (timeline: Timeline, key: string) => {
	const found = timeline.rows.find((candidate) => candidate.key === key);
	if (!found) throw new Error(`no row ${key}`);
	return found;
};

const begun: Fields[] = [
	{ type: 'workflow_queued' },
	{ type: 'workflow_started', params: { order: 'A-1' } },
	{ type: 'workflow_running' }
];
const config = {
	retries: { limit: 5, delay: 1000, backoff: 'exponential' },
	timeout: '10 minutes'
};

describe('a timeline', () => {
	it('of a step that went well has one row with one attempt', () => {
		const timeline = buildTimeline(
			history(
				...begun,
				{ type: 'step_started', ...step('one-1'), config },
				{ type: 'attempt_started', ...step('one-1'), attempt: 1 },
				{ type: 'attempt_completed', ...step('one-1'), attempt: 1 },
				{ type: 'step_completed', ...step('one-1'), output: { rows: 3 } },
				{ type: 'workflow_completed', output: 'done' }
			)
		);
		expect(timeline.rows).toEqual([
			{
				key: 'step:one-1',
				kind: 'step',
				stepName: 'one-1',
				name: 'one',
				count: 1,
				sdk: false,
				startedAt: 1030,
				endedAt: 1060,
				state: 'completed',
				attempts: [
					{
						attempt: 1,
						startedAt: 1040,
						endedAt: 1050,
						state: 'completed',
						error: null,
						retryDelayMs: null
					}
				],
				config,
				output: { rows: 3 },
				error: null,
				eventType: null,
				dueAt: null
			}
		]);
		expect(timeline.run).toEqual({
			queuedAt: 1000,
			startedAt: 1010,
			endedAt: 1070,
			queueMs: 10,
			end: 'completed'
		});
		expect([timeline.from, timeline.to, timeline.cursor]).toEqual([1000, 1070, 8]);
	});

	it('shows the back-off between two attempts, and when it ends while it lasts', () => {
		const events = history(
			...begun,
			{ type: 'step_started', ...step('flaky-1') },
			{ type: 'attempt_started', ...step('flaky-1'), attempt: 1 },
			{
				type: 'attempt_errored',
				...step('flaky-1'),
				attempt: 1,
				error: { name: 'Error', message: 'TypeError: no' },
				retryDelayMs: 300
			},
			{ type: 'attempt_started', ...step('flaky-1'), attempt: 2, timestamp: 1350 },
			{ type: 'attempt_completed', ...step('flaky-1'), attempt: 2, timestamp: 1360 },
			{ type: 'step_completed', ...step('flaky-1'), timestamp: 1361 }
		);
		const waiting = row(buildTimeline(events.slice(0, 6)), 'step:flaky-1');
		expect(waiting).toMatchObject({ state: 'retrying', dueAt: 1350, endedAt: null });
		expect(waiting.error).toEqual({ name: 'TypeError', message: 'no' });

		const again = row(buildTimeline(events.slice(0, 7)), 'step:flaky-1');
		expect(again).toMatchObject({ state: 'running', dueAt: null });

		const done = row(buildTimeline(events), 'step:flaky-1');
		expect(done).toMatchObject({ state: 'completed', error: null, endedAt: 1361 });
		expect(done.attempts.map(({ state, retryDelayMs }) => [state, retryDelayMs])).toEqual([
			['errored', 300],
			['completed', null]
		]);
	});

	it('keeps the last error of a step that failed for good', () => {
		const timeline = buildTimeline(
			history(
				...begun,
				{ type: 'step_started', ...step('pay-1') },
				{ type: 'attempt_started', ...step('pay-1'), attempt: 1 },
				{
					type: 'attempt_errored',
					...step('pay-1'),
					attempt: 1,
					error: { name: 'CardError', message: 'declined' }
				},
				{ type: 'step_errored', ...step('pay-1') },
				{ type: 'workflow_errored', error: { name: 'Error', message: 'CardError: declined' } }
			)
		);
		expect(row(timeline, 'step:pay-1')).toMatchObject({
			state: 'errored',
			endedAt: 1060,
			error: { name: 'CardError', message: 'declined' }
		});
		expect(timeline.run.end).toBe('errored');
	});

	it('says how long a sleep lasts and what a wait waits for', () => {
		const timeline = buildTimeline(
			history(
				...begun,
				{ type: 'sleep_started', ...step('nap-1'), durationMs: 5000 },
				{ type: 'wait_started', ...step('wait-for-approval-1'), eventType: 'approval' }
			)
		);
		expect(row(timeline, 'sleep:nap-1')).toMatchObject({ state: 'open', dueAt: 6030 });
		expect(row(timeline, 'wait:wait-for-approval-1')).toMatchObject({
			state: 'open',
			eventType: 'approval',
			name: 'wait-for-approval'
		});
	});

	it('has a row for each of the sleeps of one name, in their order', () => {
		const sleep = (durationMs: number) => ({
			...{ type: 'sleep_started', ...step('wait-1'), durationMs }
		});
		const over = { type: 'sleep_completed', ...step('wait-1') };
		const inTurn = buildTimeline(history(sleep(5), over, sleep(15), over, sleep(25)));
		expect(
			inTurn.rows.map(({ key, count, startedAt, endedAt }) => [key, count, startedAt, endedAt])
		).toEqual([
			['sleep:wait-1', 1, 1000, 1010],
			['sleep:wait-2', 2, 1020, 1030],
			['sleep:wait-3', 3, 1040, null]
		]);
		const events = history(sleep(60_000), sleep(300), over);
		const parallel = buildTimeline(events);
		expect(parallel.rows.map(({ key, dueAt, state }) => [key, dueAt, state])).toEqual([
			['sleep:wait-1', 61_000, 'open'],
			['sleep:wait-2', 1310, 'completed']
		]);
		expect(events.map((event) => rowKeyOf(event, parallel.rows))).toEqual([
			'sleep:wait-1',
			'sleep:wait-2',
			'sleep:wait-2'
		]);
	});

	it('has one row for a sleep that the engine begins again to end at the same time', () => {
		const timeline = buildTimeline(
			history(
				{ type: 'sleep_started', ...step('wait-1'), durationMs: 60_000 },
				{ type: 'sleep_started', ...step('wait-1'), durationMs: 40_000, timestamp: 21_002 }
			)
		);
		expect(timeline.rows).toMatchObject([{ key: 'sleep:wait-1', startedAt: 1000, dueAt: 61_002 }]);
	});

	it('tells a wait that timed out from one that was answered', () => {
		const timeline = buildTimeline(
			history(
				{ type: 'wait_started', ...step('gate-1'), eventType: 'approval' },
				{ type: 'wait_timed_out', ...step('gate-1') },
				{ type: 'wait_started', ...step('gate-2'), eventType: 'approval' },
				{ type: 'wait_completed', ...step('gate-2') }
			)
		);
		expect(timeline.rows.map(({ state, endedAt }) => [state, endedAt])).toEqual([
			['timedOut', 1010],
			['completed', 1030]
		]);
	});

	it('keeps a step, a sleep, a wait and a rollback of one name apart', () => {
		const timeline = buildTimeline(
			history(
				{ type: 'step_started', ...step('x-1') },
				{ type: 'step_completed', ...step('x-1') },
				{ type: 'sleep_started', ...step('x-1'), durationMs: 1 },
				{ type: 'wait_started', ...step('x-1'), eventType: 'go' },
				{ type: 'rollback_started' },
				{ type: 'rollback_step_started', ...step('x-1') },
				{ type: 'rollback_attempt_started', ...step('x-1'), attempt: 1 },
				{
					type: 'rollback_step_errored',
					...step('x-1'),
					error: { name: 'Error', message: 'no way back' }
				}
			)
		);
		expect(timeline.rows.map(({ key }) => key)).toEqual([
			'step:x-1',
			'sleep:x-1',
			'wait:x-1',
			'rollback:x-1'
		]);
		expect(row(timeline, 'rollback:x-1')).toMatchObject({
			state: 'errored',
			error: { message: 'no way back' },
			attempts: [{ state: 'errored' }]
		});
	});

	it('marks the bookkeeping steps of the SDK', () => {
		const timeline = buildTimeline(
			history(
				{ type: 'step_started', ...step('load-1') },
				{ type: 'step_started', ...step('__agent_reportComplete_0-1') }
			)
		);
		expect(timeline.rows.map(({ sdk }) => sdk)).toEqual([false, true]);
	});

	it('has the pauses of a run, open while it is paused', () => {
		const events = history(
			...begun,
			{ type: 'workflow_waiting_for_pause' },
			{ type: 'workflow_paused' },
			{ type: 'workflow_paused' },
			{ type: 'workflow_running' },
			{ type: 'workflow_paused' },
			{ type: 'workflow_terminated' }
		);
		expect(buildTimeline(events.slice(0, 6)).pauses).toEqual([{ from: 1040, to: null }]);
		expect(buildTimeline(events).pauses).toEqual([
			{ from: 1040, to: 1060 },
			{ from: 1070, to: 1080 }
		]);
	});

	it('ends what was still open when the run ended', () => {
		const timeline = buildTimeline(
			history(
				...begun,
				{ type: 'step_started', ...step('long-1') },
				{ type: 'attempt_started', ...step('long-1'), attempt: 1 },
				{ type: 'sleep_started', ...step('nap-1'), durationMs: 90_000 },
				{ type: 'workflow_terminated' }
			)
		);
		expect(timeline.rows.map(({ state, endedAt }) => [state, endedAt])).toEqual([
			['cancelled', 1060],
			['cancelled', 1060]
		]);
		expect(row(timeline, 'step:long-1').attempts).toMatchObject([
			{ state: 'cancelled', endedAt: 1060 }
		]);
	});

	it('shows an attempt that the engine began again after a crash as interrupted', () => {
		const timeline = buildTimeline(
			history(
				...begun,
				{ type: 'step_started', ...step('one-1'), config },
				{ type: 'attempt_started', ...step('one-1'), attempt: 1 },
				{ type: 'step_started', ...step('one-1') },
				{ type: 'attempt_started', ...step('one-1'), attempt: 1 },
				{ type: 'attempt_completed', ...step('one-1'), attempt: 1 },
				{ type: 'step_completed', ...step('one-1') }
			)
		);
		const only = row(timeline, 'step:one-1');
		expect(only).toMatchObject({ startedAt: 1030, state: 'completed', config });
		expect(only.attempts.map(({ state, endedAt }) => [state, endedAt])).toEqual([
			['interrupted', 1060],
			['completed', 1070]
		]);
	});

	it('of no events is empty', () => {
		expect(buildTimeline([])).toMatchObject({ rows: [], pauses: [], from: null, to: null });
	});
});

describe('a damaged history', () => {
	it('with an end but no beginning gives a row of no length', () => {
		const timeline = buildTimeline(history({ type: 'step_completed', ...step('lost-1') }));
		expect(timeline.rows).toMatchObject([
			{ startedAt: 1000, endedAt: 1000, state: 'completed', attempts: [] }
		]);
	});

	it('with a clock that goes back keeps the rows in order and no end before its start', () => {
		const timeline = buildTimeline(
			history(
				{ type: 'step_started', ...step('late-1'), timestamp: 5000 },
				{ type: 'step_completed', ...step('late-1'), timestamp: 4000 },
				{ type: 'step_started', ...step('early-1'), timestamp: 3000 }
			)
		);
		expect(timeline.rows.map(({ name }) => name)).toEqual(['early', 'late']);
		expect(row(timeline, 'step:late-1')).toMatchObject({ startedAt: 5000, endedAt: 5000 });
	});

	it('with events of unknown types or without their fields shows the rest', () => {
		const timeline = buildTimeline(
			history(
				{ type: 'step_dreamt', ...step('one-1') },
				{ type: 'step_started' },
				{ type: 'attempt_errored', ...step('two-1') },
				{ type: 'something_else' }
			)
		);
		expect(timeline.rows).toMatchObject([{ key: 'step:two-1', attempts: [{ attempt: 1 }] }]);
		expect(timeline.cursor).toBe(4);
	});

	it('with repeated or shuffled events is read as if it were whole', () => {
		const events = history(
			...begun,
			{ type: 'step_started', ...step('a-1') },
			{ type: 'attempt_started', ...step('a-1'), attempt: 1 },
			{ type: 'attempt_completed', ...step('a-1'), attempt: 1 },
			{ type: 'step_completed', ...step('a-1') },
			{ type: 'workflow_completed' }
		);
		const whole = buildTimeline(events);
		fc.assert(
			fc.property(
				fc.shuffledSubarray([...events, ...events], { minLength: events.length * 2 }),
				(mixed) => {
					expect(buildTimeline(mixed)).toEqual(whole);
				}
			)
		);
	});
});

describe('a growing history', () => {
	const events = history(
		...begun,
		...['a-1', 'b-1', 'a-2'].flatMap((name) => [
			{ type: 'step_started', ...step(name) },
			{ type: 'attempt_started', ...step(name), attempt: 1 },
			{ type: 'attempt_completed', ...step(name), attempt: 1 },
			{ type: 'step_completed', ...step(name) }
		])
	);

	it('ends in the same timeline however it is cut into pieces', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: events.length }), (cut) => {
				const builder = new TimelineBuilder();
				builder.append(events.slice(0, cut));
				expect(builder.append(events.slice(cut))).toEqual(buildTimeline(events));
			})
		);
	});

	it('leaves rows that did not change as they were, and earlier timelines too', () => {
		const builder = new TimelineBuilder();
		const before = builder.append(events.slice(0, 8));
		const copy = structuredClone(before);
		const after = builder.append(events);
		expect(after.rows[0]).toBe(before.rows[0]);
		expect(after.rows[1]).not.toBe(before.rows[1]);
		expect(before).toEqual(copy);
	});

	it('of 40,000 events has a row for every step', () => {
		const long = history(
			...begun,
			...Array.from({ length: 10_000 }, (_, index) => `process-${index + 1}`).flatMap((name) => [
				{ type: 'step_started', ...step(name) },
				{ type: 'attempt_started', ...step(name), attempt: 1 },
				{ type: 'attempt_completed', ...step(name), attempt: 1 },
				{ type: 'step_completed', ...step(name), output: { ok: true } }
			])
		);
		expect(buildTimeline(long).rows).toHaveLength(10_000);
	});
});

describe('a timeline that is cut short', () => {
	it('closes what was open at the last time that is known', () => {
		const timeline = buildTimeline(
			history(
				...begun,
				{ type: 'step_started', ...step('one-1') },
				{ type: 'attempt_started', ...step('one-1'), attempt: 1 },
				{ type: 'workflow_paused' }
			)
		);
		const cut = cutShort(timeline);
		expect(cut.run).toMatchObject({ endedAt: 1050, end: null });
		expect(row(cut, 'step:one-1')).toMatchObject({ state: 'cancelled', endedAt: 1050 });
		expect(cut.pauses).toEqual([{ from: 1050, to: 1050 }]);
	});

	it('leaves alone one that came to its end', () => {
		const timeline = buildTimeline(history(...begun, { type: 'workflow_completed' }));
		expect(cutShort(timeline)).toBe(timeline);
		expect(cutShort(buildTimeline([])).rows).toEqual([]);
	});
});
