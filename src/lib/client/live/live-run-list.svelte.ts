import {
	type Answer,
	type Change,
	type Problem,
	type RunQueryInput,
	type RunRef,
	type RunRow,
	type RunsByStatus
} from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';
import type { Requests } from '../requests';
import { RunRanges } from './run-ranges';
import { KnownRows, windowOffset, WINDOW_ROWS, windowRows, type RowRange } from './run-window';
import { applyToFrozenRuns, applyToRuns, type RunsModel } from './runs-model';

/** Why a list is frozen: something in it is pointed at, focused, scrolled to, or selected. */
export type ReadingReason = 'pointer' | 'focus' | 'scroll' | 'selection';

/** `gone`: how many rows before the offset have left, which the server does not count. */
type Place = { of: string; from: string | null; offset: number; gone: number };

/** Where one is in a list, so that it can be found again as it was left. */
export type ListMark = { from: string | null; offset: number };

/**
 * All runs that a query finds, of which a window is live. While it is read nothing moves: what
 * enters above is only counted, until `follow` shows it.
 */
export class LiveRunList {
	readonly #ranges: RunRanges;
	#asked: () => Pick<RunQueryInput, 'q' | 'order'>;
	#view: LiveView<RunsModel>;
	#known = new KnownRows();
	/** Which list the known rows are of. */
	#knownOf = '';
	#reasons = $state.raw<readonly ReadingReason[]>([]);
	#tail = $state(false);
	/** How many rows are asked for. */
	#rows = $state(WINDOW_ROWS.usual);
	#lastPlace = $state.raw<Place>({ of: '', from: null, offset: 0, gone: 0 });
	#of: string;
	#place: Place;

	/** @param asked the query and order; when they change, the list begins anew */
	constructor(
		connection: Connection,
		requests: Requests,
		asked: () => Pick<RunQueryInput, 'q' | 'order'>
	) {
		this.#ranges = new RunRanges(requests, this.#known);
		this.#asked = asked;
		this.#of = $derived(JSON.stringify(asked()));
		this.#place = $derived(
			this.#lastPlace.of === this.#of
				? this.#lastPlace
				: { of: this.#of, from: null, offset: 0, gone: 0 }
		);
		const view = () => {
			const { offset, gone } = this.#place;
			const window = { offset: offset - gone, ...this.#from() };
			return { kind: 'runs' as const, query: { ...asked(), limit: this.#rows }, window };
		};
		const apply = (before: RunsModel | undefined, change: Change) => this.#apply(before, change);
		this.#view = new LiveView(connection, view, apply, () => this.#of);
	}

	/** How many rows the list has, without those that wait above it. */
	get length(): number {
		const { current } = this.#view;
		if (!current) return 0;
		const gone = this.frozen ? this.#known.goneCount : 0;
		return Math.max(this.#bottom, current.total - this.entered + gone);
	}

	/** Runs that match in all. */
	get total(): number {
		return this.#view.current?.total ?? 0;
	}

	get totalExact(): boolean {
		return this.#view.current?.totalExact ?? true;
	}

	/** How many have entered above what is read. */
	get entered(): number {
		return this.#place.from === null ? 0 : (this.#view.current?.window?.before ?? 0);
	}

	/** False when more have entered than were counted. */
	get enteredExact(): boolean {
		return this.#view.current?.window?.beforeExact ?? true;
	}

	/** Runs by status, whatever statuses the query asks for. */
	get byStatus(): RunsByStatus | null {
		return this.#view.current?.byStatus ?? null;
	}

	get ready(): boolean {
		return this.#view.ready;
	}

	get loading(): boolean {
		return this.#view.loading;
	}

	/** Are the rows still those of the query before? */
	get previous(): boolean {
		return this.#view.previous;
	}

	get error(): Problem | null {
		return this.#view.error;
	}

	/** Keeps to the top, whatever is pointed at. */
	get tail(): boolean {
		return this.#tail;
	}

	/** Do all rows keep their places? */
	get frozen(): boolean {
		return this.#place.from !== null;
	}

	/** Where the list stands. */
	get mark(): ListMark {
		const { from, offset } = this.#place;
		return { from, offset };
	}

	/** Looks at the list as it was left: what has entered since waits above. */
	resume({ from, offset }: ListMark): void {
		this.#lastPlace = { of: this.#of, from, offset, gone: 0 };
	}

	/** The row at a place; undefined while it is not known. */
	rowAt(place: number): RunRow | undefined {
		const { current } = this.#view;
		const index = place - (current?.window?.offset ?? 0);
		const row = current?.rows[index];
		return row ?? (this.#knownOf === this.#list ? this.#known.at(place) : undefined);
	}

	/** Where a row is; null when it is not known. */
	placeOf(key: string): number | null {
		return this.#knownOf === this.#list ? this.#known.placeOf(key) : null;
	}

	/** The runs of a range as they are on screen, without those that have left. */
	runsOf(range: RowRange): Promise<Answer<readonly RunRef[]>> {
		if (this.#knownOf !== this.#list) this.#known.forget();
		return this.#ranges.read(range, this.#asked(), this.#from());
	}

	/** Has this row left the list since it is read? */
	isGone(key: string): boolean {
		return (this.#view.current?.gone.has(key) ?? false) || this.#known.isGone(key);
	}

	/** Says which rows are on screen, so that they are kept live. */
	look(drawn: RowRange): void {
		const place = this.#place;
		this.#rows = windowRows(drawn.count, this.#rows);
		const offset = windowOffset(drawn, place.offset, this.#rows);
		if (offset === place.offset) return;
		this.#lastPlace = { ...place, offset, gone: this.#known.goneBefore(offset) };
	}

	/** Begins or ends a reason to freeze the list. */
	read(reason: ReadingReason, isGiven: boolean): void {
		if (this.#reasons.includes(reason) === isGiven) return;
		const others = this.#reasons.filter((other) => other !== reason);
		this.#reasons = isGiven ? [...others, reason] : others;
		if (this.#reasons.length > 0) this.#freeze();
		else this.#release();
	}

	/** Shows what has entered, and what enters from now on until something is read again. */
	follow(): void {
		this.#lastPlace = { of: this.#of, from: null, offset: 0, gone: 0 };
	}

	/** Turns the live tail on or off. */
	setTail(isOn: boolean): void {
		this.#tail = isOn;
		if (isOn) this.follow();
		else if (this.#reasons.length > 0) this.#freeze();
	}

	/** Connects anew and asks for all of it again. */
	reconnect(): void {
		this.#view.reconnect();
	}

	/** The row that places are counted from; nothing for the first that there is. */
	#from(): { from?: string } {
		const { from } = this.#place;
		return from === null ? {} : { from };
	}

	/** Names the list that places are counted in. */
	get #list(): string {
		return `${this.#of} ${this.#place.from}`;
	}

	get #bottom(): number {
		const { current } = this.#view;
		return current ? (current.window?.offset ?? 0) + current.rows.length : 0;
	}

	#freeze(): void {
		const head = this.#view.current?.window?.head;
		if (this.#tail || this.frozen || this.loading || !head) return;
		const isKnown = this.#knownOf === this.#list;
		this.#lastPlace = { ...this.#place, from: head };
		// Places counted from the head are the same places.
		if (isKnown) this.#knownOf = this.#list;
	}

	#release(): void {
		if (this.frozen) this.follow();
	}

	#apply(before: RunsModel | undefined, change: Change): RunsModel | undefined {
		if (this.#knownOf !== this.#list) this.#known.forget();
		this.#knownOf = this.#list;
		const model = this.frozen ? this.#inPlace(before, change) : applyToRuns(before, change);
		if (model) this.#known.take(model.window?.offset ?? 0, model);
		// What is pointed at while the answer was on its way is read from now on.
		if (this.#reasons.length > 0) queueMicrotask(() => this.#freeze());
		return model;
	}

	/** The model with every row where it was, those that have left too, and with places for offsets. */
	#inPlace(before: RunsModel | undefined, change: Change): RunsModel | undefined {
		const model = applyToFrozenRuns(before, change);
		const shown = 'window' in change ? change.window : undefined;
		if (!model?.window || !shown) return model;
		const window = { ...shown, offset: shown.offset + this.#place.gone };
		const isFirst = before === undefined;
		return {
			...model,
			window,
			...(isFirst ? this.#known.withGone(window.offset, model.rows) : {})
		};
	}
}
