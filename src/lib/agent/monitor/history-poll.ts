// A subscription made of long reads, each of which ends by itself: what an Agent holds on to is
// one read of a few seconds at most, never an open-ended one.
import type { RunRef } from '../../protocol';
import { elapsed, within } from './elapse';
import type { Subscription } from './tail';

/** What one read found; `done` when the instance has ended after it. */
export type HistoryRead = { events: unknown[]; done: boolean };

/** Whoever reads: `HistoryReader`, over RPC. */
export type HistorySource = {
	read(
		workflow: string,
		id: string,
		after: number,
		known: boolean,
		waitMs: number,
		gatherMs: number
	): Promise<HistoryRead>;
};

/** At most this much in one read: events, and characters of their JSON (an output has up to 1 MB). */
const MOST = { events: 200, characters: 4_000_000 } as const;
/** How long the engine may take to replay an event that it has, Ms. */
const REPLAY_MS = 5_000;
/** A read goes on while events come, but no longer than this, or so many times its `gatherMs`, Ms. */
const GATHER_MOST = { ms: 25, times: 5 } as const;
/** How long the first read of a poll waits for more than the engine has, Ms. */
const FIRST_MS = 10;
/** How long each further read waits for something to happen, Ms. */
const WAIT_MS = 5_000;

/**
 * Reads what a subscription has, and waits up to `waitMs` for the first event when it has none.
 * With `known`, the first event is one that the asker has: it is replayed at once or not at all.
 */
export async function readHistory(
	subscription: Subscription,
	known: boolean,
	waitMs: number,
	gatherMs: number
): Promise<HistoryRead> {
	const events: unknown[] = [];
	const began = Date.now();
	const gatherMost = Math.max(GATHER_MOST.ms, GATHER_MOST.times * gatherMs);
	let patience = known ? REPLAY_MS : waitMs;
	let characters = 0;
	for (;;) {
		const read = await within(subscription.next(), patience);
		if (read === elapsed) return { events, done: false };
		if (read.done) return { events, done: true };
		events.push(read.value);
		characters += JSON.stringify(read.value).length;
		const waiting = known && events.length === 1;
		const isFull =
			events.length >= MOST.events ||
			characters >= MOST.characters ||
			(!waiting && Date.now() - began >= gatherMost);
		if (isFull && !waiting) return { events, done: false };
		patience = waiting ? waitMs : gatherMs;
	}
}

/** A subscription whose reads are polls of a {@link HistorySource}. */
export class HistoryPoll implements Subscription {
	readonly #source: HistorySource;
	readonly #ref: RunRef;
	readonly #gatherMs: () => number;
	#cursor: number;
	/** Is the event at the cursor one that was seen, so that its replay proves the history intact? */
	#known = false;
	#last: unknown;
	#events: unknown[] = [];
	#done = false;

	private constructor(source: HistorySource, ref: RunRef, cursor: number, gatherMs: () => number) {
		this.#source = source;
		this.#ref = ref;
		this.#cursor = cursor;
		this.#gatherMs = gatherMs;
	}

	/**
	 * Opens the history after the event `cursor`, with all that the engine has of it at hand.
	 * @param gatherMs A read goes on while the next event comes within so long: each read costs a
	 * subscription of its own, so where many runs are read at once fewer are better than soon.
	 */
	static async open(
		source: HistorySource,
		ref: RunRef,
		cursor: number,
		gatherMs: () => number
	): Promise<HistoryPoll> {
		const poll = new HistoryPoll(source, ref, cursor, gatherMs);
		await poll.#fill(FIRST_MS);
		return poll;
	}

	async next(): Promise<IteratorResult<unknown, void>> {
		while (this.#events.length === 0) {
			if (this.#done) return { done: true, value: undefined };
			await this.#fill(WAIT_MS);
		}
		const value = this.#events.shift();
		this.#cursor = idOf(value) ?? this.#cursor;
		this.#known = true;
		this.#last = value;
		return { done: false, value };
	}

	[Symbol.dispose](): void {
		this.#done = true;
	}

	async #fill(waitMs: number): Promise<void> {
		const { workflow, id } = this.#ref;
		const known = this.#known;
		const after = known ? this.#cursor - 1 : this.#cursor;
		const gatherMs = this.#gatherMs();
		const read = await this.#source.read(workflow, id, after, known, waitMs, gatherMs);
		const [first, ...rest] = read.events;
		this.#done ||= read.done;
		if (!known) this.#events.push(...read.events);
		else if (first === undefined)
			this.#done = true; // it is gone: whoever looks next finds out why
		else if (same(first, this.#last)) this.#events.push(...rest);
		else this.#events.push(...read.events); // another history: its id is not new, which tells
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
