// The arithmetic of a long list of which only a stretch is known: which rows are on screen, and
// which stretch to ask for.
import type { RunRow } from '$lib/protocol';

/** Rows that are asked for at once, which is what one waits for: more only on a tall screen. */
export const WINDOW_ROWS = { usual: 60, tall: 100 };
/** As many rows on screen leave the usual window a margin, in the other density too. */
const USUAL_DRAWN = 40;
/** Rows drawn above and below what is on screen: for the next press of Tab, and while one scrolls. */
export const MARGIN_ROWS = { still: 2, scrolling: 6 };
/** A window begins at a multiple of this, so that a small scroll asks for nothing. */
const STEP = 10;
/** As many rows stay known after they have left the window. */
const KEPT_ROWS = 2_000;

/** Some rows of a list, by their place. */
export type Stretch = { first: number; count: number };

/** What is seen of a list whose top lies `above` px over the top of a view. */
export type ListSight = {
	above: number;
	height: number;
	rowHeight: number;
	/** So many rows are drawn above and below what is seen. */
	margin: number;
};

/** The rows to draw. */
export function drawnRows(
	{ above, height, rowHeight, margin }: ListSight,
	length: number
): Stretch {
	const first = Math.max(0, Math.floor(above / rowHeight) - margin);
	const last = Math.min(length, Math.ceil((above + height) / rowHeight) + margin);
	const begin = Math.min(first, Math.max(0, length - 1));
	return { first: begin, count: Math.max(0, last - begin) };
}

/** How many rows to ask for when so many are drawn: never fewer than before. */
export function windowRows(drawn: number, before: number): number {
	return drawn > USUAL_DRAWN ? WINDOW_ROWS.tall : before;
}

/** Where a window of so many rows begins that holds these: where it is while that holds them. */
export function windowOffset({ first, count }: Stretch, offset: number, rows: number): number {
	if (first >= offset && first + count <= offset + rows) return offset;
	const margin = Math.max(0, rows - count) / 2;
	return Math.max(0, first + count - rows, Math.floor((first - margin) / STEP) * STEP);
}

/** Rows by their place in one list, those that were looked at last. */
export class KnownRows {
	#rows = new Map<number, RunRow>();

	at(place: number): RunRow | undefined {
		return this.#rows.get(place);
	}

	/** Keeps what a window shows. Taking the same again changes nothing. */
	take(offset: number, rows: readonly RunRow[]): void {
		rows.forEach((row, index) => {
			this.#rows.delete(offset + index);
			this.#rows.set(offset + index, row);
		});
		for (const place of this.#rows.keys()) {
			if (this.#rows.size <= KEPT_ROWS) break;
			this.#rows.delete(place);
		}
	}

	forget(): void {
		this.#rows.clear();
	}
}
