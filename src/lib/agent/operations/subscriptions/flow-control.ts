// What a client has not read yet waits in the memory of the server. So some pushes ask to be
// acknowledged, with a word that nobody can guess unread, and a connection that falls behind is held
// back: it gets the newest state later, or is closed when it does not catch up.
import type { Connection } from 'agents';
import type { Change, ServerFrame } from '../../../protocol';
import { subscriptionsText } from '../../../messages/server/subscriptions';

/** Sizes in characters of JSON; times in Ms. */
export type FlowLimits = {
	/** After so much, a push asks to be acknowledged. */
	askEvery: number;
	/** With more than this unacknowledged, further pushes are held back. */
	hold: number;
	/** A client that has never acknowledged anything may not know how to: it is closed after this. */
	unacknowledged: number;
	/** A connection that is held back is closed when it acknowledges nothing for so long. */
	patienceMs: number;
};

export const FLOW_LIMITS: FlowLimits = {
	askEvery: 65_536,
	hold: 1_048_576,
	unacknowledged: 16_777_216,
	patienceMs: 30_000
};

/** "Try again later": the SDK's client connects again by itself. */
export const TOO_SLOW_CODE = 1013;

type Flow = {
	sent: number;
	acknowledged: number;
	/** Acknowledgements that were asked for, and what had been sent with each. */
	asked: { ack: string; sent: number }[];
	/** What had been sent when one was asked for last. */
	askedAt: number;
	hasAcknowledged: boolean;
	/** Closes it, while it is held back. */
	patience: ReturnType<typeof setTimeout> | null;
};

export type FlowListener = {
	/** The connection has caught up: what was held back can be sent. */
	onCaughtUp: (connection: string) => void;
	/** The connection was closed. */
	onClosed: (connection: string) => void;
};

export class FlowControl {
	readonly #listener: FlowListener;
	readonly #limits: FlowLimits;
	readonly #flows = new Map<string, Flow>();

	constructor(listener: FlowListener, limits: FlowLimits) {
		this.#listener = listener;
		this.#limits = limits;
	}

	/** Must pushes to this connection wait? */
	isHeld(connection: string): boolean {
		return Boolean(this.#flows.get(connection)?.patience);
	}

	sendChange(connection: Connection, watch: string, change: Change): void {
		const frame = { type: 'change', watch, at: Date.now(), change } satisfies ServerFrame;
		const flow = this.#flowOf(connection.id);
		let text = JSON.stringify(frame);
		flow.sent += text.length;
		if (flow.sent - flow.askedAt >= this.#limits.askEvery) {
			const ack = crypto.randomUUID();
			flow.askedAt = flow.sent;
			flow.asked.push({ ack, sent: flow.sent });
			text = JSON.stringify({ ...frame, ack } satisfies ServerFrame);
		}
		connection.send(text);
		this.#limit(connection, flow);
	}

	/** The client has read everything up to the push that asked for this. */
	acknowledge(connection: Connection, ack: string): void {
		const flow = this.#flows.get(connection.id);
		const index = flow?.asked.findIndex((each) => each.ack === ack) ?? -1;
		if (!flow || index < 0) return;
		flow.acknowledged = flow.asked[index]?.sent ?? flow.acknowledged;
		flow.asked.splice(0, index + 1);
		flow.hasAcknowledged = true;
		if (!flow.patience) return;
		clearTimeout(flow.patience);
		flow.patience = null;
		this.#limit(connection, flow);
		if (!flow.patience) this.#listener.onCaughtUp(connection.id);
	}

	endConnection(connection: string): void {
		clearTimeout(this.#flows.get(connection)?.patience ?? undefined);
		this.#flows.delete(connection);
	}

	#limit(connection: Connection, flow: Flow): void {
		const { hold, unacknowledged, patienceMs } = this.#limits;
		const unread = flow.sent - flow.acknowledged;
		if (!flow.hasAcknowledged && unread > unacknowledged) return this.#close(connection);
		if (!flow.hasAcknowledged || unread <= hold) return;
		flow.patience ??= setTimeout(() => this.#close(connection), patienceMs);
	}

	#close(connection: Connection): void {
		this.endConnection(connection.id);
		connection.close(TOO_SLOW_CODE, subscriptionsText.tooSlow);
		this.#listener.onClosed(connection.id);
	}

	#flowOf(connection: string): Flow {
		let flow = this.#flows.get(connection);
		if (!flow) {
			// The first push asks, so that it is known soon whether the client acknowledges.
			const askedAt = -Infinity;
			flow = {
				...{ sent: 0, acknowledged: 0, asked: [], askedAt, hasAcknowledged: false, patience: null }
			};
			this.#flows.set(connection, flow);
		}
		return flow;
	}
}
