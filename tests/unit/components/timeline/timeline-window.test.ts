import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	followed,
	lensOf,
	rangeOf,
	zoomed
} from '../../../../src/lib/components/timeline/model/lens';
import {
	dragged,
	drawnOut,
	gripAt,
	MAP_HEIGHT,
	mapLines
} from '../../../../src/lib/components/timeline/model/minimap';
import { place, WHOLE, type Span } from '../../../../src/lib/components/timeline/model/scale';
import { strips } from '../../../../src/lib/components/timeline/model/strips';
import { ticks } from '../../../../src/lib/components/timeline/model/ticks';
import { formatRange, parseRange } from '../../../../src/lib/components/timeline/model/time-range';
import { buildTimeline, type RunEvent } from '../../../../src/lib/protocol';

const HOUR = 3_600_000;
const folded: Span = { from: 0, to: 10 * HOUR, folds: [{ from: HOUR, to: 9 * HOUR }] };

describe('a range of time', () => {
	it('is the lens that shows it, also around a fold', () => {
		const lens = { left: 0.2, right: 0.8 };
		const range = rangeOf(folded, lens);
		expect(lensOf(folded, range).left).toBeCloseTo(lens.left);
		expect(lensOf(folded, range).right).toBeCloseTo(lens.right);
	});

	it('shows the same time when the axis grows or the fold opens', () => {
		const range = { from: 0.5 * HOUR, to: 0.75 * HOUR };
		const longer: Span = { from: 0, to: 20 * HOUR };
		for (const axis of [folded, longer]) {
			const span = { ...axis, lens: lensOf(axis, range) };
			expect(place(span, range.from)).toBeCloseTo(0);
			expect(place(span, range.to)).toBeCloseTo(100);
		}
	});

	it('that lies elsewhere shows the whole run', () => {
		expect(lensOf(folded, { from: 11 * HOUR, to: 12 * HOUR })).toBe(WHOLE);
		expect(lensOf(folded, null)).toBe(WHOLE);
		expect(rangeOf(folded, WHOLE)).toBeNull();
	});

	it('stays a range however far one zooms in', () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.double({ min: 0.1, max: 50, noNaN: true }), fc.nat(100))),
				(zooms) => {
					let lens = WHOLE;
					for (const [factor, percent] of zooms) {
						lens = zoomed(lens, factor, percent);
						const range = rangeOf(folded, lens);
						expect(range === null || range.to - range.from >= 1).toBe(true);
						expect(lens.left >= 0 && lens.right <= 1 && lens.right > lens.left).toBe(true);
					}
				}
			)
		);
	});

	it('goes along with now and keeps its length', () => {
		expect(followed({ from: 0, to: 100 }, 50)).toEqual({ from: 0, to: 100 });
		expect(followed({ from: 0, to: 100 }, 500)).toEqual({ from: 410, to: 510 });
	});

	it('comes back from the address as it went there', () => {
		const range = { from: 1_000_250, to: 1_004_000 };
		expect(formatRange(range, 1_000_000)).toBe('250-4000');
		expect(parseRange('250-4000', 1_000_000)).toEqual(range);
		expect(parseRange('-5-10', 0)).toEqual({ from: -5, to: 10 });
		for (const text of [null, '', '5', '9-3', '1-2-3', 'a-b', '99999999999999-1']) {
			expect(parseRange(text, 0)).toBeNull();
		}
	});
});

it('ticks far into a run are as exact as they are near each other', () => {
	const span: Span = { from: 0, to: HOUR, lens: { left: 0.5, right: 0.5 + 0.1 / 3600 } };
	expect(ticks(span, 0, 4).map(({ label }) => label)).toEqual(['30 m', '30 m 0.05 s']);
});

describe('the minimap', () => {
	const rows = (count: number) =>
		buildTimeline(
			Array.from({ length: count }, (_, index): RunEvent[] => [
				{
					eventId: index * 2 + 1,
					timestamp: index * 10,
					type: 'step_started',
					stepName: `s${index}`
				},
				{
					...{ eventId: index * 2 + 2, timestamp: index * 10 + 9, stepName: `s${index}` },
					type: index === 500 ? 'step_errored' : 'step_completed'
				}
			]).flat()
		).rows;

	it('has room for every row, however many there are', () => {
		for (const count of [1, 5, 40, 10_000]) {
			const lines = mapLines(rows(count));
			expect(lines.flatMap((line) => line.rows)).toHaveLength(count);
			const last = lines.at(-1);
			expect((last?.top ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(MAP_HEIGHT + 1e-9);
		}
		expect(mapLines([])).toEqual([]);
	});

	it('draws ten thousand rows as few pieces, and one failure among them is seen', () => {
		const shapes = strips(mapLines(rows(10_000)), { from: 0, to: 100_000 }, 0);
		expect(shapes.map(({ look }) => look)).toEqual(['done', 'failed']);
		expect(shapes[0]?.d.length).toBeLessThan(20_000);
	});

	it('has a window with two sides to hold', () => {
		const lens = { left: 0.25, right: 0.5 };
		expect([0.1, 0.25, 0.4, 0.5, 0.9].map((at) => gripAt(lens, at, 0.01))).toEqual([
			null,
			'left',
			'window',
			'right',
			null
		]);
		expect(dragged(lens, 'window', 0.9)).toEqual({ left: 0.75, right: 1 });
		expect(dragged(lens, 'left', 0.9).left).toBeLessThan(0.5);
		expect(dragged(lens, 'right', -0.9).right).toBeGreaterThan(0.25);
		expect(drawnOut(0.8, 0.3)).toEqual({ left: 0.3, right: 0.8 });
		expect(drawnOut(-3, 0.3)).toEqual({ left: 0, right: 0.3 });
	});
});

it('a step that was tried again is drawn by its attempts', () => {
	const stepName = 'a-1';
	const { rows } = buildTimeline([
		{ eventId: 1, timestamp: 0, type: 'attempt_started', stepName, attempt: 1 },
		{
			eventId: 2,
			timestamp: 100,
			type: 'attempt_errored',
			stepName,
			attempt: 1,
			retryDelayMs: 500
		},
		{ eventId: 3, timestamp: 600, type: 'attempt_started', stepName, attempt: 2 },
		{ eventId: 4, timestamp: 700, type: 'attempt_completed', stepName, attempt: 2 },
		{ eventId: 5, timestamp: 700, type: 'step_completed', stepName }
	]);
	expect(strips([{ top: 0, height: 4, rows }], { from: 0, to: 1_000 }, 0)).toEqual([
		{ look: 'done', d: 'M600 0H700v4H600z' },
		{ look: 'failed', d: 'M0 0H100v4H0z' }
	]);
});
