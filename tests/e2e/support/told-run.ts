// A run whose history a test writes itself and tells the page as the server would: for what no engine
// can be made to say in a test, such as ten thousand steps or events that make no sense.
import type { Page, WebSocketRoute } from '@playwright/test';
import type { Change, Run, RunEvent, ServerFrame } from '../../../src/lib/protocol';
import { aRun } from '../../unit/support/runs';

/** Events are told in parts of so many, as the server does it. */
const PART = 2_000;

/** Any event, also one that no schema knows. */
export type ToldEvent = { eventId: number; timestamp: number; type: string } & Record<
	string,
	unknown
>;

/** One run, told over the page's own socket. Everything else on it is the server's. */
export class ToldRun {
	readonly ref = { workflow: 'CATALOG_IMPORT', id: 'told' };
	#run: Run;
	#events: ToldEvent[];
	/** The sockets of the watches that are for this run, by the watch's id. */
	#viewers = new Map<string, WebSocketRoute>();

	private constructor(run: Partial<Run>, events: ToldEvent[]) {
		const createdAt = events[0]?.timestamp ?? Date.now();
		this.#run = aRun({
			...{ createdAt, startedAt: createdAt, updatedAt: createdAt },
			...this.ref,
			...run
		});
		this.#events = events;
	}

	/** Takes the line of a page that is not loaded yet. */
	static async on(page: Page, events: ToldEvent[], run: Partial<Run> = {}): Promise<ToldRun> {
		const told = new ToldRun(run, events);
		await page.routeWebSocket(/\/agents\//, (socket) => told.#carry(socket));
		return told;
	}

	/** Tells more of the history, and what changed of the run by it. */
	tell(events: ToldEvent[], run: Partial<Run> = {}): void {
		this.#events.push(...events);
		this.#run = { ...this.#run, ...run };
		const change: Change = { kind: 'run-changed', ...this.#part(events) };
		for (const watch of this.#viewers.keys()) this.#send(watch, change);
	}

	#carry(socket: WebSocketRoute): void {
		const server = socket.connectToServer();
		socket.onMessage((message) => {
			const watch = this.#watchOf(message);
			if (watch === null) return server.send(message);
			this.#viewers.set(watch, socket);
			this.#snapshot(watch);
		});
	}

	/** The id of a watch that is for the told run. */
	#watchOf(message: string | Buffer): string | null {
		const text = message.toString();
		if (!text.startsWith('{') || !text.includes(`"${this.ref.id}"`)) return null;
		const { type, watch, view } = JSON.parse(text) as Partial<{
			type: string;
			watch: string;
			view: { kind: string; id?: string };
		}>;
		const isOwn = type === 'watch' && view?.kind === 'run' && view.id === this.ref.id;
		return isOwn && watch !== undefined ? watch : null;
	}

	#snapshot(watch: string): void {
		this.#send(watch, { kind: 'run', ...this.#part(this.#events.slice(0, PART)) });
		for (let told = PART; told < this.#events.length; told += PART) {
			const part = this.#part(this.#events.slice(told, told + PART));
			this.#send(watch, { kind: 'run-changed', ...part });
		}
	}

	#part(events: ToldEvent[]) {
		// As the engine might say it, whatever the types here allow.
		const told = events as unknown as RunEvent[];
		return {
			...{ run: this.#run, exact: true, events: told },
			...{ children: [], ancestors: [], approvals: [] }
		};
	}

	#send(watch: string, change: Change): void {
		const frame: ServerFrame = { type: 'change', watch, at: Date.now(), change };
		this.#viewers.get(watch)?.send(JSON.stringify(frame));
	}
}

/** The events of a run of so many steps, one after another or some at once; it has not ended. */
export function manySteps(
	count: number,
	{
		from,
		nameOf,
		stepMs = 40
	}: { from: number; nameOf: (index: number) => string; stepMs?: number }
): ToldEvent[] {
	const events: ToldEvent[] = [];
	const say = (timestamp: number, type: string, fields: object = {}) =>
		events.push({ eventId: events.length + 1, timestamp, type, ...fields });
	say(from, 'workflow_queued');
	say(from + 2, 'workflow_started', { params: {} });
	for (let index = 0; index < count; index += 1) {
		const stepName = nameOf(index);
		const at = from + 4 + index * stepMs;
		say(at, 'step_started', { stepName, config: { retries: { limit: 3, delay: 1000 } } });
		say(at + 1, 'attempt_started', { stepName, attempt: 1 });
		say(at + stepMs - 2, 'attempt_completed', { stepName, attempt: 1 });
		say(at + stepMs - 1, 'step_completed', { stepName, output: { rows: index } });
	}
	return events;
}
