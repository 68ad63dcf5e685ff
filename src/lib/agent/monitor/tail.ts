// A tail reads one run's history from the engine and hands it on in batches: from the cursor
// first, then live. It decides nothing; what a history means is `fold`'s, when to attach is
// `Tails`'s.
import { parseEngineEvent, type RunEvent } from '../../protocol';
import { elapsed, within } from './elapse';

/** The part of the engine's `WorkflowInstanceSubscription` that is used here. */
export type Subscription = {
	next(): Promise<IteratorResult<unknown, unknown>>;
	[Symbol.dispose]?: () => void;
};

/** Why a tail came to its end. */
export type TailEnd = 'done' | 'idle' | 'closed' | 'rewritten' | 'unsure';

/** At most this many events in one batch, so that one transaction stays short. */
const BATCH = 200;
/** How long a batch waits for the next event, Ms: longer than one read from the engine takes. */
const GATHER_MS = 1;
/** How long a batch gathers in all, Ms, by the clock: on a busy thread timers stand still. */
const GATHER_AT_MOST_MS = 100;

export type TailOptions = {
	/** Opens a subscription that begins after the event of this id. */
	open: (cursor: number) => Promise<Subscription>;
	/** The last event that is stored, to prove that the history is still the same. */
	last: RunEvent | null;
	/** Takes a batch of new events, in order. */
	take: (events: RunEvent[]) => void;
	/** How long to stay though nothing comes, Ms. Asked anew each time. */
	idleMs: () => number;
	/** Told once whenever everything that the engine had was read. */
	caughtUp: () => void;
};

/** How long the engine may take to replay an event that it has, Ms. */
const REPLAY_MS = 5_000;
/** Nothing for this long after a read means that all there was has been read, Ms. */
const QUIET_MS = 25;

export class Tail {
	readonly #options: TailOptions;
	readonly #closing = Promise.withResolvers<typeof elapsed>();
	#closed = false;

	constructor(options: TailOptions) {
		this.#options = options;
	}

	/** Ends the tail after the batch it is at. */
	close(): void {
		this.#closed = true;
		this.#closing.resolve(elapsed);
	}

	/**
	 * Reads until the run ends, nothing comes for `idleMs`, or it is closed. Resolves with
	 * `rewritten` when the engine's history is not the one that `last` is from (it was restarted),
	 * with `unsure` when the engine did not replay `last` at all: see {@link compareHistory}.
	 * Rejects when the engine cannot be read.
	 */
	async run(): Promise<TailEnd> {
		const { last, open } = this.#options;
		// Begin one event early: an intact history gives the last stored event first.
		const subscription = await open(last ? last.eventId - 1 : 0);
		try {
			return await this.#read(subscription, last);
		} finally {
			subscription[Symbol.dispose]?.();
		}
	}

	async #read(subscription: Subscription, last: RunEvent | null): Promise<TailEnd> {
		const readNext = () => {
			const read = subscription.next();
			// A tail that leaves does not wait for its last read: nobody is to miss its failure.
			read.catch(() => undefined);
			return read;
		};
		let pending = readNext();
		if (last) {
			const first = await within(Promise.race([pending, this.#closing.promise]), REPLAY_MS);
			if (first === elapsed) return this.#closed ? 'closed' : 'unsure';
			if (first.done) return 'rewritten';
			const event = parseEngineEvent(first.value);
			if (!event || !sameEvent(event, last)) return 'rewritten';
			pending = readNext();
		}
		let cursor = last?.eventId ?? 0;
		let caughtUp = false;
		while (!this.#closed) {
			const wait = caughtUp ? Math.max(this.#options.idleMs(), QUIET_MS) : QUIET_MS;
			const first = await within(Promise.race([pending, this.#closing.promise]), wait);
			if (first === elapsed) {
				if (this.#closed) break;
				if (caughtUp) return 'idle';
				caughtUp = true;
				this.#options.caughtUp();
				continue;
			}
			const batch: RunEvent[] = [];
			const gatheredBy = Date.now() + GATHER_AT_MOST_MS;
			let result: typeof first | typeof elapsed = first;
			while (result !== elapsed && !result.done) {
				const event = parseEngineEvent(result.value);
				if (event && event.eventId <= cursor) return this.#hand(batch, 'rewritten');
				if (event) {
					cursor = event.eventId;
					batch.push(event);
				}
				pending = readNext();
				const isFull = batch.length >= BATCH || Date.now() >= gatheredBy;
				result = isFull ? elapsed : await within(pending, GATHER_MS);
			}
			if (result !== elapsed) return this.#hand(batch, 'done');
			this.#hand(batch, 'idle');
		}
		return 'closed';
	}

	#hand(batch: RunEvent[], end: TailEnd): TailEnd {
		if (batch.length > 0) this.#options.take(batch);
		if (end === 'done') this.#options.caughtUp();
		return end;
	}
}

/**
 * Compares the engine's history from its beginning with what is stored. `rewritten` when they
 * differ, or when the engine's has come to rest before the end of the stored one.
 */
export async function compareHistory(
	open: TailOptions['open'],
	stored: readonly RunEvent[]
): Promise<'same' | 'rewritten' | 'unsure'> {
	const subscription = await open(0);
	try {
		for (const [index, expected] of stored.entries()) {
			const read = await within(subscription.next(), REPLAY_MS);
			if (read === elapsed) return index === 0 ? 'unsure' : 'rewritten';
			const event = read.done ? null : parseEngineEvent(read.value);
			if (!event || !sameEvent(event, expected)) return 'rewritten';
		}
		return 'same';
	} finally {
		subscription[Symbol.dispose]?.();
	}
}

/** Two reads of the same event. Times are the engine's, so a rewritten history has others. */
export function sameEvent(a: RunEvent, b: RunEvent): boolean {
	return a.eventId === b.eventId && a.type === b.type && a.timestamp === b.timestamp;
}
