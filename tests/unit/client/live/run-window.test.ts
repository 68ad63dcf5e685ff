import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	drawnRows,
	KnownRows,
	MARGIN_ROWS,
	windowOffset,
	WINDOW_ROWS,
	windowRows
} from '../../../../src/lib/client/live/run-window';
import { toRunRow } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

const rowHeight = 42;

describe('the rows that are drawn', () => {
	it('are all that are on screen, few beyond it, and none that is not there', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: -1000, max: 5_000_000 }),
				fc.integer({ min: 1, max: 2000 }),
				fc.nat(100_000),
				(above, height, length) => {
					const { first, count } = drawnRows(
						{ above, height, rowHeight, margin: MARGIN_ROWS.scrolling },
						length
					);
					expect(first).toBeGreaterThanOrEqual(0);
					expect(first + count).toBeLessThanOrEqual(Math.max(length, first));
					expect(count).toBeLessThanOrEqual(Math.ceil(height / rowHeight) + 14);
					for (const place of [above, above + height / 2].map((px) => Math.floor(px / rowHeight))) {
						if (place < 0 || place >= length) continue;
						expect(place).toBeGreaterThanOrEqual(first);
						expect(place).toBeLessThan(first + count);
					}
				}
			)
		);
	});
});

describe('the window that is asked for', () => {
	it('holds what is drawn, wherever it was before', () => {
		fc.assert(
			fc.property(fc.nat(100_000), fc.integer({ min: 1, max: 80 }), fc.nat(100_000), (...given) => {
				const [first, count, before] = given;
				const rows = windowRows(count, WINDOW_ROWS.usual);
				const offset = windowOffset({ first, count }, before, rows);
				expect(offset).toBeLessThanOrEqual(first);
				expect(offset + rows).toBeGreaterThanOrEqual(first + count);
			})
		);
	});

	it('stays while it holds what is drawn', () => {
		expect(windowOffset({ first: 30, count: 30 }, 20, 60)).toBe(20);
		expect(windowOffset({ first: 0, count: 30 }, 0, 60)).toBe(0);
	});

	it('is larger for a tall screen, and stays so', () => {
		const { usual, tall } = WINDOW_ROWS;
		expect(windowRows(20, usual)).toBe(usual);
		expect(windowRows(70, usual)).toBe(tall);
		expect(windowRows(20, tall)).toBe(tall);
	});
});

describe('the rows that are known', () => {
	it('are found by their place, and the same again changes nothing', () => {
		const known = new KnownRows();
		const rows = [toRunRow(aRun({ id: 'a' })), toRunRow(aRun({ id: 'b' }))];
		known.take(40, { rows, gone: new Set() });
		known.take(40, { rows, gone: new Set() });
		expect(known.at(41)?.id).toBe('b');
		expect(known.at(42)).toBeUndefined();
		known.forget();
		expect(known.at(41)).toBeUndefined();
	});

	it('are not kept without end', () => {
		const known = new KnownRows();
		for (let offset = 0; offset < 4000; offset += 1)
			known.take(offset, { rows: [toRunRow(aRun())], gone: new Set() });
		expect(known.at(0)).toBeUndefined();
		expect(known.at(3999)).toBeDefined();
	});
});
