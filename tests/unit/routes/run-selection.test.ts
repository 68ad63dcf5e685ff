import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../src/lib/protocol';
import { metadataText, moved } from '../../../src/routes/runs/run-columns';
import {
	extended,
	NO_RUNS,
	queryOf,
	selectOf,
	sizeOf,
	toggled
} from '../../../src/routes/runs/run-selection';

const rows = ['a', 'b', 'c', 'd'].map((id) => ({ workflow: 'REFUND', id }));
const [a, , c] = rows;
const rowAt = (place: number) => rows[place];

describe('a selection of runs', () => {
	it('takes a run and gives it back', () => {
		const one = toggled(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(sizeOf(one, 100)).toBe(1);
		expect(sizeOf(toggled(one, c ?? { workflow: '', id: '' }, 2), 100)).toBe(0);
	});

	it('reaches from the last one selected, in either direction', () => {
		const one = toggled(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(sizeOf(extended(one, 0, rowAt), 100)).toBe(3);
		expect(sizeOf(extended(one, 3, rowAt), 100)).toBe(2);
	});

	it('is named run by run for a job, or stands for the list’s query', () => {
		const one = toggled(NO_RUNS, c ?? { workflow: '', id: '' }, 2);
		expect(selectOf(one, 'is:active')).toEqual({ runs: [{ workflow: 'REFUND', id: 'c' }] });
		expect(selectOf({ kind: 'all' }, 'is:active')).toEqual({ q: 'is:active' });
		expect(selectOf({ kind: 'all' }, ' ')).toEqual({ q: '*' });
	});

	it('is found by a query: its own, or the list’s for all that match', () => {
		const some = extended(toggled(NO_RUNS, a ?? { workflow: '', id: '' }, 0), 1, rowAt);
		expect(queryOf(some, 'region:eu')).toBe('workflow:REFUND id:a,b');
		expect(queryOf({ kind: 'all' }, 'region:eu')).toBe('region:eu');
		expect(sizeOf({ kind: 'all' }, 12)).toBe(12);
	});

	it('has no query when it is too long, or would find other runs too', () => {
		const many = Array.from({ length: 51 }, (_, n) => ({ workflow: 'REFUND', id: `r${n}` }));
		expect(
			queryOf(
				extended(toggled(NO_RUNS, rows[0] ?? { workflow: '', id: '' }, 0), 50, (n) => many[n]),
				''
			)
		).toBeNull();
		const twins = new Map([
			['A/x', { workflow: 'A', id: 'x' }],
			['B/x', { workflow: 'B', id: 'x' }]
		]);
		expect(queryOf({ kind: 'some', runs: twins, anchor: null }, '')).toBeNull();
		expect(
			parseQuery(
				queryOf(
					{ kind: 'some', runs: new Map([['A/-x', { workflow: 'A', id: '-x' }]]), anchor: null },
					''
				) ?? ''
			).ok
		).toBe(true);
	});
});

describe('columns', () => {
	it('move by a place and stay within the list', () => {
		expect(moved(['a', 'b', 'c'], 'c', -1)).toEqual(['a', 'c', 'b']);
		expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
	});

	it('show metadata by its path, whatever it holds', () => {
		const metadata = { region: 'eu', customer: { Name: 'Ann', tags: ['x'] }, none: null };
		expect(metadataText(metadata, 'region')).toBe('eu');
		expect(metadataText(metadata, 'customer.name')).toBe('Ann');
		expect(metadataText(metadata, 'customer.tags')).toBe('["x"]');
		expect(metadataText(metadata, 'none')).toBe('');
		expect(metadataText(metadata, 'nowhere.at')).toBe('');
	});
});
