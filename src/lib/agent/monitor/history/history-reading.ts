import { eventToJson } from '../../../protocol';
import { timedOut, withTimeout } from '../../rpc/with-timeout';

/** The part of the engine's `WorkflowInstanceSubscription` that is used here. */
export type HistorySubscription = {
	next(): Promise<IteratorResult<unknown, unknown>>;
	[Symbol.dispose]?: () => void;
};

/** The result of one read; `done` when the instance ended after these events. */
export type HistoryRead = { events: unknown[]; done: boolean };

/** Limits of one read: events, and characters of their JSON (an output may have 1 MB). */
const LIMITS = { events: 200, characters: 4_000_000 } as const;
/** A read continues while the next event comes within `next`, for `most` in all, Ms: fewer, larger reads. */
const GATHER_MS = { next: 3, most: 25 } as const;

/** Reads a history piece by piece: each read returns what came since the previous one. */
export class HistoryReading {
	readonly #subscription: HistorySubscription;
	/** The engine's answer that did not come in time: the next read waits for it. */
	#pending: ReturnType<HistorySubscription['next']> | null = null;

	constructor(subscription: HistorySubscription) {
		this.#subscription = subscription;
	}

	/** Returns the events since the last read; waits up to `waitMs` for the first one. */
	async read(waitMs: number): Promise<HistoryRead> {
		const events: unknown[] = [];
		let firstAt = Date.now();
		let characters = 0;
		for (;;) {
			const next = this.#next();
			// What was read is not lost with the event after it: the next read fails instead.
			const read =
				events.length === 0
					? await withTimeout(next, waitMs)
					: await withTimeout(
							next.catch((): typeof timedOut => timedOut),
							GATHER_MS.next
						);
			if (read === timedOut) return { events, done: false };
			this.#pending = null;
			if (read.done) return { events, done: true };
			if (events.length === 0) firstAt = Date.now();
			// JSON from here on: an event can hold what neither JSON.stringify nor RPC takes.
			const event = eventToJson(read.value);
			events.push(event);
			characters += JSON.stringify(event).length;
			const isFull =
				events.length >= LIMITS.events ||
				characters >= LIMITS.characters ||
				Date.now() - firstAt >= GATHER_MS.most;
			if (isFull) return { events, done: false };
		}
	}

	[Symbol.dispose](): void {
		this.#subscription[Symbol.dispose]?.();
	}

	#next(): ReturnType<HistorySubscription['next']> {
		if (!this.#pending) {
			this.#pending = this.#subscription.next();
			// Nobody may be waiting when this rejects, which must not count as an unhandled rejection.
			this.#pending.catch(() => undefined);
		}
		return this.#pending;
	}
}
