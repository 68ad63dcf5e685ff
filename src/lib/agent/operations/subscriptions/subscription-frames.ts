// The websocket frames of live pages: subscribe, unsubscribe, and heartbeats.
import type { Connection } from 'agents';
import {
	clientFrameSchema,
	HEARTBEAT,
	invalid,
	problem,
	ProblemError,
	refusalAnywhere,
	SIGNALBOX_VERSION,
	VIEW_REQUESTS,
	watchNameSchema,
	type ClientFrame,
	type Identity,
	type Problem,
	type ServerFrame
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { ClientConnections } from '../../clients/connection-identities';
import { parseText } from '../../clients/plain-frames';
import type { RequestLimits } from '../requests/request-limits';
import type { RestoreDetector } from '../restore-detector';
import type { RunReaders } from '../runs/run-readers';
import type { SubscriptionHub } from './subscription-hub';

export type SubscriptionFramesParts = {
	connections: ClientConnections;
	hub: SubscriptionHub;
	readers: Pick<RunReaders, 'keepShownTails'>;
	restoreDetector: RestoreDetector;
	limits: RequestLimits;
};

export class SubscriptionFrames {
	readonly #parts: SubscriptionFramesParts;

	constructor(parts: SubscriptionFramesParts) {
		this.#parts = parts;
	}

	/** Handles any message of a connection. One that is invalid gets an error frame. */
	handleMessage(connection: Connection, message: unknown): void {
		if (message === HEARTBEAT.ask) return connection.send(HEARTBEAT.answer);
		const { connections, readers, restoreDetector } = this.#parts;
		const content = parseText(message);
		const frame = clientFrameSchema.safeParse(content);
		if (!frame.success) return this.#sendProblem(connection, invalid(frame.error), content);
		const identity = connections.identityOf(connection);
		if (!identity) {
			const why = problem('unauthenticated', agentErrorText.unauthenticated);
			return this.#sendProblem(connection, why);
		}
		restoreDetector.noteActivity();
		try {
			this.#handleFrame(connection, identity, frame.data);
			readers.keepShownTails();
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			this.#sendProblem(connection, error.problem, content);
		}
	}

	/** The connection is closed. */
	handleClose(connection: Connection): void {
		this.#parts.hub.endConnection(connection);
		this.#parts.readers.keepShownTails();
	}

	#handleFrame(connection: Connection, by: Identity, frame: ClientFrame): void {
		const { hub } = this.#parts;
		if (frame.type === 'hello') return sendHello(connection);
		if (frame.type === 'ack') return hub.acknowledge(connection, frame.ack);
		if (frame.type === 'unwatch') return hub.unsubscribe(connection, frame.watch);
		const name = VIEW_REQUESTS[frame.view.kind];
		// What they see of it, the subscription decides.
		const refused = refusalAnywhere(name, by) ?? this.#parts.limits.count(name, by);
		if (refused) hub.refuseSubscription(connection, frame.watch, refused);
		else hub.subscribe(connection, frame.watch, frame.view);
	}

	/** A frame that names a subscription is answered under that name. */
	#sendProblem(connection: Connection, failure: Problem, content?: unknown): void {
		const named = watchNameSchema.safeParse(content);
		if (named.success) {
			return this.#parts.hub.refuseSubscription(connection, named.data.watch, failure);
		}
		const frame = { type: 'error', at: Date.now(), problem: failure } satisfies ServerFrame;
		connection.send(JSON.stringify(frame));
	}
}

/** Tells a page which version it talks to. */
function sendHello(connection: Connection): void {
	const frame = { type: 'hello', at: Date.now(), version: SIGNALBOX_VERSION } as const;
	connection.send(JSON.stringify(frame satisfies ServerFrame));
}
