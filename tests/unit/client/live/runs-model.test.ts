import { describe, expect, it } from 'vitest';
import {
	applyToFrozenRuns,
	applyToRuns,
	type RunsModel
} from '../../../../src/lib/client/live/runs-model';
import { toRunRow, type Change, type ChangeOf } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

const row = (id: string, step: string | null = null) => toRunRow(aRun({ id, step }));
const idsOf = (model: RunsModel | undefined) => model?.rows.map(({ id }) => id);

function snapshot(...ids: string[]): ChangeOf<'runs'> {
	return {
		kind: 'runs',
		rows: ids.map((id) => row(id)),
		total: ids.length,
		totalExact: true,
		nextCursor: null,
		window: { offset: 0, before: 0, beforeExact: true, head: 'h' }
	};
}

function changed(given: Partial<ChangeOf<'runs-changed'>>): ChangeOf<'runs-changed'> {
	return {
		kind: 'runs-changed',
		rows: [],
		total: 3,
		totalExact: true,
		nextCursor: null,
		...given
	};
}

const entering = changed({
	rows: [row('d'), row('b', 'charge')],
	keys: ['REFUND/d', 'REFUND/a', 'REFUND/b']
});

describe('a page of runs', () => {
	it('is replaced by a snapshot', () => {
		const before = applyToRuns(undefined, snapshot('a', 'b'));
		expect(idsOf(applyToRuns(before, snapshot('c')))).toEqual(['c']);
	});

	it('takes what enters, changes and leaves, in the new order', () => {
		const before = applyToRuns(undefined, snapshot('a', 'b', 'c'));
		const after = applyToRuns(before, entering);
		expect(idsOf(after)).toEqual(['d', 'a', 'b']);
		expect(after?.rows[2]?.step).toBe('charge');
	});

	it('is the same when a change arrives twice, read or not', () => {
		const counted: Change = { kind: 'runs-counted', byStatus: { running: 3 }, total: 3 };
		for (const apply of [applyToRuns, applyToFrozenRuns]) {
			for (const change of [snapshot('a', 'b'), entering, counted]) {
				const before = apply(undefined, snapshot('a', 'b', 'c'));
				const once = apply(before, change);
				expect(apply(once, change)).toEqual(once);
			}
		}
	});

	it('keeps a total that was counted until it is counted again', () => {
		const counted: Change = { kind: 'runs-counted', byStatus: { running: 23_456 }, total: 23_456 };
		const before = applyToRuns(
			{ ...snapshot('a'), gone: new Set(), window: null, byStatus: null },
			counted
		);
		const after = applyToRuns(before, changed({ total: 10_000, totalExact: false }));
		expect(after).toMatchObject({ total: 23_456, totalExact: true, byStatus: { running: 23_456 } });
	});
});

describe('a page of runs that is read', () => {
	it('keeps every row in its place, and says which have left', () => {
		const before = applyToFrozenRuns(undefined, snapshot('a', 'b', 'c'));
		const after = applyToFrozenRuns(before, entering);
		expect(idsOf(after)).toEqual(['a', 'b', 'c']);
		expect([...(after?.gone ?? [])]).toEqual(['REFUND/c']);
		expect(after?.rows[1]?.step).toBe('charge');
	});

	it('does not forget who has left when other rows only change', () => {
		const before = applyToFrozenRuns(
			applyToFrozenRuns(undefined, snapshot('a', 'b', 'c')),
			entering
		);
		const after = applyToFrozenRuns(before, changed({ rows: [row('a', 'load')] }));
		expect([...(after?.gone ?? [])]).toEqual(['REFUND/c']);
		expect(after?.rows[0]?.step).toBe('load');
	});

	it('counts what has entered above it', () => {
		const window = { offset: 0, before: 12, beforeExact: true, head: 'h' };
		const before = applyToFrozenRuns(undefined, snapshot('a'));
		expect(applyToFrozenRuns(before, changed({ window }))?.window?.before).toBe(12);
	});
});
