import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowSlots, type SlottedRow } from '../../../../src/lib/client/live/run-slots';
import { runKey, toRunRow, type RunRow } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

const row = (id: string) => toRunRow(aRun({ id }));
const listOf = (...ids: string[]) => ids.map(row);
const fill = (slots: RowSlots, list: readonly (RunRow | undefined)[], first = 0) =>
	slots.fill({ first, count: list.length }, (place) => list[place - first]);
const slotOf = (rows: readonly SlottedRow[], id: string) =>
	rows.find(({ place, run }) => place !== null && run?.id === id)?.slot;

describe('the elements of rows', () => {
	it('keep their run while it is drawn, and take what enters when theirs has left', () => {
		const slots = new RowSlots();
		const before = fill(slots, listOf('a', 'b', 'c'));
		const after = fill(slots, listOf('new', 'a', 'b'));
		expect(slotOf(after, 'a')).toBe(slotOf(before, 'a'));
		expect(slotOf(after, 'b')).toBe(slotOf(before, 'b'));
		expect(slotOf(after, 'new')).toBe(slotOf(before, 'c'));
	});

	it('stay in their order when every run is another', () => {
		const slots = new RowSlots();
		const before = fill(slots, listOf('a', 'b', 'c'));
		const after = fill(slots, listOf('d', 'e', 'f'));
		expect(after.map(({ slot }) => slot)).toEqual(before.map(({ slot }) => slot));
	});

	it('are kept, filled as they were, while they are not needed', () => {
		const slots = new RowSlots();
		const before = fill(slots, listOf('a', 'b'));
		const spare = fill(slots, []);
		expect(spare).toEqual(before.map((one) => ({ ...one, place: null })));
		expect(fill(slots, listOf('b')).map(({ slot }) => slot)).toEqual([
			slotOf(before, 'b'),
			slotOf(before, 'a')
		]);
	});

	it('say when the run at their place is not known', () => {
		const slots = new RowSlots();
		fill(slots, listOf('a'));
		const [only] = fill(slots, [undefined]);
		expect(only).toMatchObject({ place: 0, known: false, run: { id: 'a' } });
	});

	it('show each place once, whatever list follows on whatever list', () => {
		const list = fc.array(fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { nil: undefined }), {
			maxLength: 8
		});
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(20), list), { maxLength: 8 }), (lists) => {
				const slots = new RowSlots();
				let made = 0;
				for (const [first, ids] of lists) {
					const runs = ids.map((id) => (id === undefined ? undefined : row(id)));
					const rows = fill(slots, runs, first);
					const drawn = rows.slice(0, runs.length);
					expect(drawn.map(({ place }) => place)).toEqual(runs.map((_, at) => first + at));
					for (const [at, run] of runs.entries()) {
						expect(drawn[at]?.known).toBe(run !== undefined);
						if (run) expect(drawn[at]?.run && runKey(drawn[at].run)).toBe(runKey(run));
					}
					expect(rows.slice(runs.length).every(({ place }) => place === null)).toBe(true);
					expect(new Set(rows.map(({ slot }) => slot)).size).toBe(rows.length);
					made = Math.max(made, runs.length);
					expect(rows.length).toBe(made);
				}
			})
		);
	});
});
