import { jsonSchema, toJson, type Json, type Problem } from '$lib/protocol';
import type { LinkStatus } from '../socket/pulse';
import { Transport, type Endpoint } from '../socket/transport';

/** Something that an Agent told everyone who listens. */
export type Broadcast = {
	id: number;
	at: number;
	text: string;
	/** It stands for what came while there was no connection, which nobody kept. */
	isGap: boolean;
};

/** What an Agent's state became, and what it was before. */
export type AgentState = { value: Json; before: Json | undefined; at: number };

/** Broadcasts beyond this many are let go, the oldest first. */
export const MOST_BROADCASTS = 1_000;

export type LiveAgentOptions = Endpoint & {
	/** The Agent's address: `store-agent/berlin`. */
	path: string;
	/** The server's time, Ms. */
	now: () => number;
	findRefusal?: (() => Promise<Problem | null>) | undefined;
};

/**
 * One Agent as it tells its own clients: its synced state, and its broadcasts as they come. It has a
 * socket of its own from the beginning to `dispose`.
 */
export class LiveAgent {
	readonly #transport: Transport;
	readonly #now: () => number;
	#state = $state.raw<AgentState | null>(null);
	#broadcasts = $state.raw<readonly Broadcast[]>([]);
	#told = $state(0);
	#link = $state.raw<{ status: LinkStatus; since: number }>({ status: 'connecting', since: 0 });
	#refused = $state.raw<string | null>(null);
	#pending: Broadcast[] = [];
	#hasOpened = false;
	#lastId = 0;

	constructor({ path, now, findRefusal, ...endpoint }: LiveAgentOptions) {
		this.#now = now;
		this.#transport = new Transport(
			{ ...endpoint, path },
			{
				onOpen: () => this.#open(),
				onInbound: (inbound, data) => {
					if (inbound.kind === 'frame' || inbound.kind === 'unreadable') this.#hear(data);
				},
				onState: (state) => this.#takeState(state),
				onPulse: () => this.#publish(),
				onRefused: (reason) => (this.#refused = reason),
				findRefusal: findRefusal ?? (() => Promise.resolve(null))
			}
		);
	}

	/** The synced state; null until the Agent has told it. */
	get state(): AgentState | null {
		return this.#state;
	}

	/** The last broadcasts, oldest first. */
	get broadcasts(): readonly Broadcast[] {
		return this.#broadcasts;
	}

	/** How many broadcasts came so far, also those that were let go. */
	get told(): number {
		return this.#told;
	}

	get status(): LinkStatus {
		return this.#link.status;
	}

	/** Why the server ended it for good; null while it did not. */
	get refused(): string | null {
		return this.#refused;
	}

	/** Lets go of what came so far. */
	clear(): void {
		this.#broadcasts = [];
	}

	/** Ends it: no socket, no timer. */
	dispose(): void {
		this.#transport.dispose();
	}

	#takeState(state: unknown): void {
		const value = jsonSchema.safeParse(state).data ?? toJson(state);
		const before = this.#state?.value;
		// Told again after a reconnect it is no change.
		if (before !== undefined && JSON.stringify(before) === JSON.stringify(value)) return;
		this.#state = { value, before, at: this.#now() };
	}

	/** A socket that is not the first one: what was said in between is missing. */
	#open(): void {
		if (this.#hasOpened) this.#add('', true);
		this.#hasOpened = true;
	}

	#hear(data: unknown): void {
		this.#told += 1;
		this.#add(typeof data === 'string' ? data : 'a frame that is no text', false);
	}

	#add(text: string, isGap: boolean): void {
		this.#lastId += 1;
		const broadcast = { id: this.#lastId, at: this.#now(), text, isGap };
		if (this.#pending.push(broadcast) > 1) return;
		// What comes in one go is published once. Not by frame: those stop in a hidden tab.
		queueMicrotask(() => {
			this.#broadcasts = [...this.#broadcasts, ...this.#pending].slice(-MOST_BROADCASTS);
			this.#pending = [];
		});
	}

	#publish(): void {
		const read = this.#transport.read();
		if (read.status !== this.#link.status || read.since !== this.#link.since) this.#link = read;
	}
}
