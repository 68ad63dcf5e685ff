// A tail reads a history without an open-ended call: all that an Agent holds is one read of a few
// seconds at most, from a reading that `HistoryReader` has open.
import type { RunRef } from '../../../protocol';
import type { HistoryRead, HistoryReading } from './history-reading';

/** A history after a cursor: first the stored events, then live ones. */
export type HistoryFeed = {
	/** Resolves with at least one event, or when the instance has ended. */
	next(): Promise<HistoryRead>;
	[Symbol.dispose]?: () => void;
};

/** A {@link HistoryReading}, local or over RPC. */
type RemoteOrLocalReading = Pick<HistoryReading, 'read' | typeof Symbol.dispose>;

/** What opens histories: `HistoryReader`, over RPC. */
export type HistorySource = {
	/** Opens the history after the event `after`. */
	open(workflow: string, id: string, after: number): Promise<RemoteOrLocalReading>;
};

/** How long the first read of a feed waits for more than the engine has, Ms. */
const FIRST_MS = 10;
/** How long each further read waits for something to happen, Ms. */
const WAIT_MS = 5_000;
/** How many events in a row are skipped that cannot be read, and how long each skip waits, Ms. */
const MOST_SKIPPED = 5;
const SKIP_MS = 1_000;
/** The type of the event that stands for one that cannot be read. */
const UNREADABLE = 'unreadable';

/** A feed that keeps one reading open until it is disposed. */
export function singleReadingFeed(reading: RemoteOrLocalReading): HistoryFeed {
	return {
		async next() {
			for (;;) {
				const read = await reading.read(WAIT_MS);
				if (read.done || read.events.length > 0) return read;
			}
		},
		[Symbol.dispose]: () => reading[Symbol.dispose]()
	};
}

/**
 * A feed that opens a new reading whenever the previous one stays silent or breaks off. Each new
 * reading starts one event early: replaying a known event proves that the history was not rewritten.
 */
export class RenewedFeed implements HistoryFeed {
	readonly #source: HistorySource;
	readonly #ref: RunRef;
	#reading: RemoteOrLocalReading | null = null;
	/** Events that were read when the feed was opened, if any. */
	#prefetched: HistoryRead | null = null;
	#cursor: number;
	/** The last event read: the next reading has to start with it. */
	#lastEvent: unknown;
	#isProved = true;
	/** The event after which a read failed, though the history was intact. */
	#failedAfter: number | null = null;
	#isClosed = false;

	private constructor(source: HistorySource, ref: RunRef, cursor: number) {
		this.#source = source;
		this.#ref = ref;
		this.#cursor = cursor;
	}

	/** Opens the history after the event `cursor` and reads what the engine already has. */
	static async open(source: HistorySource, ref: RunRef, cursor: number): Promise<RenewedFeed> {
		const feed = new RenewedFeed(source, ref, cursor);
		try {
			await feed.#renew();
			const read = await feed.#reading?.read(FIRST_MS);
			if (read && (read.done || read.events.length > 0)) feed.#prefetched = read;
			return feed;
		} catch (error) {
			feed[Symbol.dispose]();
			throw error;
		}
	}

	async next(): Promise<HistoryRead> {
		while (!this.#isClosed) {
			const read = this.#prefetched ?? (await this.#read());
			this.#prefetched = null;
			const isFirstOfReading = !this.#isProved;
			this.#isProved = true;
			if (isFirstOfReading) {
				// No events at all: the run is gone, and the next read finds out why.
				if (read.events.length === 0) return { events: [], done: true };
				// A different event belongs to a rewritten history: the tail sees that its id is not new.
				if (isSameEvent(read.events[0], this.#lastEvent)) read.events.shift();
			}
			this.#lastEvent = read.events.at(-1) ?? this.#lastEvent;
			this.#cursor = idOf(this.#lastEvent) ?? this.#cursor;
			if (read.done || read.events.length > 0) return read;
			if (!isFirstOfReading) await this.#renew();
		}
		return { events: [], done: true };
	}

	[Symbol.dispose](): void {
		this.#isClosed = true;
		this.#end();
	}

	async #read(): Promise<HistoryRead> {
		const [reading, isProved] = [this.#reading, this.#isProved];
		try {
			return (await reading?.read(WAIT_MS)) ?? { events: [], done: true };
		} catch (error) {
			// A restart ends the subscription of a running instance. Before anything was read, it is a
			// failure instead.
			if (this.#isClosed || !isProved || this.#lastEvent === undefined) throw error;
			if (this.#failedAfter === this.#cursor) return this.#skipEvent(error);
			this.#failedAfter = this.#cursor;
			await this.#renew();
			return this.#read();
		}
	}

	/**
	 * Reads on behind an event that fails each time it is read, and puts a marker in its place. Only a
	 * history that goes on, or that has ended, proves that the event is what failed.
	 */
	async #skipEvent(error: unknown): Promise<HistoryRead> {
		const { workflow, id } = this.#ref;
		for (let skipped = 1; skipped <= MOST_SKIPPED && !this.#isClosed; skipped += 1) {
			this.#end();
			const reading = await this.#source.open(workflow, id, this.#cursor + skipped);
			this.#reading = reading;
			try {
				const read = await reading.read(SKIP_MS);
				if (!read.done && read.events.length === 0) break;
				return { ...read, events: [this.#unreadableEvent(error), ...read.events] };
			} catch {
				continue; // the event behind it fails too
			}
		}
		throw error;
	}

	#unreadableEvent(error: unknown): object {
		const timestamp: unknown = Object(this.#lastEvent)['timestamp'];
		const message = error instanceof Error ? error.message : String(error);
		const eventId = this.#cursor + 1;
		return { eventId, timestamp, type: UNREADABLE, error: { name: 'Error', message } };
	}

	async #renew(): Promise<void> {
		this.#end();
		const { workflow, id } = this.#ref;
		this.#isProved = this.#lastEvent === undefined;
		const after = this.#isProved ? this.#cursor : this.#cursor - 1;
		const reading = await this.#source.open(workflow, id, after);
		if (this.#isClosed) reading[Symbol.dispose]();
		else this.#reading = reading;
	}

	#end(): void {
		this.#reading?.[Symbol.dispose]();
		this.#reading = null;
	}
}

function idOf(event: unknown): number | null {
	const id: unknown = Object(event)['eventId'];
	return typeof id === 'number' ? id : null;
}

function isSameEvent(a: unknown, b: unknown): boolean {
	const [one, two] = [Object(a), Object(b)];
	return one.eventId === two.eventId && one.timestamp === two.timestamp && one.type === two.type;
}
