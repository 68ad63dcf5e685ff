/** The shortest time between two rounds, Ms. */
const ROUND_MS = 1_000;
/** A timer waits no longer than this; what is later is waited for again. */
const LONGEST_MS = 3_600_000;

/**
 * Calls for each of some things at a moment of its own: one timer for all, no more often than once
 * a second, and none while nothing waits.
 */
export class Moments<T> {
	readonly #call: (due: T[]) => void;
	readonly #moments = new Map<T, number>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#firesAt = Infinity;
	#calledAt = -Infinity;

	constructor(call: (due: T[]) => void) {
		this.#call = call;
	}

	/** Sets the moment of a thing, Ms, instead of the one before; null for never. */
	set(thing: T, at: number | null): void {
		if (at === null) this.#moments.delete(thing);
		else this.#moments.set(thing, at);
		if (this.#moments.size === 0) this.#stop();
		else if (at !== null) this.#plan(at);
	}

	#plan(at: number): void {
		const now = Date.now();
		const due = Math.max(at, this.#calledAt + ROUND_MS, now);
		if (due >= this.#firesAt) return;
		this.#stop();
		this.#firesAt = Math.min(due, now + LONGEST_MS);
		this.#timer = setTimeout(() => this.#fire(), this.#firesAt - now);
	}

	#stop(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#firesAt = Infinity;
	}

	#fire(): void {
		this.#stop();
		const now = Date.now();
		const due = [...this.#moments].flatMap(([thing, at]) => (at <= now ? [thing] : []));
		for (const thing of due) this.#moments.delete(thing);
		if (due.length > 0) {
			this.#calledAt = now;
			this.#call(due);
		}
		if (this.#moments.size > 0) this.#plan(Math.min(...this.#moments.values()));
	}
}
