import {
	BULK_LIMITS,
	problem,
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
import { KnownRows, windowOffset, WINDOW_ROWS, windowRows, type Stretch } from './run-window';
import { applyToHeldRuns, applyToRuns, type RunsModel } from './runs-model';

/** Why a list stands still: something in it is pointed at, focused, scrolled to, or selected. */
export type ReadingReason = 'pointer' | 'focus' | 'scroll' | 'selection';

/** Runs that are asked for at once. */
const A_PAGE = 100;

type Place = { of: string; from: string | null; offset: number };

/** Where one is in a list, so that it can be found again as it was left. */
export type ListMark = { from: string | null; offset: number };

/**
 * All runs that a query finds, of which a window is live. While it is read nothing moves: what
 * enters above is only counted, until `follow` shows it.
 */
export class LiveRunList {
	#requests: Requests;
	#asked: () => Pick<RunQueryInput, 'q' | 'order'>;
	#view: LiveView<RunsModel>;
	#known = new KnownRows();
	/** Which list the known rows are of. */
	#knownOf = '';
	#reasons = $state.raw<readonly ReadingReason[]>([]);
	#tail = $state(false);
	/** How many rows are asked for. */
	#rows = $state(WINDOW_ROWS.usual);
	#lastPlace = $state.raw<Place>({ of: '', from: null, offset: 0 });
	#of: string;
	#place: Place;

	/** @param asked the query and order; when they change, the list begins anew */
	constructor(
		connection: Connection,
		requests: Requests,
		asked: () => Pick<RunQueryInput, 'q' | 'order'>
	) {
		this.#requests = requests;
		this.#asked = asked;
		this.#of = $derived(JSON.stringify(asked()));
		this.#place = $derived(
			this.#lastPlace.of === this.#of ? this.#lastPlace : { of: this.#of, from: null, offset: 0 }
		);
		const view = () => {
			const window = { offset: this.#place.offset, ...this.#from() };
			return { kind: 'runs' as const, query: { ...asked(), limit: this.#rows }, window };
		};
		const apply = (before: RunsModel | undefined, change: Change) => this.#apply(before, change);
		this.#view = new LiveView(connection, view, apply, () => this.#of);
	}

	/** How many rows the list has, without those that wait above it. */
	get length(): number {
		const { current } = this.#view;
		if (!current) return 0;
		return Math.max(this.#bottom, current.total - this.entered);
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

	/** Does the list stand still? */
	get held(): boolean {
		return this.#place.from !== null;
	}

	/** Where the list stands. */
	get mark(): ListMark {
		const { from, offset } = this.#place;
		return { from, offset };
	}

	/** Looks at the list as it was left: what has entered since waits above. */
	resume({ from, offset }: ListMark): void {
		this.#lastPlace = { of: this.#of, from, offset };
	}

	/** The row at a place; undefined while it is not known. */
	rowAt(place: number): RunRow | undefined {
		const { current } = this.#view;
		const index = place - (current?.window?.offset ?? 0);
		const row = current?.rows[index];
		return row ?? (this.#knownOf === this.#list ? this.#known.at(place) : undefined);
	}

	/** The runs of a stretch, at most what a job takes by name: those not known are asked for. */
	async runsOf({ first, count }: Stretch): Promise<Answer<readonly RunRef[]>> {
		if (count > BULK_LIMITS.named) {
			const most = BULK_LIMITS.named.toLocaleString('en');
			return {
				ok: false,
				problem: problem(
					'invalid-input',
					`A range takes ${most} runs at most, and this one has ${count.toLocaleString('en')}. Select all that match instead.`
				)
			};
		}
		const runs: RunRef[] = [];
		while (runs.length < count) {
			const known = this.rowAt(first + runs.length);
			if (known) {
				runs.push(known);
				continue;
			}
			const left = count - runs.length;
			const answer = await this.#requests.ask({
				type: 'runs.list',
				query: { ...this.#asked(), limit: Math.min(left, A_PAGE) },
				window: { offset: first + runs.length, ...this.#from() }
			});
			if (!answer.ok) return answer;
			if (answer.value.runs.length === 0) break;
			runs.push(...answer.value.runs);
		}
		return { ok: true, value: runs.slice(0, count) };
	}

	/** Has this row left the list since it is read? */
	isGone(key: string): boolean {
		return this.#view.current?.gone.has(key) ?? false;
	}

	/** Says which rows are on screen, so that they are kept live. */
	look(drawn: Stretch): void {
		const place = this.#place;
		this.#rows = windowRows(drawn.count, this.#rows);
		const offset = windowOffset(drawn, place.offset, this.#rows);
		if (offset !== place.offset) this.#lastPlace = { ...place, offset };
	}

	/** Begins or ends a reason to stand still. */
	read(reason: ReadingReason, isGiven: boolean): void {
		if (this.#reasons.includes(reason) === isGiven) return;
		const others = this.#reasons.filter((other) => other !== reason);
		this.#reasons = isGiven ? [...others, reason] : others;
		if (this.#reasons.length > 0) this.#hold();
		else this.#release();
	}

	/** Shows what has entered, and what enters from now on until something is read again. */
	follow(): void {
		this.#lastPlace = { of: this.#of, from: null, offset: 0 };
	}

	/** Turns the live tail on or off. */
	setTail(isOn: boolean): void {
		this.#tail = isOn;
		if (isOn) this.follow();
		else if (this.#reasons.length > 0) this.#hold();
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

	#hold(): void {
		const head = this.#view.current?.window?.head;
		if (this.#tail || this.held || this.loading || !head) return;
		this.#lastPlace = { ...this.#place, from: head };
	}

	#release(): void {
		if (this.held) this.follow();
	}

	#apply(before: RunsModel | undefined, change: Change): RunsModel | undefined {
		const model = (this.held ? applyToHeldRuns : applyToRuns)(before, change);
		if (this.#knownOf !== this.#list) this.#known.forget();
		this.#knownOf = this.#list;
		if (model) this.#known.take(model.window?.offset ?? 0, model.rows);
		// What is pointed at while the answer was on its way is read from now on.
		if (this.#reasons.length > 0) queueMicrotask(() => this.#hold());
		return model;
	}
}
