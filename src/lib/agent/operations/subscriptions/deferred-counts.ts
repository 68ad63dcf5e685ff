/** The shortest time between two counts, Ms: a frame. */
const FRAME_MS = 16;
/** Counts follow the rows after this, Ms. */
const COUNT_MS = 150;
/** Counting takes at most about this share of the thread's time: one part in so many. */
const COUNT_SHARE = 16;

/** Counts that are made after their rows were sent, one at a time, the longest waiting first. */
export class DeferredCounts<T> {
	readonly #count: (item: T) => void;
	readonly #waiting = new Set<T>();
	#timer: ReturnType<typeof setTimeout> | undefined;

	constructor(count: (item: T) => void) {
		this.#count = count;
	}

	/** @param atOnce when somebody has just subscribed */
	add(item: T, atOnce: boolean): void {
		this.#waiting.add(item);
		if (atOnce) this.#plan(0);
		else this.#timer ??= setTimeout(() => this.#next(), COUNT_MS);
	}

	delete(item: T): void {
		this.#waiting.delete(item);
	}

	#plan(delay: number): void {
		clearTimeout(this.#timer);
		this.#timer = setTimeout(() => this.#next(), delay);
	}

	#next(): void {
		this.#timer = undefined;
		const [next] = this.#waiting;
		if (next === undefined) return;
		this.#waiting.delete(next);
		const began = Date.now();
		this.#count(next);
		if (this.#waiting.size > 0) this.#plan(Math.max(FRAME_MS, COUNT_SHARE * (Date.now() - began)));
	}
}
