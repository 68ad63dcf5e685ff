import { elapsed, within } from '../../rpc/with-timeout';

/** The part of the engine's `WorkflowInstanceSubscription` that is used here. */
export type Subscription = {
	next(): Promise<IteratorResult<unknown, unknown>>;
	[Symbol.dispose]?: () => void;
};

/** What one read found; `done` when the instance has ended after it. */
export type HistoryRead = { events: unknown[]; done: boolean };

/** At most this much in one read: events, and characters of their JSON (an output has up to 1 MB). */
const MOST = { events: 200, characters: 4_000_000 } as const;
/** A read goes on while the next event comes within so long, up to a most, Ms: few reads of much. */
const GATHER_MS = { next: 3, most: 25 } as const;

/** A history that is read on and on, each time what has come since. */
export class HistoryReading {
	readonly #subscription: Subscription;
	/** The read from the engine that was not there in time: the next one is for its event. */
	#pending: ReturnType<Subscription['next']> | null = null;

	constructor(subscription: Subscription) {
		this.#subscription = subscription;
	}

	/** What has come since the last read; waits up to `waitMs` when that is nothing. */
	async read(waitMs: number): Promise<HistoryRead> {
		const events: unknown[] = [];
		let firstAt = Date.now();
		let characters = 0;
		for (;;) {
			const read = await within(this.#next(), events.length === 0 ? waitMs : GATHER_MS.next);
			if (read === elapsed) return { events, done: false };
			this.#pending = null;
			if (read.done) return { events, done: true };
			if (events.length === 0) firstAt = Date.now();
			events.push(read.value);
			characters += JSON.stringify(read.value).length;
			const isFull =
				events.length >= MOST.events ||
				characters >= MOST.characters ||
				Date.now() - firstAt >= GATHER_MS.most;
			if (isFull) return { events, done: false };
		}
	}

	[Symbol.dispose](): void {
		this.#subscription[Symbol.dispose]?.();
	}

	#next(): ReturnType<Subscription['next']> {
		if (!this.#pending) {
			this.#pending = this.#subscription.next();
			// Whoever leaves does not wait for the last one: nobody is to miss its failure.
			this.#pending.catch(() => undefined);
		}
		return this.#pending;
	}
}
