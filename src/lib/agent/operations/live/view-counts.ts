// How many runs each saved view finds, counted once for everybody who looks. Counts never stand in
// the way: a few at a time, at most twice a second, and only those that somebody looks at.
import { ProblemError, runOrderSchema, DEFAULT_ORDER, type ViewCount } from '../../../protocol';
import type { Fleet } from '../fleet';

/** The shortest time between two rounds of counting, Ms. */
const ROUND_MS = 500;
/** The pause between two parts of a round, Ms: a frame. */
const PAUSE_MS = 16;
/** So many queries are counted in one go. */
const AT_ONCE = 3;
/** A count may be older than this without a change of a run: relative times go on, Ms. */
const FRESH_MS = 30_000;

export type ViewCountsHost = {
	fleet: Fleet;
	/** The queries that somebody looks at. */
	wanted: () => ReadonlySet<string>;
	/** A count is another than before. */
	counted: () => void;
};

export class ViewCounter {
	readonly #host: ViewCountsHost;
	readonly #known = new Map<string, { count: ViewCount | null; at: number }>();
	/** To be counted, the most urgent first. */
	#queue: string[] = [];
	#isDue = false;
	#nextRoundAt = 0;
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(host: ViewCountsHost) {
		this.#host = host;
	}

	/** Counts now. A query that cannot be read has no count. */
	count(q: string, now: number): ViewCount | null {
		try {
			const order = runOrderSchema.parse(DEFAULT_ORDER);
			const { total, totalExact } = this.#host.fleet.page({ q, order, limit: 1 }, now);
			return { total, totalExact };
		} catch (error) {
			if (error instanceof ProblemError) return null;
			throw error;
		}
	}

	/** Counts each of these, a few at a time, so that nobody waits for it. */
	async countEach<T extends { q: string }>(
		views: readonly T[]
	): Promise<(T & { count: ViewCount | null })[]> {
		const counted: (T & { count: ViewCount | null })[] = [];
		for (const view of views) {
			if (counted.length % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 0));
			counted.push({ ...view, count: this.count(view.q, Date.now()) });
		}
		return counted;
	}

	/** What was counted last; what is not known, or was counted long ago, is counted soon. */
	read(q: string, now: number): ViewCount | null {
		const known = this.#known.get(q);
		if ((!known || now - known.at > FRESH_MS) && !this.#queue.includes(q)) {
			this.#queue.unshift(q);
			this.#plan(0);
		}
		return known?.count ?? null;
	}

	/** Runs changed: what somebody looks at is counted anew. */
	changed(): void {
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
		for (const q of this.#queue.splice(0, AT_ONCE)) {
			const count = this.count(q, now);
			isOther ||= !isSame(this.#known.get(q)?.count, count);
			this.#known.set(q, { count, at: now });
		}
		if (isOther) this.#host.counted();
		if (this.#queue.length > 0) this.#plan(PAUSE_MS);
		else if (this.#isDue) this.#plan(this.#nextRoundAt - Date.now());
	}

	#beginRound(): void {
		const wanted = this.#host.wanted();
		for (const q of this.#known.keys()) if (!wanted.has(q)) this.#known.delete(q);
		this.#queue = [...wanted];
		this.#isDue = false;
		this.#nextRoundAt = Date.now() + ROUND_MS;
	}
}

function isSame(a: ViewCount | null | undefined, b: ViewCount | null): boolean {
	return a?.total === b?.total && a?.totalExact === b?.totalExact;
}
