import { describe, expect, it } from 'vitest';
import { exportQuerySchema } from '../../../../src/lib/protocol';
import { metadataText, moveColumn } from '../../../../src/lib/features/runs/run-columns';
import {
	exportHref,
	extendSelection,
	NO_RUNS,
	rangeTo,
	selectOf,
	sizeOf,
	toggleRun
} from '../../../../src/routes/runs/run-selection';

const rows = ['a', 'b', 'c', 'd'].map((id) => ({ workflow: 'REFUND', id }));
const [, , c] = rows;
const unknown = () => null;
const at = (place: number) => ({ key: `REFUND/${place}`, place });

describe('a selection of runs', () => {
	it('takes a run and gives it back', () => {
		const one = toggleRun(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(sizeOf(one, 100)).toBe(1);
		expect(sizeOf(toggleRun(one, c ?? { workflow: '', id: '' }, 2), 100)).toBe(0);
	});

	it('reaches from the last one selected, in either direction', () => {
		const one = toggleRun(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(rangeTo(one, 0, unknown)).toEqual({ first: 0, count: 3 });
		expect(rangeTo(one, 3, unknown)).toEqual({ first: 2, count: 2 });
		const three = extendSelection(one, at(0), rows.slice(0, 3));
		expect(sizeOf(three, 100)).toBe(3);
		// A later range begins where this one did.
		expect(rangeTo(three, 3, unknown)).toEqual({ first: 2, count: 2 });
		expect(rangeTo(extendSelection(NO_RUNS, at(1), rows.slice(1, 2)), 3, unknown)).toEqual({
			first: 1,
			count: 3
		});
	});

	it('reaches from where the last one selected is now', () => {
		const one = toggleRun(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(rangeTo(one, 9, (key) => (key === 'REFUND/c' ? 7 : null))).toEqual({
			first: 7,
			count: 3
		});
	});

	it('is named run by run for a job, or stands for the list’s query', () => {
		const one = toggleRun(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(selectOf(one, 'is:active')).toEqual({ runs: [{ workflow: 'REFUND', id: 'c' }] });
		expect(selectOf({ kind: 'all' }, 'is:active')).toEqual({ q: 'is:active' });
		expect(selectOf({ kind: 'all' }, ' ')).toEqual({ q: '*' });
	});

	it('is a file: of the list’s own query for all that match, else of each run by its name', () => {
		const list = { q: 'region:eu', order: 'created:desc' };
		const paramsOf = (href: string | null) => {
			const given = new URL(href ?? '', 'http://localhost').searchParams;
			return exportQuerySchema.parse(Object.fromEntries(given));
		};
		const all = paramsOf(exportHref({ kind: 'all' }, list, 'csv'));
		expect(all).toMatchObject({ q: 'region:eu', format: 'csv' });
		expect(all.runs).toBeUndefined();
		const many = Array.from({ length: 200 }, (_, n) => ({ workflow: 'REFUND', id: `run-${n}` }));
		const first = toggleRun(NO_RUNS, many[0] ?? { workflow: '', id: '' }, 0);
		const some = extendSelection(first, at(199), many);
		expect(paramsOf(exportHref(some, list, 'ndjson'))).toMatchObject({ q: '', runs: many });
	});

	it('is no file when it has more single runs than an address can name', () => {
		const many = Array.from({ length: 2000 }, (_, n) => ({ workflow: 'REFUND', id: `run-${n}` }));
		const first = toggleRun(NO_RUNS, many[0] ?? { workflow: '', id: '' }, 0);
		const some = extendSelection(first, at(1999), many);
		expect(exportHref(some, { q: '', order: 'created:desc' }, 'csv')).toBeNull();
	});
});

describe('columns', () => {
	it('move by a place and stay within the list', () => {
		expect(moveColumn(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
		expect(moveColumn(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
	});

	it('show metadata by its path, whatever it holds', () => {
		const metadata = { region: 'eu', customer: { Name: 'Ann', tags: ['x'] }, none: null };
		for (const key of ['constructor', 'toString', '__proto__', 'hasOwnProperty.length']) {
			expect(metadataText(metadata, key)).toBe('');
		}
		expect(metadataText(metadata, 'region')).toBe('eu');
		expect(metadataText(metadata, 'customer.name')).toBe('Ann');
		expect(metadataText(metadata, 'customer.tags')).toBe('["x"]');
		expect(metadataText(metadata, 'none')).toBe('');
		expect(metadataText(metadata, 'nowhere.at')).toBe('');
	});
});
