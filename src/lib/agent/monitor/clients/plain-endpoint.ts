// An Agent's own doors, websocket and HTTP: who may use them, and the plain message protocol. What
// is asked here is asked of the Operations agent like anything else: one check of params, one
// table of roles, one audit.
import { Agent, type Connection } from 'agents';
import {
	decodeIdentity,
	HEARTBEAT,
	IDENTITY_HEADER,
	invalid,
	problem,
	ProblemError,
	refusal,
	type Answer,
	type Identity,
	type Json,
	type Problem,
	type RequestInput,
	type RequestType,
	type Run
} from '../../../protocol';
import {
	isSdkFrame,
	namesPlainType,
	normalized,
	parseText,
	plainFrameSchema,
	startedFrame,
	startFrameSchema,
	statusFrame,
	type PlainFrame
} from './plain-frames';
import type { Viewers } from './connection-identities';

export type PlainHost = {
	viewers: Viewers;
	/** Asks the Operations agent in somebody's name. */
	ask: (by: Identity, request: RequestInput) => Promise<Answer<unknown>>;
	/** Where a start runs that does not say: this Agent, or null for the workflow's default. */
	path: () => string | null;
	/** The binding of a run of which only the id is known. @throws ProblemError `unknown-run` */
	workflowOf: (id: string) => string;
	/** Do the Agent's own callables check who calls? Otherwise the door wants an operator. */
	checksCallables: boolean;
};

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- an Agent of any Env and State
type AnyAgent = Agent<any, any>;

export class PlainDoor {
	readonly #agent: AnyAgent;
	readonly #host: PlainHost;

	constructor(agent: AnyAgent, host: PlainHost) {
		this.#agent = agent;
		this.#host = host;
	}

	/**
	 * Puts itself before the Agent's own handlers. They are wrapped on the instance, as the SDK
	 * does it, so that a subclass that overrides them cannot leave the check out.
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
				const isTold =
					speaksPlainly(connection) && maySee(this.#host.viewers.identityOf(connection));
				if (isTold) this.#send(connection, { type: 'state_update', state });
			}
		};
		agent.onConnect = async (connection, context) => {
			this.#host.viewers.enter(connection, context.request, agent.getConnections());
			await onConnect.call(agent, connection, context);
			if (!speaksPlainly(connection) || this.#belongsToChild(connection)) return;
			const by = this.#host.viewers.identityOf(connection);
			const refused = by ? refusal('run.get', by) : unknownPerson();
			if (refused) this.#fail(connection, refused);
			else this.#send(connection, { type: 'connected', agent: agent.name, state: this.#state() });
		};
		agent.onMessage = async (connection, message) => {
			if (await this.#received(connection, message)) return;
			await onMessage.call(agent, connection, message);
		};
		agent.onClose = async (connection, ...rest) => {
			this.#host.viewers.leave(connection);
			await onClose.call(agent, connection, ...rest);
		};
		agent.onRequest = async (request) =>
			(await this.#requested(request)) ?? (await onRequest.call(agent, request));
	}

	/** Returns true when the message was the door's. */
	async #received(connection: Connection, message: unknown): Promise<boolean> {
		if (this.#belongsToChild(connection)) return false;
		if (message === HEARTBEAT.ask) {
			connection.send(HEARTBEAT.answer);
			return true;
		}
		const raw = parseText(message);
		if (isSdkFrame(raw)) return this.#refusesSdkFrame(connection, raw);
		const frame = plainFrameSchema.safeParse(normalized(raw));
		if (frame.success) await this.#handle(connection, frame.data);
		else if (!this.#everyFrameIsOurs() && !namesPlainType(raw)) return false;
		else this.#fail(connection, invalid(frame.error));
		return true;
	}

	async #handle(connection: Connection, frame: PlainFrame): Promise<void> {
		const by = this.#host.viewers.identityOf(connection);
		if (!by) return this.#fail(connection, unknownPerson());
		try {
			const answered = await this.#host.ask(by, this.#requestOf(frame));
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
			const agent = frame.agent ?? this.#host.path() ?? undefined;
			return { ...frame, type: 'run.start', agent };
		}
		const ref = { workflow: frame.workflow ?? this.#host.workflowOf(frame.id), id: frame.id };
		return { type: REQUESTS[frame.type], ...ref };
	}

	async #requested(request: Request): Promise<Response | null> {
		const call = new URL(request.url).pathname.split('/').at(-1);
		const by = decodeIdentity(request.headers.get(IDENTITY_HEADER));
		if (!by) return problemResponse(unknownPerson());
		const reads = request.method === 'GET' || request.method === 'HEAD';
		const refused = refusal(reads ? 'run.get' : 'run.start', by);
		if (refused) return problemResponse(refused);
		if (call === 'state' && reads) {
			return Response.json({ type: 'state_update', state: this.#state() });
		}
		if (call !== 'start' || request.method !== 'POST') return null;
		const body = parseText(await request.text());
		if (body === undefined) {
			return problemResponse(problem('malformed-json', 'The body is not JSON.'));
		}
		const frame = startFrameSchema.safeParse(normalized({ ...Object(body), type: 'start' }));
		if (!frame.success) return problemResponse(invalid(frame.error));
		const answered = await this.#host.ask(by, this.#requestOf(frame.data));
		if (!answered.ok) return problemResponse(answered.problem);
		return Response.json(startedFrame(answered.value as Run), { status: 201 }); // what a start answers
	}

	/** Who may not operate runs neither calls a domain Agent's methods nor writes its state. */
	#refusesSdkFrame(connection: Connection, { type, id }: { type: string; id?: unknown }): boolean {
		if (this.#host.checksCallables || !(type === 'rpc' || type === STATE_FRAME)) return false;
		const by = this.#host.viewers.identityOf(connection);
		const refused = by ? refusal('run.start', by) : unknownPerson();
		if (!refused) return false;
		const answer = type === 'rpc' ? { type, id, success: false } : { type: `${STATE_FRAME}_error` };
		this.#send(connection, { ...answer, error: refused.detail });
		return true;
	}

	#state(): Json {
		return (this.#agent.state ?? null) as Json; // synced state is JSON by the SDK's contract
	}

	/** Does no subclass handle messages of its own? Then a frame that is not ours is nobody's. */
	#everyFrameIsOurs(): boolean {
		return Object.getPrototypeOf(this.#agent).onMessage === Agent.prototype.onMessage;
	}

	/** A connection to a sub-agent passes through the root Agent, which leaves it alone. */
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

/** How a client of the SDK writes the synced state. */
const STATE_FRAME = 'cf_agent_state';

const REQUESTS = {
	status: 'run.get',
	pause: 'run.pause',
	resume: 'run.resume',
	cancel: 'run.terminate'
} as const satisfies Record<Exclude<PlainFrame['type'], 'start'>, RequestType>;

/** An Agent's state is for those who may see its runs. */
function maySee(by: Identity | null): boolean {
	return by !== null && refusal('run.get', by) === null;
}

/** `AgentClient` (partysocket) puts `_pk` in its URL; it has the SDK's own protocol. */
function speaksPlainly({ uri }: Connection): boolean {
	return !uri || !new URL(uri, 'http://agent').searchParams.has('_pk');
}

function unknownPerson(): Problem {
	return problem('unauthenticated', 'It is not known who is at the other end.');
}

function problemResponse(failure: Problem): Response {
	return Response.json(failure, {
		status: failure.status,
		headers: { 'content-type': 'application/problem+json' }
	});
}
