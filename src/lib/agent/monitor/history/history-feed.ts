// How a tail reads on and on, without an open-ended read: what an Agent holds on to is one read of a
// few seconds at most, of a reading that somebody else has open.
import type { RunRef } from '../../../protocol';
import type { HistoryRead, HistoryReading } from './history-reading';

/** A history from a place on: first what there is, then what comes. */
export type HistoryFeed = {
	/** Resolves with at least one event, or when the instance has ended. */
	next(): Promise<HistoryRead>;
	[Symbol.dispose]?: () => void;
};

/** A {@link HistoryReading} here or over RPC. */
export type Reading = Pick<HistoryReading, 'read' | typeof Symbol.dispose>;

/** Whoever reads: `HistoryReader`, over RPC. */
export type HistorySource = {
	/** Opens the history after the event `after`. */
	open(workflow: string, id: string, after: number): Promise<Reading>;
};

/** How long the first read of a feed waits for more than the engine has, Ms. */
const FIRST_MS = 10;
/** How long each further read waits for something to happen, Ms. */
const WAIT_MS = 5_000;

/** The feed of one reading, which lasts for as long as the feed. */
export function lastingFeed(reading: Reading): HistoryFeed {
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
 * A feed of readings that somebody else has open. When one has said nothing for a while, or broke
 * off, the next begins one event early: the replay of an event that is known proves that the history
 * was not rewritten in between.
 */
export class RenewedFeed implements HistoryFeed {
	readonly #source: HistorySource;
	readonly #ref: RunRef;
	#reading: Reading | null = null;
	/** What was read when it was opened, if that was anything. */
	#atHand: HistoryRead | null = null;
	#cursor: number;
	/** The event that the next reading has to begin with. */
	#known: unknown;
	#isProved = true;
	#isClosed = false;

	private constructor(source: HistorySource, ref: RunRef, cursor: number) {
		this.#source = source;
		this.#ref = ref;
		this.#cursor = cursor;
	}

	/** Opens the history after the event `cursor`, with what the engine has of it at hand. */
	static async open(source: HistorySource, ref: RunRef, cursor: number): Promise<RenewedFeed> {
		const feed = new RenewedFeed(source, ref, cursor);
		try {
			await feed.#renew();
			const read = await feed.#reading?.read(FIRST_MS);
			if (read && (read.done || read.events.length > 0)) feed.#atHand = read;
			return feed;
		} catch (error) {
			feed[Symbol.dispose]();
			throw error;
		}
	}

	async next(): Promise<HistoryRead> {
		while (!this.#isClosed) {
			const read = this.#atHand ?? (await this.#read());
			this.#atHand = null;
			const isProof = !this.#isProved;
			this.#isProved = true;
			if (isProof) {
				// Without it the run is gone: whoever looks next finds out why.
				if (read.events.length === 0) return { events: [], done: true };
				// Another event instead is of another history: its id is not new, which tells.
				if (same(read.events[0], this.#known)) read.events.shift();
			}
			this.#known = read.events.at(-1) ?? this.#known;
			this.#cursor = idOf(this.#known) ?? this.#cursor;
			if (read.done || read.events.length > 0) return read;
			if (!isProof) await this.#renew();
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
			// The engine ended its instance's present life, as it does for a restart. What has not even
			// begun does not break off: it fails.
			if (this.#isClosed || !isProved || this.#known === undefined) throw error;
			await this.#renew();
			return this.#read();
		}
	}

	async #renew(): Promise<void> {
		this.#end();
		const { workflow, id } = this.#ref;
		this.#isProved = this.#known === undefined;
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

function same(a: unknown, b: unknown): boolean {
	const [one, two] = [Object(a), Object(b)];
	return one.eventId === two.eventId && one.timestamp === two.timestamp && one.type === two.type;
}
