// A tail reads one run's history from the engine and hands it on in batches: from the cursor
// first, then live. It decides nothing; what a history means is `fold`'s, when to attach is
// `Tails`'s.
import { parseEngineEvent, type RunEvent } from '../../../protocol';
import { elapsed, within } from '../../rpc/with-timeout';
import type { HistoryFeed } from './history-feed';

/** Why a tail came to its end. */
export type TailEnd = 'done' | 'idle' | 'closed' | 'rewritten' | 'unsure';

export type TailOptions = {
	/** Opens the history after the event of this id. */
	open: (cursor: number) => Promise<HistoryFeed>;
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
		const feed = await open(last ? last.eventId - 1 : 0);
		try {
			return await this.#read(feed, last);
		} finally {
			feed[Symbol.dispose]?.();
		}
	}

	async #read(feed: HistoryFeed, last: RunEvent | null): Promise<TailEnd> {
		const readNext = () => {
			const read = feed.next();
			// A tail that leaves does not wait for its last read: nobody is to miss its failure.
			read.catch(() => undefined);
			return Promise.race([read, this.#closing.promise]);
		};
		let pending = readNext();
		let cursor = last?.eventId ?? 0;
		let toProve = last;
		let caughtUp = false;
		while (!this.#closed) {
			const wait = caughtUp ? Math.max(this.#options.idleMs(), QUIET_MS) : QUIET_MS;
			const read = await within(pending, toProve ? REPLAY_MS : wait);
			if (read === elapsed) {
				if (this.#closed) break;
				if (toProve) return 'unsure';
				if (caughtUp) return 'idle';
				caughtUp = true;
				this.#options.caughtUp();
				continue;
			}
			let events = read.events;
			if (toProve) {
				const first = parseEngineEvent(events[0]);
				if (!first || !sameEvent(first, toProve)) return 'rewritten';
				toProve = null;
				events = events.slice(1);
			}
			const batch: RunEvent[] = [];
			for (const raw of events) {
				const event = parseEngineEvent(raw);
				if (event && event.eventId <= cursor) return this.#hand(batch, 'rewritten');
				if (!event) continue;
				cursor = event.eventId;
				batch.push(event);
			}
			if (read.done) return this.#hand(batch, 'done');
			this.#hand(batch, 'idle');
			pending = readNext();
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
	const feed = await open(0);
	try {
		let at = 0;
		while (at < stored.length) {
			const read = await within(feed.next(), REPLAY_MS);
			if (read === elapsed) return at === 0 ? 'unsure' : 'rewritten';
			for (const raw of read.events.slice(0, stored.length - at)) {
				const [event, expected] = [parseEngineEvent(raw), stored[at]];
				if (!event || !expected || !sameEvent(event, expected)) return 'rewritten';
				at += 1;
			}
			if (read.done && at < stored.length) return 'rewritten';
		}
		return 'same';
	} finally {
		feed[Symbol.dispose]?.();
	}
}

/** Two reads of the same event. Times are the engine's, so a rewritten history has others. */
export function sameEvent(a: RunEvent, b: RunEvent): boolean {
	return a.eventId === b.eventId && a.type === b.type && a.timestamp === b.timestamp;
}
