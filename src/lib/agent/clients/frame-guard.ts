// Checks who is at the other end of an Agent's connections, before the Agent's own handlers. The
// Worker decides who may connect (src/worker/agents.ts); this decides what each frame may do.
import { parseSubAgentPath, type Connection } from 'agents';
import {
	decodeIdentity,
	HEARTBEAT,
	IDENTITY_HEADER,
	inexactFields,
	MAX_MESSAGE_BYTES,
	personAt,
	problem,
	refusal,
	type Identity,
	type Problem
} from '../../protocol';
import { agentErrorText } from '../../messages/server/agent-errors';
import type { AnyAgent } from '../monitored-types';
import type { ConnectionIdentities } from './connection-identities';
import { agentRefOf } from '../rpc/agent-address';
import { isSdkFrame, parseText } from './plain-frames';
import { RateLimit, type Rate } from './rate-limit';
import type { Sessions } from './sessions';
import { isStateFrame, STATE_FRAME, type StateWrites } from './state-writes';

/** A name of a method is repeated in the answer up to so many characters. */
const MAX_METHOD_LENGTH = 100;

export type FrameGuardParts = {
	agent: AnyAgent;
	identities: ConnectionIdentities;
	sessions: Sessions;
	/** Does the Agent check each frame and callable by itself? */
	checksItself: () => boolean;
	stateWrites: StateWrites;
	/** How many frames one connection may send. */
	rate: Rate;
};

export class FrameGuard {
	readonly #agent: AnyAgent;
	readonly #identities: ConnectionIdentities;
	readonly #sessions: Sessions;
	readonly #checksItself: () => boolean;
	readonly #stateWrites: StateWrites;
	/** The names of the Agent's callable methods, once they are needed. */
	#methods: ReadonlySet<string> | undefined;
	/** Frames of each connection. */
	readonly #limit: RateLimit;

	constructor(parts: FrameGuardParts) {
		const { agent, identities, sessions, checksItself, stateWrites } = parts;
		this.#limit = new RateLimit(parts.rate);
		this.#agent = agent;
		this.#identities = identities;
		this.#sessions = sessions;
		this.#checksItself = checksItself;
		this.#stateWrites = stateWrites;
	}

	/**
	 * Wraps the Agent's handlers on the instance, as the SDK does, so that a subclass that overrides
	 * them cannot skip the checks.
	 */
	install(): void {
		const agent = this.#agent;
		const { onConnect, onMessage, onClose, shouldSendProtocolMessages } = agent;
		agent.shouldSendProtocolMessages = (connection, context) =>
			maySee(this.#here(decodeIdentity(context.request.headers.get(IDENTITY_HEADER)))) &&
			shouldSendProtocolMessages.call(agent, connection, context);
		agent.onConnect = async (connection, context) => {
			this.#identities.addConnection(connection, context.request, agent.getConnections());
			await this.#sessions.planNextEnd();
			await onConnect.call(agent, connection, context);
		};
		agent.onMessage = async (connection, message) => {
			if (this.#refuses(connection, message)) return;
			const handle = async () => onMessage.call(agent, connection, message);
			if (belongsToChild(agent, connection) || !isStateFrame(message)) return handle();
			await this.#stateWrites.recordHandled(connection, handle);
		};
		agent.onClose = async (connection, ...rest) => {
			this.#identities.removeConnection(connection);
			this.#limit.delete(connection.id);
			await onClose.call(agent, connection, ...rest);
		};
	}

	/**
	 * Refuses a message, whatever it says, when the session behind its connection has ended or the
	 * connection sends too many. Counts it, so ask once for each message.
	 */
	refusesConnection(connection: Connection, message: unknown): boolean {
		if (this.#sessions.closeEnded(connection)) return true;
		const limited = this.#limit.take(connection.id, Date.now());
		if (!limited) return false;
		connection.send(JSON.stringify(refusalFrame(parseText(message), limited)));
		return true;
	}

	#here(by: Identity | null): Identity | null {
		return by && personAtAgent(by, this.#agent);
	}

	/** Returns true when the message is answered: a heartbeat, or a frame of somebody who may not. */
	#refuses(connection: Connection, message: unknown): boolean {
		if (belongsToChild(this.#agent, connection)) return false;
		if (message === HEARTBEAT.ask) {
			if (this.#sessions.closeEnded(connection)) return true;
			connection.send(HEARTBEAT.answer);
			return true;
		}
		const tooLarge = frameSizeProblem(message);
		if (tooLarge) {
			// Its JSON is not read: what it would have asked for stays unknown.
			connection.send(JSON.stringify(refusalFrame(undefined, tooLarge)));
			return true;
		}
		if (this.refusesConnection(connection, message)) return true;
		const inexact = exactnessProblem(message);
		if (inexact) {
			connection.send(JSON.stringify(refusalFrame(parseText(message), inexact)));
			return true;
		}
		return this.#refusesSender(connection, message) || this.#refusesMethod(connection, message);
	}

	#refusesSender(connection: Connection, message: unknown): boolean {
		if (this.#checksItself()) return false;
		const by = this.#here(this.#identities.identityOf(connection));
		const refused = by ? refusal('run.start', by) : unauthenticated();
		if (!refused) return false;
		if (isStateFrame(message)) this.#stateWrites.recordRefused(connection);
		connection.send(JSON.stringify(refusalFrame(parseText(message), refused)));
		return true;
	}

	/** The SDK logs an error with its stack for each call of a method that it does not have. */
	#refusesMethod(connection: Connection, message: unknown): boolean {
		const frame = parseText(message);
		if (!isSdkFrame(frame) || frame.type !== 'rpc' || !('method' in frame)) return false;
		this.#methods ??= new Set(this.#agent.getCallableMethods().keys());
		if (typeof frame.method !== 'string' || this.#methods.has(frame.method)) return false;
		const detail = agentErrorText.unknownMethod(frame.method.slice(0, MAX_METHOD_LENGTH));
		const unknown = problem('not-found', detail);
		connection.send(JSON.stringify(refusalFrame(frame, unknown)));
		return true;
	}
}

/** Why a frame is not read at all; null when it is small enough. */
function frameSizeProblem(message: unknown): Problem | null {
	const isTooLarge =
		typeof message === 'string'
			? message.length > MAX_MESSAGE_BYTES
			: message instanceof ArrayBuffer && message.byteLength > MAX_MESSAGE_BYTES;
	return isTooLarge
		? problem('body-too-large', agentErrorText.frameTooLarge(MAX_MESSAGE_BYTES))
		: null;
}

/** Why a frame is refused before anything handles it; null when it can be read as it was sent. */
export function frameProblem(message: unknown): Problem | null {
	return frameSizeProblem(message) ?? exactnessProblem(message);
}

/** Why a frame with numbers that JavaScript would change is refused; null when it has none. */
function exactnessProblem(message: unknown): Problem | null {
	if (typeof message !== 'string') return null;
	try {
		const errors = inexactFields(message);
		if (errors.length === 0) return null;
		const detail = errors.map(({ path, message: why }) => `${path}: ${why}`).join('; ');
		return problem('invalid-input', detail, { errors });
	} catch {
		return null; // not JSON: the Agent's own handler says so
	}
}

/** The answer to a frame that was refused, in the words of its protocol. */
function refusalFrame(frame: unknown, refused: Problem): object {
	const error = refused.detail;
	if (!isSdkFrame(frame)) return { type: 'error', at: Date.now(), error, problem: refused };
	if (frame.type === 'rpc') return { type: 'rpc', id: frame.id, success: false, error };
	if (frame.type === STATE_FRAME) return { type: `${STATE_FRAME}_error`, error };
	return { type: 'error', at: Date.now(), error, problem: refused };
}

/** Connections to a sub-agent pass through the root Agent, which leaves them alone. */
export function belongsToChild(agent: AnyAgent, { uri }: Connection): boolean {
	if (!uri || agent.parentPath.length > 0) return false;
	// What the SDK itself asks before it hands a frame on; `ctx.exports` has no types here.
	const context = Reflect.get(agent, 'ctx') as { exports?: object };
	const knownClasses = Object.keys(context.exports ?? {});
	return parseSubAgentPath(new URL(uri, 'http://agent').href, { knownClasses }) !== null;
}

/** An Agent's state is visible to those who may see its runs. */
export function maySee(by: Identity | null): boolean {
	return by !== null && refusal('run.get', by) === null;
}

/** The same person, with the roles that they have at this Agent. */
export function personAtAgent<T extends Identity>(by: T, agent: AnyAgent): T {
	return personAt(by, { workflow: null, agent: agentRefOf(agent.selfPath).path });
}

export function unauthenticated(): Problem {
	return problem('unauthenticated', agentErrorText.unauthenticated);
}
