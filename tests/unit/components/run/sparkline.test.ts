import { describe, expect, it } from 'vitest';
import { applyToRun } from '../../../../src/lib/client/live/run-model';
import { progressParts } from '../../../../src/lib/components/run/progress-fields';
import { sparksOf } from '../../../../src/lib/components/run/sparkline';
import { progressNumbers } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

describe('the history of a progress', () => {
	it('is one line of its share, where it tells one', () => {
		const trail = [0, 5, 10].map((recordsProcessed, at) => ({
			at: at * 1_000,
			values: { recordsProcessed, totalRecords: 10 }
		}));
		expect(sparksOf(trail)).toEqual([
			{ name: 'Progress', last: '100%', line: '0.0,23.0 60.0,12.0 120.0,1.0' }
		]);
	});

	it('is a line for each number that moved, else', () => {
		const trail = [
			{ at: 0, values: { found: 3, workers: 4 } },
			{ at: 10, values: { found: 9, workers: 4 } }
		];
		expect(sparksOf(trail)).toEqual([{ name: 'found', last: '9', line: '0.0,23.0 120.0,1.0' }]);
		expect(sparksOf(trail.slice(0, 1))).toEqual([]);
	});

	it('is kept of numbers only', () => {
		expect(progressNumbers({ stage: 'load', done: 3, at: { x: 1 } })).toEqual({ done: 3 });
		expect(progressNumbers(7)).toEqual({ progress: 7 });
		expect(progressNumbers(['x'])).toEqual({});
	});

	it('grows with what comes and begins anew with a restart', () => {
		const point = (at: number) => ({ at, values: { done: at } });
		const base = { exact: true, events: [] };
		const first = applyToRun(undefined, {
			...{ kind: 'run', run: aRun(), children: [], ancestors: [], approvals: [], ...base },
			trail: [point(1)]
		});
		const changed = { kind: 'run-changed' as const, ...base };
		const more = applyToRun(first, { ...changed, run: aRun(), trail: [point(1), point(2)] });
		expect(more?.trail.map(({ at }) => at)).toEqual([1, 2]);
		expect(applyToRun(more, { ...changed, run: aRun() })?.trail).toHaveLength(2);
		const anew = applyToRun(more, { ...changed, run: aRun({ generation: 2 }), trail: [point(9)] });
		expect(anew?.trail.map(({ at }) => at)).toEqual([9]);
	});
});

describe('numbers that have a total', () => {
	it('are bars of their own beside the first one', () => {
		const parts = progressParts({
			...{ recordsProcessed: 3, totalRecords: 9 },
			...{ pages: 2, pagesTotal: 8, retries: 1, message: 'Reading' }
		});
		expect(parts).toMatchObject({ hasBar: true, message: 'Reading' });
		expect(parts.counts).toEqual([{ name: 'pages', part: 2, whole: 8 }]);
		expect(parts.fields).toEqual({ retries: 1 });
	});
});
