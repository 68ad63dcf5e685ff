// Somebody who looks on: a page of the dashboard without the page. It keeps what it sees with the
// client's own models, so what it holds in the end is what a browser would show.
import { randomUUID } from 'node:crypto';
import { readInbound } from '../../src/lib/client/socket/inbound';
import { applyToRun, type RunModel } from '../../src/lib/client/live/run-model';
import { applyToRuns, type RunsModel } from '../../src/lib/client/live/runs-model';
import type { Approval, Change, ClientFrameInput, ViewInput } from '../../src/lib/protocol';

const WAIT_MS = 250;

/** What one view has come to. */
export type Seen = {
	runs: RunsModel | undefined;
	run: RunModel | undefined;
	approvals: { approvals: readonly Approval[]; total: number } | undefined;
	/** Changes that came since the view was last asked for. */
	changes: number;
};

export class Viewer {
	readonly #url: string;
	readonly #views: Map<string, ViewInput>;
	readonly #seen = new Map<string, Seen>();
	/** Frames that could not be read, and watches that were refused: there are to be none. */
	readonly complaints: string[] = [];
	#socket: WebSocket | null = null;
	#awayUntil = 0;
	#closed = false;
	connections = 0;

	constructor(origin: string, views: Record<string, ViewInput>) {
		this.#url = `${origin.replace(/^http/, 'ws')}/agents/operations-agent/main?_pk=${randomUUID()}`;
		this.#views = new Map(Object.entries(views));
	}

	get ready(): boolean {
		return [...this.#views.keys()].every((watch) => (this.#seen.get(watch)?.changes ?? 0) > 0);
	}

	/** What it looks at, by the names of its watches. */
	get views(): Record<string, ViewInput> {
		return Object.fromEntries(this.#views);
	}

	seen(watch: string): Seen | undefined {
		return this.#seen.get(watch);
	}

	connect(): void {
		if (this.#closed) return;
		// Node's WebSocket takes headers; the browser's types do not know that.
		const init = { headers: { authorization: 'Local vera:viewer' } } as unknown as string[];
		const socket = new WebSocket(this.#url, init);
		this.#socket = socket;
		socket.addEventListener('open', () => {
			this.connections += 1;
			for (const [watch, view] of this.#views) this.#ask(watch, view);
		});
		socket.addEventListener('message', ({ data }) => this.#take(data));
		socket.addEventListener('error', () => undefined); // a close follows
		socket.addEventListener('close', () => {
			if (this.#socket === socket) this.#again();
		});
	}

	/** Looks at something else from now on as well. */
	watch(watch: string, view: ViewInput): void {
		this.#views.set(watch, view);
		this.#ask(watch, view);
	}

	/** Does not come back before `awayMs` when the connection is lost. */
	away(awayMs: number): void {
		this.#awayUntil = Date.now() + awayMs;
	}

	close(): void {
		this.#closed = true;
		this.#socket?.close();
	}

	#again(): void {
		this.#socket = null;
		const wait = Math.max(WAIT_MS, this.#awayUntil - Date.now());
		setTimeout(() => this.connect(), wait);
	}

	#ask(watch: string, view: ViewInput): void {
		if (this.#socket?.readyState !== WebSocket.OPEN) return;
		const before = this.#seen.get(watch);
		this.#seen.set(watch, {
			runs: before?.runs,
			run: before?.run,
			approvals: before?.approvals,
			changes: 0
		});
		this.#socket.send(JSON.stringify({ type: 'watch', watch, view } satisfies ClientFrameInput));
	}

	#take(data: unknown): void {
		const inbound = readInbound(data);
		if (inbound.kind === 'unreadable') this.complaints.push(`unreadable: ${String(inbound.why)}`);
		if (inbound.kind !== 'frame') return;
		const { frame, issues } = inbound;
		if (issues.length > 0) this.complaints.push(`unreadable in part: ${JSON.stringify(issues)}`);
		if (frame.type === 'hello') return;
		if (frame.type === 'error') {
			this.complaints.push(frame.problem.detail);
			return;
		}
		const seen = this.#seen.get(frame.watch);
		if (seen) this.#apply(seen, frame.change);
	}

	#apply(seen: Seen, change: Change): void {
		seen.changes += 1;
		if (change.kind === 'refused') this.complaints.push(change.problem.detail);
		seen.runs = applyToRuns(seen.runs, change);
		seen.run = applyToRun(seen.run, change);
		if (change.kind === 'approvals') {
			seen.approvals = { approvals: change.approvals, total: change.total };
		}
	}
}
