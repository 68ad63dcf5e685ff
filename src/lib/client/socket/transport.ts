// The only file that touches the socket. The SDK's AgentClient brings state sync, calls and
// back-off; this adds a heartbeat that decides what "live" means, opens a silent socket anew, and
// lets no call be sent later than it was asked for.
import { AgentClient } from 'agents/client';
import { connectionText } from '$lib/messages/components/connection';
import { HEARTBEAT, SESSION_ENDED_CODE, type Problem } from '$lib/protocol';
import { readInbound, type Inbound } from './inbound';
import { ASK_EVERY_MS, Pulse, type LinkStatus } from './pulse';

const OPEN = 1;
const CALL_TIMEOUT_MS = 30_000;
/** Between the end of a session and the next attempt, Ms: the clocks of two servers may differ. */
const RENEW_AFTER_MS = 300;

/** Where to connect. `WebSocket` stands in for the browser's own in tests. */
export type Endpoint = {
	host: string;
	secure: boolean;
	/** Whose Operations agent: each workspace has its own. */
	workspace: string;
	WebSocket?: unknown;
	/** The address of another Agent than the Operations agent: `store-agent/berlin`. */
	path?: string;
};

/** What the transport tells its owner. */
export type TransportEvents = {
	/** A socket is open: whatever should be sent on each connection is sent now. */
	onOpen: () => void;
	/** What arrived, read, and as it came. */
	onInbound: (inbound: Inbound, data: unknown) => void;
	/** The Agent's synced state, as it came. */
	onState: (state: unknown) => void;
	/** The status may read otherwise now. */
	onPulse: () => void;
	/** Is all that is shown from this socket? Without it, whatever arrives counts. */
	isConfirmed?: () => boolean;
	/** The server ended it for good. */
	onRefused: (reason: string) => void;
	/**
	 * A handshake failed. Browsers hide why, so the owner finds out over HTTP: the problem, if one
	 * is not let in any more.
	 */
	findRefusal: () => Promise<Problem | null>;
};

/** Nothing was sent, because there is no connection. */
export class NotSentError extends Error {
	override readonly name = 'NotSentError';
}

/** It was sent, and the answer did not arrive. */
export class AnswerLostError extends Error {
	override readonly name = 'AnswerLostError';
}

/** Shows the SDK's client its own frames only: it throws at JSON that is no object. */
class QuietClient extends AgentClient {
	readonly #hear: (data: unknown) => Inbound;

	constructor(
		hear: (data: unknown) => Inbound,
		options: ConstructorParameters<typeof AgentClient>[0]
	) {
		super(options);
		this.#hear = hear;
	}

	override dispatchEvent(event: Event): boolean {
		if (event.type !== 'message' || !('data' in event)) return super.dispatchEvent(event);
		return this.#hear(event.data).kind !== 'sdk' || super.dispatchEvent(event);
	}
}

/** One socket after another to the Operations agent, or to another, and what is heard on it. */
export class Transport {
	#endpoint: Endpoint;
	#events: TransportEvents;
	#pulse = new Pulse(performance.now());
	#socket: AgentClient | null = null;
	#listening = new AbortController();
	#askedAt = 0;
	#ticker: ReturnType<typeof setInterval>;
	/** Who waits for a socket to open. */
	readonly #waiting = new Set<() => void>();

	constructor(endpoint: Endpoint, events: TransportEvents) {
		this.#endpoint = endpoint;
		this.#events = events;
		this.#ticker = setInterval(() => this.#tick(), ASK_EVERY_MS / 2);
		this.open();
	}

	/** The status now, and since when. */
	read(): { status: LinkStatus; since: number } {
		return this.#pulse.read(performance.now());
	}

	/** Opens a new socket, whatever became of the last one. */
	open(): void {
		this.#end();
		this.#pulse.renewed(performance.now());
		this.#listening = new AbortController();
		this.#socket = this.#connect(this.#listening.signal);
	}

	/** Sends a text frame if there is a connection. */
	send(text: string): boolean {
		return this.#socket?.readyState === OPEN && this.#socket.send(text);
	}

	/** Asks for a heartbeat now. */
	ask(): void {
		if (!this.send(HEARTBEAT.ask)) return;
		this.#askedAt = performance.now();
		this.#pulse.asked(this.#askedAt);
	}

	/** Resolves once a socket is open, or when `ms` have passed. */
	async opened(ms: number): Promise<void> {
		if (this.#socket?.readyState === OPEN) return;
		await new Promise<void>((resolve) => {
			const done = () => {
				clearTimeout(timer);
				this.#waiting.delete(done);
				resolve();
			};
			const timer = setTimeout(done, ms);
			this.#waiting.add(done);
		});
	}

	/** Calls a method of the Agent. Rejects with NotSentError, AnswerLostError or the Agent's own. */
	async call(method: string, args: unknown[]): Promise<unknown> {
		const socket = this.#socket;
		if (socket?.readyState !== OPEN) throw new NotSentError();
		let timer: ReturnType<typeof setTimeout> | undefined;
		const timeout = new Promise<never>((_, reject) => {
			timer = setTimeout(() => reject(new AnswerLostError()), CALL_TIMEOUT_MS);
		});
		try {
			return await Promise.race([socket.call(method, args, { timeout: 0 }), timeout]);
		} catch (error) {
			throw socket.readyState === OPEN ? error : new AnswerLostError();
		} finally {
			clearTimeout(timer);
		}
	}

	/** Ends it: no socket, no timer. */
	dispose(): void {
		clearInterval(this.#ticker);
		this.#end();
	}

	#end(): void {
		this.#listening.abort();
		this.#socket?.close();
		this.#socket = null;
	}

	#connect(signal: AbortSignal): AgentClient {
		let hasOpened = false;
		const socket = new QuietClient((data) => hear(data), {
			agent: 'operations-agent',
			name: this.#endpoint.workspace,
			...(this.#endpoint.path === undefined ? {} : { basePath: `agents/${this.#endpoint.path}` }),
			host: this.#endpoint.host,
			protocol: this.#endpoint.secure ? 'wss' : 'ws',
			...(this.#endpoint.WebSocket ? { WebSocket: this.#endpoint.WebSocket } : {}),
			// The delays differ from page to page, so that they do not all return in one instant.
			minReconnectionDelay: 300 + Math.random() * 500,
			maxReconnectionDelay: 6_000 + Math.random() * 3_000,
			reconnectionDelayGrowFactor: 1.6,
			maxEnqueuedMessages: 0,
			onStateUpdate: (state, source) => {
				if (source === 'server' && !signal.aborted) this.#events.onState(state);
			},
			onConnectionError: (error) => {
				if (signal.aborted) return;
				if (error.code === SESSION_ENDED_CODE) void this.#renewSession(signal);
				else this.#refuse(error.reason || connectionText.closedWith(error.code));
			}
		});
		const onOpen = () => {
			hasOpened = true;
			this.#pulse.opened();
			this.#events.onOpen();
			for (const done of [...this.#waiting]) done();
			this.ask();
			this.#events.onPulse();
		};
		const hear = (data: unknown): Inbound => {
			const inbound = readInbound(data);
			if (signal.aborted) return inbound;
			this.#events.onInbound(inbound, data);
			this.#pulse.heard(performance.now(), this.#isConfirmed());
			this.#events.onPulse();
			return inbound;
		};
		const onClose = () => {
			this.#pulse.closed(performance.now());
			this.#events.onPulse();
			if (!hasOpened) void this.#findRefusal(signal);
			hasOpened = false;
		};
		socket.addEventListener('open', onOpen, { signal });
		socket.addEventListener('close', onClose, { signal });
		return socket;
	}

	async #findRefusal(signal: AbortSignal): Promise<void> {
		const found = await this.#events.findRefusal();
		if (found && !signal.aborted) this.#refuse(found.detail);
	}

	/** Connects again, which signs in again, or shows why the server lets nobody in. */
	async #renewSession(signal: AbortSignal): Promise<void> {
		await this.#findRefusal(signal);
		if (signal.aborted) return;
		setTimeout(() => {
			if (!signal.aborted) this.open();
		}, RENEW_AFTER_MS);
	}

	#refuse(reason: string): void {
		this.#end();
		this.#pulse.refused(performance.now());
		this.#events.onRefused(reason);
		this.#events.onPulse();
	}

	#isConfirmed(): boolean {
		return this.#events.isConfirmed?.() ?? true;
	}

	#tick(): void {
		const now = performance.now();
		this.#pulse.confirmed(now, this.#isConfirmed());
		if (this.#pulse.mustReopen(now)) this.open();
		else if (now - this.#askedAt >= ASK_EVERY_MS) this.ask();
		this.#events.onPulse();
	}
}
