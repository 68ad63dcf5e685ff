// A tail reads one run's history from the engine and passes it on in batches: first the events after
// the cursor, then live ones. `fold` interprets the history; `Tails` decides when to attach.
import { parseEngineEvent, type RunEvent } from '../../../protocol';
import { timedOut, withTimeout } from '../../rpc/with-timeout';
import type { HistoryFeed } from './history-feed';

/** Why a tail ended; `outdated` when what it reads has no place any more. */
export type TailEnd = 'done' | 'idle' | 'closed' | 'rewritten' | 'unsure' | 'outdated';

export type TailOptions = {
	/** Opens the history after the event of this id. */
	openHistory: (cursor: number) => Promise<HistoryFeed>;
	/** The last stored event: replaying it proves that the history was not rewritten. */
	lastEvent: RunEvent | null;
	/** Receives each batch of new events, in order. Returns false when it does not take them. */
	recordEvents: (events: RunEvent[]) => boolean;
	/** How long to stay open without new events, Ms. Called before each wait. */
	idleMs: () => number;
	/** Called once everything that the engine had was read. */
	onCaughtUp: () => void;
};

/** How long the engine may take to replay an event that it has, Ms. */
const REPLAY_MS = 5_000;
/** Silence of this length after a read means that the tail has caught up, Ms. */
const QUIET_MS = 25;

export class Tail {
	readonly #options: TailOptions;
	readonly #closing = Promise.withResolvers<typeof timedOut>();
	#closed = false;

	constructor(options: TailOptions) {
		this.#options = options;
	}

	/** Ends the tail after the current batch. */
	close(): void {
		this.#closed = true;
		this.#closing.resolve(timedOut);
	}

	/**
	 * Reads until the run ends, nothing comes for `idleMs`, or the tail is closed. Resolves with
	 * `rewritten` when the engine's history no longer contains `lastEvent` (the run was restarted), with
	 * `unsure` when the engine did not replay it at all: see {@link compareHistory}. Rejects when the
	 * engine cannot be read.
	 */
	async run(): Promise<TailEnd> {
		const { lastEvent, openHistory } = this.#options;
		// Start one event early: an intact history returns the last stored event first.
		const feed = await openHistory(lastEvent ? lastEvent.eventId - 1 : 0);
		try {
			return await this.#readFeed(feed, lastEvent);
		} finally {
			feed[Symbol.dispose]?.();
		}
	}

	async #readFeed(feed: HistoryFeed, lastEvent: RunEvent | null): Promise<TailEnd> {
		const readNext = () => {
			const read = feed.next();
			// A closed tail does not await its last read, whose rejection must not go unhandled.
			read.catch(() => undefined);
			return Promise.race([read, this.#closing.promise]);
		};
		let pending = readNext();
		let cursor = lastEvent?.eventId ?? 0;
		let expected = lastEvent;
		let caughtUp = false;
		while (!this.#closed) {
			const wait = caughtUp ? Math.max(this.#options.idleMs(), QUIET_MS) : QUIET_MS;
			const read = await withTimeout(pending, expected ? REPLAY_MS : wait);
			if (read === timedOut) {
				if (this.#closed) break;
				if (expected) return 'unsure';
				if (caughtUp) return 'idle';
				caughtUp = true;
				this.#options.onCaughtUp();
				continue;
			}
			let events = read.events;
			if (expected) {
				const first = parseEngineEvent(events[0]);
				if (!first || !sameEvent(first, expected)) return 'rewritten';
				expected = null;
				events = events.slice(1);
			}
			const batch: RunEvent[] = [];
			for (const raw of events) {
				const event = parseEngineEvent(raw);
				if (event && event.eventId <= cursor) return this.#passOn(batch, 'rewritten');
				if (!event) continue;
				cursor = event.eventId;
				batch.push(event);
			}
			if (read.done) return this.#passOn(batch, 'done');
			if (this.#passOn(batch, 'idle') === 'outdated') return 'outdated';
			pending = readNext();
		}
		return 'closed';
	}

	#passOn(batch: RunEvent[], end: TailEnd): TailEnd {
		// Read on, and the events after a gap would be stored.
		if (batch.length > 0 && !this.#options.recordEvents(batch)) return 'outdated';
		if (end === 'done') this.#options.onCaughtUp();
		return end;
	}
}

/**
 * Compares the engine's history from its beginning with the stored events. Returns `rewritten` when
 * they differ, or when the engine's history is the shorter one.
 */
export async function compareHistory(
	openHistory: TailOptions['openHistory'],
	stored: readonly RunEvent[]
): Promise<'same' | 'rewritten' | 'unsure'> {
	const feed = await openHistory(0);
	try {
		let at = 0;
		while (at < stored.length) {
			const read = await withTimeout(feed.next(), REPLAY_MS);
			if (read === timedOut) return at === 0 ? 'unsure' : 'rewritten';
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

/** Are these the same event? A rewritten history has other timestamps. */
export function sameEvent(a: RunEvent, b: RunEvent): boolean {
	return a.eventId === b.eventId && a.type === b.type && a.timestamp === b.timestamp;
}
