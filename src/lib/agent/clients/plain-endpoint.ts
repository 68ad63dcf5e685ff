// The plain message protocol, at an Agent's own address: websocket and HTTP. Requests go to the Operations agent like any other: one validation, one table of roles, one
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
	refusalAnywhere,
	retryAfterOf,
	type Identity,
	type Json,
	type Problem,
	type RequestInput,
	type OperationName,
	type Run
} from '../../protocol';
import {
	frameMembers,
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
import { agentErrorText } from '../../messages/server/agent-errors';
import type { Operations } from '../rpc/operations-client';
import {
	belongsToChild,
	frameProblem,
	maySee,
	personAtAgent,
	unauthenticated
} from './frame-guard';
import type { AnyAgent } from '../monitored-types';

export type PlainEndpointParts = {
	identityOf: (connection: { id: string }) => Identity | null;
	/** Refuses a message because of its connection, whatever it says. */
	refusesConnection: (connection: Connection, message: unknown) => boolean;
	operations: Pick<Operations, 'handle'>;
	/** Where a run starts when the frame names no Agent; null for the workflow's default. */
	startPath: () => string | null;
	/** The workflow of a run that somebody names by its id. @throws ProblemError `unknown-run` */
	workflowOf: (id: string, by: Identity) => string;
};

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
		const { onConnect, onMessage, onRequest, setState } = agent;
		agent.setState = (state) => {
			setState.call(agent, state);
			for (const connection of agent.getConnections()) {
				const receivesState =
					speaksPlainly(connection) && this.#seesState(this.#parts.identityOf(connection));
				if (receivesState) this.#send(connection, { type: 'state_update', state });
			}
		};
		agent.onConnect = async (connection, context) => {
			await onConnect.call(agent, connection, context);
			if (!speaksPlainly(connection) || belongsToChild(this.#agent, connection)) return;
			const by = this.#parts.identityOf(connection);
			const refused = by ? refusalAnywhere('run.get', by) : unauthenticated();
			if (refused) return this.#fail(connection, refused);
			const state = this.#seesState(by) ? this.#state() : null;
			this.#send(connection, { type: 'connected', agent: agent.name, state });
		};
		agent.onMessage = async (connection, message) => {
			if (await this.#handleMessage(connection, message)) return;
			await onMessage.call(agent, connection, message);
		};
		agent.onRequest = async (request) =>
			(await this.#handleRequest(request)) ?? (await onRequest.call(agent, request));
	}

	/** Returns true when the endpoint handled the message. */
	async #handleMessage(connection: Connection, message: unknown): Promise<boolean> {
		if (belongsToChild(this.#agent, connection) || frameProblem(message)) return false;
		const raw = parseText(message);
		if (message === HEARTBEAT.ask || isSdkFrame(raw)) return false;
		const frame = plainFrameSchema.safeParse(normalizeFrame(raw));
		if (!frame.success && !this.#handlesAllFrames() && !hasPlainType(raw)) return false;
		if (this.#parts.refusesConnection(connection, message)) return true;
		if (frame.success) await this.#handleFrame(connection, frame.data);
		else await this.#handleInvalid(connection, raw, invalid(frame.error));
		return true;
	}

	async #handleFrame(connection: Connection, frame: PlainFrame): Promise<void> {
		const by = this.#parts.identityOf(connection);
		if (!by) return this.#fail(connection, unauthenticated());
		try {
			const refused = await this.#refusalOf(by, REQUESTS[frame.type], frame);
			if (refused) return this.#fail(connection, refused);
			const answered = await this.#parts.operations.handle(by, this.#requestOf(frame, by));
			if (!answered.ok) return this.#fail(connection, answered.problem);
			const run = answered.value as Run; // each of these requests answers with the run
			this.#send(connection, frame.type === 'start' ? startedFrame(run) : statusFrame(run));
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			this.#fail(connection, error.problem);
		}
	}

	/** Somebody who may not ask is told so, and it is audited, whatever else is wrong with the frame. */
	async #handleInvalid(connection: Connection, frame: unknown, why: Problem): Promise<void> {
		const by = this.#parts.identityOf(connection);
		const { type, ...given } = frameMembers(frame);
		const name = isPlainType(type) ? REQUESTS[type] : null;
		const refused = by && name ? await this.#refusalOf(by, name, given) : null;
		this.#fail(connection, refused ?? why);
	}

	async #refusalOf(by: Identity, name: OperationName, given: object): Promise<Problem | null> {
		if (!refusalAnywhere(name, by)) return null;
		// Its members are not valid, and are only read for the audit.
		const request = { ...given, type: name } as RequestInput;
		const answered = await this.#parts.operations.handle(by, request);
		return answered.ok ? null : answered.problem;
	}

	#requestOf(frame: PlainFrame, by: Identity): RequestInput {
		if (frame.type === 'start') {
			const agent = frame.agent ?? this.#parts.startPath() ?? undefined;
			return { ...frame, type: 'run.start', agent };
		}
		const ref = {
			workflow: frame.workflow ?? this.#parts.workflowOf(frame.id, by),
			id: frame.id
		};
		if (frame.type === 'cancel') return { type: 'run.terminate', ...ref, reason: frame.reason };
		return { type: REQUESTS[frame.type], ...ref };
	}

	async #handleRequest(request: Request): Promise<Response | null> {
		const call = new URL(request.url).pathname.split('/').at(-1);
		const reads = request.method === 'GET' || request.method === 'HEAD';
		const isStart = call === 'start' && request.method === 'POST';
		if (!isStart && !(call === 'state' && reads)) return null;
		const by = decodeIdentity(request.headers.get(IDENTITY_HEADER));
		if (!by) return problemResponse(unauthenticated());
		if (reads) {
			const refused = refusal('run.get', personAtAgent(by, this.#agent));
			if (refused) return problemResponse(refused);
			return Response.json({ type: 'state_update', state: this.#state() });
		}
		const body = parseText(await request.text());
		const refused = await this.#refusalOf(by, 'run.start', frameMembers(body));
		if (refused) return problemResponse(refused);
		if (body === undefined) {
			return problemResponse(problem('malformed-json', agentErrorText.malformedJson));
		}
		const frame = startFrameSchema.safeParse(normalizeFrame({ ...Object(body), type: 'start' }));
		if (!frame.success) return problemResponse(invalid(frame.error));
		const answered = await this.#parts.operations.handle(by, this.#requestOf(frame.data, by));
		if (!answered.ok) return problemResponse(answered.problem);
		return Response.json(startedFrame(answered.value as Run), { status: 201 }); // what a start answers
	}

	/** The state of the Operations agent is about the whole fleet. */
	#seesState(by: Identity | null): boolean {
		return maySee(by && personAtAgent(by, this.#agent));
	}

	#state(): Json {
		return (this.#agent.state ?? null) as Json; // synced state is JSON by the SDK's contract
	}

	/** Does no subclass handle messages itself? Then an unknown frame is an error. */
	#handlesAllFrames(): boolean {
		return Object.getPrototypeOf(this.#agent).onMessage === Agent.prototype.onMessage;
	}

	#fail(connection: Connection, failure: Problem): void {
		const frame = { type: 'error', at: Date.now(), error: failure.detail, problem: failure };
		this.#send(connection, frame);
	}

	#send(connection: Connection, frame: object): void {
		connection.send(JSON.stringify(frame));
	}
}

const REQUESTS = {
	start: 'run.start',
	status: 'run.get',
	pause: 'run.pause',
	resume: 'run.resume',
	cancel: 'run.terminate'
} as const satisfies Record<PlainFrame['type'], OperationName>;

function isPlainType(type: unknown): type is PlainFrame['type'] {
	return typeof type === 'string' && Object.hasOwn(REQUESTS, type);
}

/** `AgentClient` (partysocket) adds `_pk` to its URL; it speaks the SDK's own protocol. */
function speaksPlainly({ uri }: Connection): boolean {
	return !uri || !new URL(uri, 'http://agent').searchParams.has('_pk');
}

function problemResponse(failure: Problem): Response {
	const retryAfterS = retryAfterOf(failure);
	return Response.json(failure, {
		status: failure.status,
		headers: {
			'content-type': 'application/problem+json',
			...(retryAfterS !== null && { 'retry-after': String(retryAfterS) })
		}
	});
}
