import { describe, expect, it } from 'vitest';
import { barsOf, pauseBands } from '../../../../src/lib/components/timeline/model/bars';
import { dueTime } from '../../../../src/lib/components/run/overdue';
import { place } from '../../../../src/lib/components/timeline/model/scale';
import { spanOf, ticks, tickStep } from '../../../../src/lib/components/timeline/model/ticks';
import {
	moveSelection,
	scrollToRow,
	visibleRows
} from '../../../../src/lib/components/ui/visible-rows';
import { buildTimeline, type RunEvent, type TimelineRow } from '../../../../src/lib/protocol';

const span = { from: 0, to: 1000 };

function onlyRow(...events: [type: string, timestamp: number, fields?: object][]): TimelineRow {
	const history = events.map(([type, timestamp, fields], index): RunEvent => ({
		eventId: index + 1,
		timestamp,
		type,
		stepName: 'a-1',
		...fields
	}));
	const [row] = buildTimeline(history).rows;
	if (!row) throw new Error('no row');
	return row;
}

describe('the axis', () => {
	it('has ticks at round lengths of time, few enough to be read', () => {
		expect(ticks({ from: 500, to: 9_500 }, 500, 5).map(({ at }) => at)).toEqual([
			500, 2_500, 4_500, 6_500, 8_500
		]);
		expect(tickStep(90_000, 6)).toBe(15_000);
		expect(tickStep(10 * 365 * 86_400_000, 5)).toBe(2 * 365 * 86_400_000);
	});

	it('leaves out a label that would reach beyond the end', () => {
		expect(ticks({ from: 0, to: 1_040 }, 0, 5).map(({ label }) => label)).toEqual([
			'0',
			'500 ms',
			''
		]);
	});

	it('names a length in at most two units', () => {
		const labels = (to: number, most: number) =>
			ticks({ from: 0, to }, 0, most).map(({ label }) => label);
		expect(labels(4.9, 5)).toEqual(['0', '1 ms', '2 ms', '3 ms', '4 ms']);
		expect(labels(119_000, 4)).toEqual(['0', '30 s', '1 m', '1 m 30 s']);
		expect(labels(2.9 * 86_400_000, 6)).toEqual([
			'0',
			'12 h',
			'1 d',
			'1 d 12 h',
			'2 d',
			'2 d 12 h'
		]);
	});

	it('of a run that has ended is exactly as long as the run', () => {
		expect(spanOf({ from: 100, to: 700 }, 99_999)).toEqual({ from: 100, to: 700 });
		expect(spanOf({ from: 100, to: 100 }, 0)).toEqual({ from: 100, to: 101 });
	});

	it('of a run that lasts is ahead of now and stands still while a bar grows', () => {
		const at = (now: number) => spanOf({ from: 0, to: null }, now).to;
		expect(at(10_100)).toBe(at(10_900));
		for (const now of [0, 10, 5_000, 61_000, 86_400_000]) expect(at(now)).toBeGreaterThan(now);
	});

	it('keeps what lies outside at its edges', () => {
		expect([-5, 0, 250, 1000, 2000].map((at) => place(span, at))).toEqual([0, 0, 25, 100, 100]);
	});
});

describe('a bar', () => {
	it('has the attempts of a step and the back-off between them in true time', () => {
		const row = onlyRow(
			['step_started', 0],
			['attempt_started', 100, { attempt: 1 }],
			[
				'attempt_errored',
				200,
				{ attempt: 1, retryDelayMs: 300, error: { name: 'E', message: '' } }
			],
			['attempt_started', 500, { attempt: 2 }],
			['attempt_completed', 600, { attempt: 2 }],
			['step_completed', 600]
		);
		expect(barsOf(row, span, 0).map(({ look, left, width }) => [look, left, width])).toEqual([
			['track', 0, 60],
			['errored', 10, 10],
			['backoff', 20, 30],
			['completed', 50, 10]
		]);
	});

	it('that has not ended reaches to now', () => {
		const sleeping = onlyRow(['sleep_started', 200, { durationMs: 9_000 }]);
		expect(barsOf(sleeping, span, 700)).toMatchObject([
			{ look: 'sleep', left: 20, width: 50, open: true }
		]);
		const retrying = onlyRow(
			['attempt_started', 0, { attempt: 1 }],
			['attempt_errored', 100, { attempt: 1, retryDelayMs: 5_000 }]
		);
		expect(barsOf(retrying, span, 300).at(-1)).toMatchObject({
			look: 'backoff',
			width: 20,
			open: true
		});
	});

	it('of a step tried very often has its early attempts in one piece', () => {
		const events = Array.from({ length: 500 }, (_, index) => [
			['attempt_started', index * 2, { attempt: index + 1 }] as [string, number, object],
			['attempt_errored', index * 2 + 1, { attempt: index + 1, retryDelayMs: 1 }] as [
				string,
				number,
				object
			]
		]).flat();
		const bars = barsOf(onlyRow(...events), span, 1000);
		expect(bars.length).toBeLessThan(100);
		expect(bars[1]).toMatchObject({ key: 'early', left: 0, look: 'errored' });
		expect(new Set(bars.map(({ key }) => key)).size).toBe(bars.length);
	});

	it('shows a wait that timed out unlike one that was answered', () => {
		const look = (end: string) =>
			barsOf(onlyRow(['wait_started', 0, { eventType: 'go' }], [end, 10]), span, 0)[0]?.look;
		expect(look('wait_timed_out')).toBe('expired');
		expect(look('wait_completed')).toBe('wait');
	});
});

it('a pause is a band from its beginning to its end, or to now', () => {
	const bands = pauseBands(
		[
			{ from: 0, to: 100 },
			{ from: 500, to: null }
		],
		span,
		800
	);
	expect(bands).toMatchObject([
		{ left: 0, width: 10, open: false },
		{ left: 50, width: 30, open: true }
	]);
});

it('a pause that is not in sight is not drawn at the edge', () => {
	const seen = { ...span, lens: { left: 0.25, right: 0.5 } };
	expect(pauseBands([{ from: 600, to: 900 }], seen, 1000)).toEqual([]);
	expect(pauseBands([{ from: 375, to: 900 }], seen, 1000)).toMatchObject([{ left: 50, width: 50 }]);
});

it('what a rollback took back is drawn unlike what was done', () => {
	const events = (prefix: string): [string, number, object?][] => [
		[`${prefix}attempt_started`, 0, { attempt: 1 }],
		[`${prefix}attempt_completed`, 10, { attempt: 1 }],
		[`${prefix}step_completed`, 10]
	];
	const looks = (prefix: string) =>
		barsOf(onlyRow(...events(prefix)), span, 0).map(({ look }) => look);
	expect(looks('rollback_')).toEqual(['track', 'undone']);
	expect(looks('')).toEqual(['track', 'completed']);
});

describe('a long list of rows', () => {
	const view = { count: 10_000, rowHeight: 32, viewHeight: 640 };

	it('has only the visible rows drawn, with some to spare', () => {
		expect(visibleRows({ ...view, scrollTop: 0 })).toEqual({ first: 0, end: 26 });
		expect(visibleRows({ ...view, scrollTop: 32_000 })).toEqual({ first: 994, end: 1026 });
		expect(visibleRows({ ...view, scrollTop: 319_360 })).toEqual({ first: 9974, end: 10_000 });
	});

	it('that became shorter than where one had scrolled still shows its end', () => {
		expect(visibleRows({ ...view, count: 5, scrollTop: 32_000 })).toEqual({ first: 0, end: 5 });
	});

	it('scrolls no further than it must to show a row', () => {
		const at = { rowHeight: 32, scrollTop: 320, viewHeight: 640 };
		expect(scrollToRow(3, at)).toBe(96);
		expect(scrollToRow(12, at)).toBe(320);
		expect(scrollToRow(40, at)).toBe(672);
	});

	it('is walked through with the keyboard', () => {
		expect(moveSelection('ArrowDown', -1, 10, 5)).toBe(0);
		expect(moveSelection('ArrowUp', -1, 10, 5)).toBe(9);
		expect(moveSelection('ArrowDown', 9, 10, 5)).toBe(9);
		expect(moveSelection('PageDown', 2, 10, 5)).toBe(7);
		expect(moveSelection('End', 2, 10, 5)).toBe(9);
		expect(moveSelection('x', 2, 10, 5)).toBeUndefined();
		expect(moveSelection('ArrowDown', -1, 0, 5)).toBeUndefined();
	});
});

describe('the bar of what is overdue', () => {
	const nap = onlyRow(['sleep_started', 0, { durationMs: 10_000 }]);
	const wide = { from: 0, to: 100_000 };

	it('ends its sleep where it was due and goes on as overdue', () => {
		expect(barsOf(nap, wide, 50_000)).toMatchObject([
			{ look: 'sleep', left: 0, width: 10, open: false },
			{ look: 'overdue', left: 10, width: 40, open: true }
		]);
	});

	it('does the same with a back-off', () => {
		const retrying = onlyRow(
			['attempt_started', 0, { attempt: 1 }],
			['attempt_errored', 5_000, { attempt: 1, retryDelayMs: 5_000 }]
		);
		expect(barsOf(retrying, wide, 20_000).slice(-2)).toMatchObject([
			{ look: 'backoff', left: 5, width: 5, open: false },
			{ look: 'overdue', left: 10, width: 10, open: true }
		]);
	});

	it('is none while the run is paused, however long', () => {
		const dueNow = dueTime([{ from: 8_000, to: null }], 50_000);
		expect(barsOf(nap, wide, 50_000, dueNow)).toMatchObject([{ look: 'sleep', open: true }]);
		expect(dueTime([{ from: 8_000, to: 9_000 }], 50_000)).toBe(50_000);
	});
});
