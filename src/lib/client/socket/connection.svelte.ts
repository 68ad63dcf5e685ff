import {
	answerSchema,
	OPERATIONS,
	problem,
	SIGNALBOX_VERSION,
	summarySchema,
	type Answer,
	type Change,
	type ClientFrameInput,
	type Problem,
	type RequestInput,
	type Summary,
	type ViewInput
} from '$lib/protocol';
import { connectionText } from '$lib/messages/components/connection';
import { readTolerantly } from '../read-tolerantly';
import { Clock } from './clock';
import type { Inbound } from './inbound';
import type { LinkStatus } from './pulse';
import { ServerClock } from './server-clock';
import { AnswerLostError, NotSentError, Transport, type Endpoint } from './transport';
import { Subscriptions } from './subscriptions';

/** Where to connect, and who knows why a handshake was refused. */
export type ConnectionOptions = Endpoint & { findRefusal?: () => Promise<Problem | null> };

/** The page's one connection to the Operations agent: its status, subscriptions, calls. */
export class Connection {
	readonly #options: ConnectionOptions;
	#transport: Transport;
	#serverClock = new ServerClock();
	#subscriptions = new Subscriptions((frame) => this.#send(frame));
	/** Has the Agent itself said anything on this socket? The runtime answers heartbeats for it. */
	#isAgentHeard = false;
	#disposed = new AbortController();

	#link = $state.raw<{ status: LinkStatus; since: number }>({ status: 'connecting', since: 0 });
	#summary = $state.raw<Summary | null>(null);
	#refused = $state.raw<string | null>(null);
	#unreadable = $state(0);
	/** Answers to reads were lost and have not been asked for again. */
	#hasLostRead = false;
	#readRound = $state(0);
	#serverVersion = $state.raw<string | null>(null);

	/** The server's time; durations tick by it, and stand still while what is shown is stale. */
	readonly clock = new Clock(() => this.#timeAt(this.lost ? this.#link.since : performance.now()));

	constructor(options: ConnectionOptions) {
		const { findRefusal, ...endpoint } = options;
		this.#options = options;
		this.#transport = new Transport(endpoint, {
			onOpen: () => {
				this.#isAgentHeard = false;
				this.#send({ type: 'hello', version: SIGNALBOX_VERSION });
				if (this.#hasLostRead) this.#readRound += 1;
				this.#hasLostRead = false;
				this.#subscriptions.renew();
			},
			isConfirmed: () => this.#isAgentHeard && this.#subscriptions.areConfirmed(),
			onInbound: (inbound) => this.#take(inbound),
			onState: (state) => this.#takeSummary(state),
			onPulse: () => this.#publish(),
			onRefused: (reason) => (this.#refused = reason),
			findRefusal: findRefusal ?? (() => Promise.resolve(null))
		});
		this.#publish();
		this.#minThePage();
	}

	/** Where it is connected to, for a socket to another Agent. */
	get endpoint(): ConnectionOptions {
		return this.#options;
	}

	/** What the connection mark says. */
	get status(): LinkStatus {
		return this.#link.status;
	}

	/** Since when, by the server's time; for reconnecting and stale, when it was last heard. */
	get since(): number {
		return Math.round(this.#timeAt(this.#link.since));
	}

	/** True only while the server was heard in the last few seconds and has confirmed what is shown. */
	get live(): boolean {
		return this.#link.status === 'live';
	}

	/** Is what is on screen as it was a while ago, with nothing to be done about it from here? */
	get lost(): boolean {
		return this.#link.status === 'stale' || this.#link.status === 'refused';
	}

	/** Why the server ended it for good; null while it did not. */
	get refused(): string | null {
		return this.#refused;
	}

	/**
	 * Takes the summary of what this person sees, who is not sent that of the whole workspace. Returns
	 * what ends it.
	 */
	watchSummary(): () => void {
		return this.subscribe({ kind: 'summary' }, (change) => {
			if (change.kind === 'summary') this.#summary = change.summary;
		});
	}

	/** The counts that everyone needs; the last ones known while disconnected. */
	get summary(): Summary | null {
		return this.#summary;
	}

	/** How many frames arrived of which something could not be read. */
	get unreadable(): number {
		return this.#unreadable;
	}

	/** Grows when answers to reads were lost and there is a connection again: then ask again. */
	get readRound(): number {
		return this.#readRound;
	}

	/** Was this page loaded from another version of Signalbox than the server's? */
	get outdated(): boolean {
		return this.#serverVersion !== null && this.#serverVersion !== SIGNALBOX_VERSION;
	}

	/** The server's time in Ms; `clock.now` is the one that ticks. */
	get now(): number {
		return Math.round(this.#timeAt(performance.now()));
	}

	/**
	 * Asks for something and answers with its value or with what was wrong. It never rejects; when
	 * the answer is lost it says so. Nothing is ever sent twice, and what changes something is never
	 * sent later than it was asked for.
	 */
	async call(request: RequestInput): Promise<Answer<unknown>> {
		// A page asks as soon as it is drawn, which can be before its first socket is open.
		if (!OPERATIONS[request.type].changes) await this.#transport.opened(PATIENCE_MS);
		try {
			const parsed = answerSchema.safeParse(await this.#transport.call('perform', [request]));
			if (parsed.success) return parsed.data;
			this.#report(parsed.error);
			return failed('internal', connectionText.unreadableAnswer);
		} catch (error) {
			const isLost = error instanceof NotSentError || error instanceof AnswerLostError;
			if (isLost && !OPERATIONS[request.type].changes) this.#hasLostRead = true;
			if (error instanceof NotSentError) {
				return failed('unavailable', connectionText.notConnected);
			}
			if (error instanceof AnswerLostError) {
				return failed('unavailable', lostAnswer(request));
			}
			return failed('internal', error instanceof Error ? error.message : String(error));
		}
	}

	/**
	 * Subscribes to a view: `onChange` is given all of it, then each change, and all of it again
	 * after a reconnect. Returns what ends it.
	 */
	subscribe(view: ViewInput, onChange: (change: Change) => void): () => void {
		return this.#subscriptions.add(view, onChange);
	}

	/** Opens a new socket now, whatever became of the last one. */
	reconnect(): void {
		if (this.#disposed.signal.aborted) return;
		this.#refused = null;
		this.#transport.open();
		this.#publish();
	}

	/** Ends it for good. */
	dispose(): void {
		this.#disposed.abort();
		this.#transport.dispose();
	}

	/** Looks at once when the page wakes, is shown, or the machine is on a network again. */
	#minThePage(): void {
		if (typeof window === 'undefined') return;
		const { signal } = this.#disposed;
		const check = () => {
			this.#transport.ask();
			this.#publish();
		};
		window.addEventListener('pageshow', check, { signal });
		document.addEventListener('visibilitychange', check, { signal });
		const onOnline = () => {
			if (!this.live && this.#refused === null) this.reconnect();
		};
		window.addEventListener('online', onOnline, { signal });
	}

	/** The server's time in Ms when the monotonic clock shows `elapsed`. */
	#timeAt(elapsed: number): number {
		return this.#serverClock.at(elapsed) ?? performance.timeOrigin + elapsed;
	}

	#publish(): void {
		const read = this.#transport.read();
		if (read.status !== this.#link.status || read.since !== this.#link.since) this.#link = read;
	}

	#send(frame: ClientFrameInput): boolean {
		return this.#transport.send(JSON.stringify(frame satisfies ClientFrameInput));
	}

	#take(inbound: Inbound): void {
		if (inbound.kind !== 'heartbeat') this.#isAgentHeard = true;
		if (inbound.kind === 'unreadable') this.#report(inbound.why);
		if (inbound.kind !== 'frame') return;
		const { frame, issues } = inbound;
		if (issues.length > 0) this.#report(issues);
		this.#serverClock.sample(frame.at, performance.now());
		if (frame.type === 'hello') this.#serverVersion = frame.version;
		else if (frame.type === 'change') {
			this.#subscriptions.take(frame.watch, frame.change);
			if (frame.ack !== undefined) this.#send({ type: 'ack', ack: frame.ack });
		} else console.error('The server complains of a frame:', frame.problem.detail);
	}

	#takeSummary(state: unknown): void {
		const { value, issues } = readTolerantly(summarySchema, state);
		if (value) this.#summary = value;
		if (issues.length > 0) this.#report(issues);
	}

	#report(why: unknown): void {
		this.#unreadable += 1;
		console.error('Signalbox could not read what the server sent:', why);
	}
}

/** How long a question waits for a connection, Ms. */
const PATIENCE_MS = 4_000;

function lostAnswer({ type }: RequestInput): string {
	return OPERATIONS[type].changes ? connectionText.lostChange : connectionText.lostRead;
}

function failed(kind: 'internal' | 'unavailable', detail: string): Answer<unknown> {
	return { ok: false, problem: problem(kind, detail) };
}
