import { describe, expect, it } from 'vitest';
import { idlePeriods } from '../../../../src/lib/components/timeline/model/idle';
import { panned, zoomed } from '../../../../src/lib/components/timeline/model/lens';
import {
	place,
	timeAt,
	WHOLE,
	type Span
} from '../../../../src/lib/components/timeline/model/scale';
import { ticks } from '../../../../src/lib/components/timeline/model/ticks';
import { buildTimeline, type RunEvent } from '../../../../src/lib/protocol';

const DAY = 86_400_000;

const history = (...events: [type: string, timestamp: number, fields?: object][]) =>
	buildTimeline(
		events.map(([type, timestamp, fields], index): RunEvent => ({
			eventId: index + 1,
			timestamp,
			type,
			...fields
		}))
	);

const gate = { stepName: 'gate-1', eventType: 'approval' };
const waited = history(
	['workflow_started', 0],
	['step_started', 0, { stepName: 'ask-1' }],
	['step_completed', 1_000, { stepName: 'ask-1' }],
	['wait_started', 1_000, gate],
	['wait_completed', 1_000 + 3 * DAY, gate],
	['step_started', 1_000 + 3 * DAY, { stepName: 'pay-1' }],
	['step_completed', 3_000 + 3 * DAY, { stepName: 'pay-1' }],
	['workflow_completed', 3_000 + 3 * DAY]
);

describe('idle time', () => {
	it('is found between the work, with what was waited for and how long', () => {
		expect(idlePeriods(waited, 0)).toEqual([
			{ from: 1_000, to: 1_000 + 3 * DAY, label: 'waiting for approval, 3 d 0 h' }
		]);
	});

	it('is none where the work takes most of the time, or where it is short', () => {
		const busy = history(
			['step_started', 0, { stepName: 'a-1' }],
			['step_completed', 100_000, { stepName: 'a-1' }],
			['sleep_started', 100_000, { stepName: 'nap-1', durationMs: 90_000 }],
			['sleep_completed', 190_000, { stepName: 'nap-1' }],
			['workflow_completed', 190_000]
		);
		expect(idlePeriods(busy, 0)).toEqual([]);
		expect(idlePeriods(buildTimeline([]), DAY)).toEqual([]);
	});

	it('lasts until now while it is not over', () => {
		const open = history(['workflow_started', 0], ['wait_started', 10, gate]);
		expect(idlePeriods(open, DAY)).toMatchObject([{ from: 10, to: DAY }]);
	});
});

describe('an axis with a fold', () => {
	const span: Span = {
		from: 0,
		to: 3_000 + 3 * DAY,
		folds: [{ from: 1_000, to: 1_000 + 3 * DAY }]
	};

	it('gives the fold a narrow band and the work the rest, in true proportion', () => {
		const before = place(span, 1_000);
		const after = place(span, 1_000 + 3 * DAY);
		expect(before).toBeCloseTo(31);
		expect(after - before).toBeCloseTo(7);
		expect(place(span, 2_000 + 3 * DAY) - after).toBeCloseTo(before);
		expect(place(span, span.to)).toBeCloseTo(100);
	});

	it('finds the time at a place again', () => {
		for (const at of [0, 500, 1_000, DAY, 1_500 + 3 * DAY, span.to]) {
			expect(timeAt(span, place(span, at)) - at).toBeCloseTo(0, 0);
		}
	});

	it('counts anew after the fold', () => {
		expect(ticks(span, 0, 6).map(({ label }) => label)).toEqual([
			'0',
			'500 ms',
			'',
			'+500 ms',
			'+1 s',
			'+1.5 s',
			''
		]);
	});
});

describe('the lens', () => {
	it('comes nearer around the place that it is held at, and never leaves the axis', () => {
		const near = zoomed(WHOLE, 2, 25);
		expect(near).toEqual({ left: 0.125, right: 0.625 });
		expect(zoomed(near, 0.01)).toEqual(WHOLE);
		expect(panned(near, 1_000)).toEqual({ left: 0.5, right: 1 });
		expect(panned(near, -1_000)).toEqual({ left: 0, right: 0.5 });
	});

	it('shows only its part of the time', () => {
		const span: Span = { from: 0, to: 1_000, lens: { left: 0.5, right: 0.75 } };
		expect(place(span, 500)).toBe(0);
		expect(place(span, 750)).toBe(100);
		expect(timeAt(span, 50)).toBe(625);
		expect(ticks(span, 0, 3).map(({ at }) => at)).toEqual([500, 600, 700]);
	});
});
