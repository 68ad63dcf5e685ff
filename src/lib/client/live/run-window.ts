// The arithmetic of a long list of which only a range is known: which rows are on screen, and
// which range to ask for.
import { runKey, type RunRow } from '$lib/protocol';
import type { RunsModel } from './runs-model';

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

/** Consecutive rows of a list, by their place. */
export type RowRange = { first: number; count: number };

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
): RowRange {
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
export function windowOffset({ first, count }: RowRange, offset: number, rows: number): number {
	if (first >= offset && first + count <= offset + rows) return offset;
	const margin = Math.max(0, rows - count) / 2;
	return Math.max(0, first + count - rows, Math.floor((first - margin) / STEP) * STEP);
}

/**
 * Rows by their place in one list, those that were looked at last. In a frozen list a row that has
 * left keeps its place, which the server does not count any more.
 */
export class KnownRows {
	#rows = new Map<number, RunRow>();
	/** Places of rows that have left, by their keys. */
	#gone = new Map<string, number>();

	at(place: number): RunRow | undefined {
		return this.#rows.get(place);
	}

	/** How many rows have left. */
	get goneCount(): number {
		return this.#gone.size;
	}

	isGone(key: string): boolean {
		return this.#gone.has(key);
	}

	/** How many rows before a place have left. */
	goneBefore(place: number): number {
		return [...this.#gone.values()].filter((gone) => gone < place).length;
	}

	/** The rows that have left, from one place to before another. */
	goneBetween(first: number, end: number): RunRow[] {
		const places = [...this.#gone.values()].filter((place) => place >= first && place < end);
		return places.flatMap((place) => this.#rows.get(place) ?? []);
	}

	placeOf(key: string): number | null {
		for (const [place, row] of this.#rows) if (runKey(row) === key) return place;
		return null;
	}

	/** The first known place after another one; null when there is none. */
	nextAfter(place: number): number | null {
		const later = [...this.#rows.keys()].filter((known) => known > place);
		return later.length === 0 ? null : Math.min(...later);
	}

	/** A window that begins at a place, with the rows that have left put back into their places. */
	withGone(first: number, rows: readonly RunRow[]): Pick<RunsModel, 'rows' | 'gone'> {
		const goneAt = new Set(this.#gone.values());
		const present = new Set(rows.map(runKey));
		const all: RunRow[] = [];
		const gone = new Set<string>();
		for (const row of rows) {
			for (;;) {
				const place = first + all.length;
				const left = goneAt.has(place) ? this.#rows.get(place) : undefined;
				if (!left || present.has(runKey(left))) break;
				gone.add(runKey(left));
				all.push(left);
			}
			all.push(row);
		}
		return { rows: all, gone };
	}

	/** Keeps what a window shows. Taking the same again changes nothing. */
	take(offset: number, { rows, gone }: Pick<RunsModel, 'rows' | 'gone'>): void {
		rows.forEach((row, index) => {
			this.#rows.delete(offset + index);
			this.#rows.set(offset + index, row);
			if (gone.has(runKey(row))) this.#gone.set(runKey(row), offset + index);
			else this.#gone.delete(runKey(row));
		});
		for (const place of this.#rows.keys()) {
			if (this.#rows.size <= KEPT_ROWS) break;
			this.#rows.delete(place);
		}
	}

	forget(): void {
		this.#gone.clear();
		this.#rows.clear();
	}
}
