// A run whose history a test writes itself and sends to the page as the server would: for histories
// that no engine produces in a test, such as ten thousand steps or invalid events.
import type { Page, WebSocketRoute } from '@playwright/test';
import type { Change, Run, RunEvent, ServerFrame } from '../../../src/lib/protocol';
import { aRun } from '../../unit/support/runs';

/** The server sends events in parts of this size. */
const PART_SIZE = 2_000;

/** Any event, valid or not. */
export type ScriptedEvent = { eventId: number; timestamp: number; type: string } & Record<
	string,
	unknown
>;

/** One run, injected into the page's socket. Everything else comes from the server. */
export class ScriptedRun {
	readonly ref = { workflow: 'CATALOG_IMPORT', id: 'scripted' };
	#run: Run;
	#events: ScriptedEvent[];
	/** The sockets that subscribe to this run, by subscription. */
	#viewers = new Map<string, WebSocketRoute>();

	private constructor(run: Partial<Run>, events: ScriptedEvent[]) {
		const createdAt = events[0]?.timestamp ?? Date.now();
		this.#run = aRun({
			...{ createdAt, startedAt: createdAt, updatedAt: createdAt },
			...this.ref,
			...run
		});
		this.#events = events;
	}

	/** Intercepts the socket of a page that is not loaded yet. */
	static async on(
		page: Page,
		events: ScriptedEvent[],
		run: Partial<Run> = {}
	): Promise<ScriptedRun> {
		const scripted = new ScriptedRun(run, events);
		await page.routeWebSocket(/\/agents\//, (socket) => scripted.#intercept(socket));
		return scripted;
	}

	/** Sends more events, with the changes of the run. */
	push(events: ScriptedEvent[], run: Partial<Run> = {}): void {
		this.#events.push(...events);
		this.#run = { ...this.#run, ...run };
		const change: Change = { kind: 'run-changed', ...this.#part(events) };
		for (const watch of this.#viewers.keys()) this.#send(watch, change);
	}

	#intercept(socket: WebSocketRoute): void {
		const server = socket.connectToServer();
		socket.onMessage((message) => {
			const watch = this.#subscriptionIn(message);
			if (watch === null) return server.send(message);
			this.#viewers.set(watch, socket);
			this.#snapshot(watch);
		});
	}

	/** The subscription of a message for this run; null for any other message. */
	#subscriptionIn(message: string | Buffer): string | null {
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
		this.#send(watch, { kind: 'run', ...this.#part(this.#events.slice(0, PART_SIZE)) });
		for (let sent = PART_SIZE; sent < this.#events.length; sent += PART_SIZE) {
			const part = this.#part(this.#events.slice(sent, sent + PART_SIZE));
			this.#send(watch, { kind: 'run-changed', ...part });
		}
	}

	#part(events: ScriptedEvent[]) {
		// Invalid events are sent on purpose.
		const sent = events as unknown as RunEvent[];
		return {
			...{ run: this.#run, exact: true, events: sent },
			...{ children: [], ancestors: [], approvals: [] }
		};
	}

	#send(watch: string, change: Change): void {
		const frame: ServerFrame = { type: 'change', watch, at: Date.now(), change };
		this.#viewers.get(watch)?.send(JSON.stringify(frame));
	}
}

/** The events of a run with many steps that has not ended. */
export function manySteps(
	count: number,
	{
		from,
		nameOf,
		stepMs = 40
	}: { from: number; nameOf: (index: number) => string; stepMs?: number }
): ScriptedEvent[] {
	const events: ScriptedEvent[] = [];
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
