// Which element shows which row. To make a row's elements takes many times as long as to fill them
// with another run. So they are kept: a run stays in its element while it is drawn, and what enters
// takes the elements of what has left.
import { runKey, type RunRow } from '$lib/protocol';
import type { RowRange } from './run-window';

/** A row's element and what is in it. */
export type SlottedRow = {
	/** Names the element. */
	slot: number;
	/** Which row of the list it shows; null when it is not needed now. */
	place: number | null;
	/** False while the run at its place is not known. */
	known: boolean;
	/** The run at its place; else the one that it showed last, so that it stays filled. */
	run: RunRow | undefined;
};

/** The elements of a list's rows. */
export class RowSlots {
	#rows: readonly SlottedRow[] = [];
	#made = 0;

	/** The rows of a range in order; elements that are not needed come after them. */
	fill(
		{ first, count }: RowRange,
		rowAt: (place: number) => RunRow | undefined
	): readonly SlottedRow[] {
		const free = new Map(this.#rows.map((row) => [row.slot, row]));
		const shown = new Map(this.#rows.map((row) => [row.run && runKey(row.run), row]));
		const wanted = Array.from({ length: count }, (_, index) => {
			const place = first + index;
			const run = rowAt(place);
			const before = run && shown.get(runKey(run));
			// What is known can repeat a row that has moved: only the first of them finds its element.
			const isThere = before !== undefined && free.delete(before.slot);
			return { place, run, before: isThere ? before : undefined };
		});
		const spare = [...free.values()];
		const drawn = wanted.map(({ place, run, before }) => {
			const taken = before ?? spare.shift();
			const slot = taken?.slot ?? this.#made++;
			return { slot, place, known: run !== undefined, run: run ?? taken?.run };
		});
		this.#rows = [...drawn, ...spare.map((row) => ({ ...row, place: null }))];
		return this.#rows;
	}
}
