import {
	answerSchema,
	OPERATIONS,
	problem,
	summarySchema,
	type Answer,
	type Change,
	type ClientFrameInput,
	type Problem,
	type RequestInput,
	type Summary,
	type ViewInput
} from '$lib/protocol';
import { Clock } from './clock';
import type { Inbound } from './inbound';
import type { LinkStatus } from './pulse';
import { ServerClock } from './server-clock';
import { AnswerLostError, NotSentError, Transport, type Endpoint } from './transport';
import { Watches } from './watches';

/** Where to connect, and who knows why a handshake was refused. */
export type ConnectionOptions = Endpoint & { findRefusal?: () => Promise<Problem | null> };

/** The page's one connection to the Operations agent: its status, what is watched, calls. */
export class Connection {
	readonly #options: ConnectionOptions;
	#transport: Transport;
	#serverClock = new ServerClock();
	#watches = new Watches((frame) => this.#send(frame));
	#disposed = new AbortController();

	#link = $state.raw<{ status: LinkStatus; since: number }>({ status: 'connecting', since: 0 });
	#summary = $state.raw<Summary | null>(null);
	#refused = $state.raw<string | null>(null);
	#unreadable = $state(0);

	/** The server's time; durations tick by it. */
	readonly clock = new Clock(() => {
		const elapsed = performance.now();
		return this.#serverClock.at(elapsed) ?? performance.timeOrigin + elapsed;
	});

	constructor(options: ConnectionOptions) {
		const { findRefusal, ...endpoint } = options;
		this.#options = options;
		this.#transport = new Transport(endpoint, {
			onOpen: () => this.#watches.askAgain(),
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
		return Math.round(this.now - (performance.now() - this.#link.since));
	}

	/** True only while the server was heard in the last few seconds. */
	get live(): boolean {
		return this.#link.status === 'live';
	}

	/** Why the server ended it for good; null while it did not. */
	get refused(): string | null {
		return this.#refused;
	}

	/** The counts that everyone needs; the last ones known while disconnected. */
	get summary(): Summary | null {
		return this.#summary;
	}

	/** How many frames arrived that were not of the protocol. */
	get unreadable(): number {
		return this.#unreadable;
	}

	/** The server's time in Ms; `clock.now` is the one that ticks. */
	get now(): number {
		return this.clock.read();
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
			return failed('internal', 'The answer could not be read.');
		} catch (error) {
			if (error instanceof NotSentError) {
				return failed('unavailable', 'There is no connection right now. Nothing was sent.');
			}
			if (error instanceof AnswerLostError) {
				return failed('unavailable', OPERATIONS[request.type].changes ? LOST_CHANGE : LOST_READ);
			}
			return failed('internal', error instanceof Error ? error.message : String(error));
		}
	}

	/**
	 * Looks at something: `onChange` is given all of it, then each change, and all of it again
	 * after a reconnect. Returns what ends it.
	 */
	watch(view: ViewInput, onChange: (change: Change) => void): () => void {
		return this.#watches.add(view, onChange);
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

	#publish(): void {
		const read = this.#transport.read();
		if (read.status !== this.#link.status || read.since !== this.#link.since) this.#link = read;
	}

	#send(frame: ClientFrameInput): void {
		this.#transport.send(JSON.stringify(frame satisfies ClientFrameInput));
	}

	#take(inbound: Inbound): void {
		if (inbound.kind === 'unreadable') this.#report(inbound.why);
		if (inbound.kind !== 'frame') return;
		const { frame } = inbound;
		this.#serverClock.sample(frame.at, performance.now());
		if (frame.type === 'change') this.#watches.take(frame.watch, frame.change);
		else console.error('The server complains of a frame:', frame.problem.detail);
	}

	#takeSummary(state: unknown): void {
		const parsed = summarySchema.safeParse(state);
		if (parsed.success) this.#summary = parsed.data;
		else this.#report(parsed.error);
	}

	#report(why: unknown): void {
		this.#unreadable += 1;
		console.error('Signalbox could not read what the server sent:', why);
	}
}

/** How long a question waits for a connection, Ms. */
const PATIENCE_MS = 4_000;

const LOST_CHANGE =
	'The connection was lost before the answer came. It is not known whether this was carried out: ' +
	'look at what it should have changed before you try again.';
const LOST_READ = 'The connection was lost before the answer came. Try again.';

function failed(kind: 'internal' | 'unavailable', detail: string): Answer<unknown> {
	return { ok: false, problem: problem(kind, detail) };
}
