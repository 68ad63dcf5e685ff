/** The shortest time between two rounds, Ms. */
const ROUND_MS = 1_000;
/** A timer waits no longer than this; what is later is waited for again. */
const LONGEST_MS = 3_600_000;

/**
 * Calls back with the items that are due: one timer for all of them, at most once a second, and none
 * while noitem waits.
 */
export class SharedTimer<T> {
	readonly #call: (due: T[]) => void;
	readonly #dueTimes = new Map<T, number>();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#firesAt = Infinity;
	#calledAt = -Infinity;

	constructor(call: (due: T[]) => void) {
		this.#call = call;
	}

	/** Sets when an item is due, Ms; null for never. */
	set(item: T, at: number | null): void {
		if (at === null) this.#dueTimes.delete(item);
		else this.#dueTimes.set(item, at);
		if (this.#dueTimes.size === 0) this.#stop();
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
		const due = [...this.#dueTimes].flatMap(([item, at]) => (at <= now ? [item] : []));
		for (const item of due) this.#dueTimes.delete(item);
		if (due.length > 0) {
			this.#calledAt = now;
			this.#call(due);
		}
		if (this.#dueTimes.size > 0) this.#plan(Math.min(...this.#dueTimes.values()));
	}
}
