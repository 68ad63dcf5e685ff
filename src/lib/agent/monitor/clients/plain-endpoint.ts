// An Agent's own endpoint, websocket and HTTP: it checks the caller's roles and speaks the plain message
// protocol. Requests go to the Operations agent like any other: one validation, one table of roles, one
// audit log.
import { Agent, type Connection } from 'agents';
import {
	decodeIdentity,
	HEARTBEAT,
	IDENTITY_HEADER,
	invalid,
	problem,
	ProblemError,
	refusal,
	type Identity,
	type Json,
	type Problem,
	type RequestInput,
	type OperationName,
	type Run
} from '../../../protocol';
import {
	isSdkFrame,
	hasPlainType,
	normalizeFrame,
	parseText,
	plainFrameSchema,
	startedFrame,
	startFrameSchema,
	statusFrame,
	type PlainFrame
} from './plain-frames';
import { agentErrorText } from '../../../messages/agent-errors';
import type { Operations } from '../../rpc/operations-client';
import type { ConnectionIdentities } from './connection-identities';

/** How an endpoint handles runs: an Agent's own, or those of the whole fleet. */
export interface EndpointPolicy {
	/** Where a run starts when the frame names no Agent; null for the workflow's default. */
	startPath(): string | null;
	/** The workflow of a run, by its id. @throws ProblemError `unknown-run` */
	workflowOf(id: string): string;
	/** Do the Agent's callables check roles themselves? Otherwise they require an operator. */
	checksCallables(): boolean;
}

export type PlainEndpointParts = {
	identities: ConnectionIdentities;
	operations: Pick<Operations, 'handle'>;
	policy: EndpointPolicy;
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an Agent of any Env and State
type AnyAgent = Agent<any, any>;

export class PlainEndpoint {
	readonly #agent: AnyAgent;
	readonly #parts: PlainEndpointParts;

	constructor(agent: AnyAgent, parts: PlainEndpointParts) {
		this.#agent = agent;
		this.#parts = parts;
	}

	/**
	 * Wraps the Agent's handlers on the instance, as the SDK does, so that a subclass that overrides
	 * them cannot skip the checks.
	 */
	install(): void {
		const agent = this.#agent;
		const { onConnect, onMessage, onClose, onRequest, setState } = agent;
		const { shouldSendProtocolMessages } = agent;
		agent.shouldSendProtocolMessages = (connection, context) =>
			maySee(decodeIdentity(context.request.headers.get(IDENTITY_HEADER))) &&
			shouldSendProtocolMessages.call(agent, connection, context);
		agent.setState = (state) => {
			setState.call(agent, state);
			for (const connection of agent.getConnections()) {
				const receivesState =
					speaksPlainly(connection) && maySee(this.#parts.identities.identityOf(connection));
				if (receivesState) this.#send(connection, { type: 'state_update', state });
			}
		};
		agent.onConnect = async (connection, context) => {
			this.#parts.identities.addConnection(connection, context.request, agent.getConnections());
			await onConnect.call(agent, connection, context);
			if (!speaksPlainly(connection) || this.#belongsToChild(connection)) return;
			const by = this.#parts.identities.identityOf(connection);
			const refused = by ? refusal('run.get', by) : unauthenticated();
			if (refused) this.#fail(connection, refused);
			else this.#send(connection, { type: 'connected', agent: agent.name, state: this.#state() });
		};
		agent.onMessage = async (connection, message) => {
			if (await this.#handleMessage(connection, message)) return;
			await onMessage.call(agent, connection, message);
		};
		agent.onClose = async (connection, ...rest) => {
			this.#parts.identities.removeConnection(connection);
			await onClose.call(agent, connection, ...rest);
		};
		agent.onRequest = async (request) =>
			(await this.#handleRequest(request)) ?? (await onRequest.call(agent, request));
	}

	/** Returns true when the endpoint handled the message. */
	async #handleMessage(connection: Connection, message: unknown): Promise<boolean> {
		if (this.#belongsToChild(connection)) return false;
		if (message === HEARTBEAT.ask) {
			connection.send(HEARTBEAT.answer);
			return true;
		}
		const raw = parseText(message);
		if (isSdkFrame(raw)) return this.#refusesSdkFrame(connection, raw);
		const frame = plainFrameSchema.safeParse(normalizeFrame(raw));
		if (frame.success) await this.#handleFrame(connection, frame.data);
		else if (!this.#handlesAllFrames() && !hasPlainType(raw)) return false;
		else this.#fail(connection, invalid(frame.error));
		return true;
	}

	async #handleFrame(connection: Connection, frame: PlainFrame): Promise<void> {
		const by = this.#parts.identities.identityOf(connection);
		if (!by) return this.#fail(connection, unauthenticated());
		try {
			const answered = await this.#parts.operations.handle(by, this.#requestOf(frame));
			if (!answered.ok) return this.#fail(connection, answered.problem);
			const run = answered.value as Run; // each of these requests answers with the run
			this.#send(connection, frame.type === 'start' ? startedFrame(run) : statusFrame(run));
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			this.#fail(connection, error.problem);
		}
	}

	#requestOf(frame: PlainFrame): RequestInput {
		if (frame.type === 'start') {
			const agent = frame.agent ?? this.#parts.policy.startPath() ?? undefined;
			return { ...frame, type: 'run.start', agent };
		}
		const ref = {
			workflow: frame.workflow ?? this.#parts.policy.workflowOf(frame.id),
			id: frame.id
		};
		return { type: REQUESTS[frame.type], ...ref };
	}

	async #handleRequest(request: Request): Promise<Response | null> {
		const call = new URL(request.url).pathname.split('/').at(-1);
		const by = decodeIdentity(request.headers.get(IDENTITY_HEADER));
		if (!by) return problemResponse(unauthenticated());
		const reads = request.method === 'GET' || request.method === 'HEAD';
		const refused = refusal(reads ? 'run.get' : 'run.start', by);
		if (refused) return problemResponse(refused);
		if (call === 'state' && reads) {
			return Response.json({ type: 'state_update', state: this.#state() });
		}
		if (call !== 'start' || request.method !== 'POST') return null;
		const body = parseText(await request.text());
		if (body === undefined) {
			return problemResponse(problem('malformed-json', agentErrorText.malformedJson));
		}
		const frame = startFrameSchema.safeParse(normalizeFrame({ ...Object(body), type: 'start' }));
		if (!frame.success) return problemResponse(invalid(frame.error));
		const answered = await this.#parts.operations.handle(by, this.#requestOf(frame.data));
		if (!answered.ok) return problemResponse(answered.problem);
		return Response.json(startedFrame(answered.value as Run), { status: 201 }); // what a start answers
	}

	/** Calling an Agent's methods and writing its state require the role to operate runs. */
	#refusesSdkFrame(connection: Connection, { type, id }: { type: string; id?: unknown }): boolean {
		if (this.#parts.policy.checksCallables() || !(type === 'rpc' || type === STATE_FRAME))
			return false;
		const by = this.#parts.identities.identityOf(connection);
		const refused = by ? refusal('run.start', by) : unauthenticated();
		if (!refused) return false;
		const answer = type === 'rpc' ? { type, id, success: false } : { type: `${STATE_FRAME}_error` };
		this.#send(connection, { ...answer, error: refused.detail });
		return true;
	}

	#state(): Json {
		return (this.#agent.state ?? null) as Json; // synced state is JSON by the SDK's contract
	}

	/** Does no subclass handle messages itself? Then an unknown frame is an error. */
	#handlesAllFrames(): boolean {
		return Object.getPrototypeOf(this.#agent).onMessage === Agent.prototype.onMessage;
	}

	/** Connections to a sub-agent pass through the root Agent, which leaves them alone. */
	#belongsToChild(connection: Connection): boolean {
		if (!connection.uri || this.#agent.parentPath.length > 0) return false;
		return new URL(connection.uri, 'http://agent').pathname.includes('/sub/');
	}

	#fail(connection: Connection, failure: Problem): void {
		const frame = { type: 'error', at: Date.now(), error: failure.detail, problem: failure };
		this.#send(connection, frame);
	}

	#send(connection: Connection, frame: object): void {
		connection.send(JSON.stringify(frame));
	}
}

/** The frame by which a client of the SDK writes the synced state. */
const STATE_FRAME = 'cf_agent_state';

const REQUESTS = {
	status: 'run.get',
	pause: 'run.pause',
	resume: 'run.resume',
	cancel: 'run.terminate'
} as const satisfies Record<Exclude<PlainFrame['type'], 'start'>, OperationName>;

/** An Agent's state is visible to those who may see its runs. */
function maySee(by: Identity | null): boolean {
	return by !== null && refusal('run.get', by) === null;
}

/** `AgentClient` (partysocket) adds `_pk` to its URL; it speaks the SDK's own protocol. */
function speaksPlainly({ uri }: Connection): boolean {
	return !uri || !new URL(uri, 'http://agent').searchParams.has('_pk');
}

function unauthenticated(): Problem {
	return problem('unauthenticated', agentErrorText.unauthenticated);
}

function problemResponse(failure: Problem): Response {
	return Response.json(failure, {
		status: failure.status,
		headers: { 'content-type': 'application/problem+json' }
	});
}
