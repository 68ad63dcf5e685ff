// How many runs each saved view finds, counted once for everybody who sees it: a few views at a
// time, at most twice a second, and only those that somebody sees.
import { DEFAULT_ORDER, ProblemError, runOrderSchema, type ViewCount } from '../../../protocol';
import type { ChangeListener, ChangePublisher } from '../change-publisher';
import { VIEWS_CHANGE, type ChangeSet } from '../change-set';
import type { Fleet } from '../fleet';
import type { VisibleFleet } from '../visible-fleet';
import type { CountedQuery } from './subscription';
import type { SubscriptionRegistry } from './subscription-registry';

/** The shortest time between two rounds of counting, Ms. */
const ROUND_MS = 500;
/** The pause between two parts of a round, Ms: a frame. */
const PAUSE_MS = 16;
/** So many queries are counted in one go. */
const AT_ONCE = 3;
/** A count may be older than this without a change of a run: relative times go on, Ms. */
const FRESH_MS = 30_000;

export type ViewCounterParts = {
	fleet: Fleet;
	registry: Pick<SubscriptionRegistry, 'countedQueries'>;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
};

export class ViewCounter implements ChangeListener {
	readonly #parts: ViewCounterParts;
	readonly #known = new Map<string, { count: ViewCount | null; at: number }>();
	/** To be counted, the most urgent first: each a {@link CountedQuery} as JSON. */
	#queue: string[] = [];
	#isDue = false;
	#nextRoundAt = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(parts: ViewCounterParts) {
		this.#parts = parts;
	}

	/** Counts now; null for a query that cannot be read. */
	countNow({ q, reach }: CountedQuery, now: number): ViewCount | null {
		try {
			const order = runOrderSchema.parse(DEFAULT_ORDER);
			const asked = { q, order, limit: 1 };
			const { total, totalExact } = this.#parts.fleet.page(asked, { now, reach });
			return { total, totalExact };
		} catch (error) {
			if (error instanceof ProblemError) return null;
			throw error;
		}
	}

	/** Counts each of these, a few at a time, so that nobody has to wait for it. */
	async countEach<T extends { q: string }>(
		views: readonly T[],
		{ reach }: Pick<VisibleFleet, 'reach'>
	): Promise<(T & { count: ViewCount | null })[]> {
		const counted: (T & { count: ViewCount | null })[] = [];
		for (const view of views) {
			if (counted.length % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 0));
			counted.push({ ...view, count: this.countNow({ q: view.q, reach }, Date.now()) });
		}
		return counted;
	}

	/** What was counted last. Schedules a count when that is missing or old. */
	lastCount(query: CountedQuery, now: number): ViewCount | null {
		const text = JSON.stringify(query);
		const known = this.#known.get(text);
		if ((!known || now - known.at > FRESH_MS) && !this.#queue.includes(text)) {
			this.#queue.unshift(text);
			this.#plan(0);
		}
		return known?.count ?? null;
	}

	/** Counts again what somebody sees, when runs changed. */
	handleChanges({ runs }: ChangeSet): void {
		if (runs.size === 0) return;
		this.#isDue = true;
		if (this.#timer === undefined) this.#plan(this.#nextRoundAt - Date.now());
	}

	#plan(delay: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#next(), Math.max(0, delay));
	}

	#next(): void {
		this.#timer = undefined;
		if (this.#queue.length === 0 && this.#isDue) this.#beginRound();
		const now = Date.now();
		let isOther = false;
		for (const text of this.#queue.splice(0, AT_ONCE)) {
			const count = this.countNow(JSON.parse(text) as CountedQuery, now);
			isOther ||= !isSame(this.#known.get(text)?.count, count);
			this.#known.set(text, { count, at: now });
		}
		if (isOther) this.#parts.publisher.publishChanges(VIEWS_CHANGE);
		if (this.#queue.length > 0) this.#plan(PAUSE_MS);
		else if (this.#isDue) this.#plan(this.#nextRoundAt - Date.now());
	}

	#beginRound(): void {
		const queries = this.#parts.registry.countedQueries();
		const wanted = new Set(queries.map((query) => JSON.stringify(query)));
		for (const text of this.#known.keys()) if (!wanted.has(text)) this.#known.delete(text);
		this.#queue = [...wanted];
		this.#isDue = false;
		this.#nextRoundAt = Date.now() + ROUND_MS;
	}
}

function isSame(a: ViewCount | null | undefined, b: ViewCount | null): boolean {
	return a?.total === b?.total && a?.totalExact === b?.totalExact;
}
