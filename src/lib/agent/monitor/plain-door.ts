// The Agent's own doors: who may use them, and the plain message protocol ({ type: 'start' } …)
// for clients that are not `AgentClient`. Identity comes from the Worker's header on connect and
// is kept in a table, so that it outlives hibernation and no user code can overwrite it.
import { Agent, type Connection, type ConnectionContext } from 'agents';
import { z } from 'zod';
import {
	agentPathSchema,
	decodeIdentity,
	fieldErrors,
	IDENTITY_HEADER,
	identitySchema,
	isEnded,
	jsonObjectSchema,
	jsonSchema,
	problem,
	ProblemError,
	refusal,
	runIdSchema,
	workflowNameSchema,
	type Identity,
	type Json,
	type Problem,
	type RequestType,
	type Run,
	type RunRef
} from '../../protocol';

const startFrame = z.object({
	type: z.literal('start'),
	workflow: workflowNameSchema,
	agent: agentPathSchema.optional(),
	params: jsonSchema.default({}),
	metadata: jsonObjectSchema.optional(),
	id: runIdSchema.optional()
});
const onRun = { workflow: workflowNameSchema.optional(), id: runIdSchema };
const frameSchema = z.discriminatedUnion('type', [
	startFrame,
	z.object({ type: z.literal('status'), ...onRun }),
	z.object({ type: z.literal('pause'), ...onRun }),
	z.object({ type: z.literal('resume'), ...onRun }),
	z.object({ type: z.literal('cancel'), ...onRun })
]);
type Frame = z.infer<typeof frameSchema>;

const NEEDS: Record<Frame['type'], RequestType> = {
	start: 'run.start',
	status: 'run.get',
	pause: 'run.pause',
	resume: 'run.resume',
	cancel: 'run.terminate'
};

/** What the door lets people do, once it knows that they may. */
export type PlainHost = {
	sql: SqlStorage;
	start: (call: Omit<z.infer<typeof startFrame>, 'type'>, by: Identity) => Promise<Run>;
	run: (ref: RunRef, by: Identity) => Promise<Run>;
	control: (action: 'pause' | 'resume' | 'terminate', ref: RunRef, by: Identity) => Promise<Run>;
	/** The binding of a run of which only the id is known. @throws ProblemError `unknown-run` */
	workflowOf: (id: string) => string;
	/** Do the Agent's own callables check who calls? Otherwise the door wants an operator. */
	checksCallables: boolean;
};

/** Other names that clients of the plain protocol use for a run's id and its workflow. */
function normalized(frame: unknown): unknown {
	if (typeof frame !== 'object' || frame === null) return frame;
	const { workflowId, instanceId, workflowName, ...rest } = frame as Record<string, unknown>; // an object, checked above
	return {
		...rest,
		...('id' in rest ? {} : { id: workflowId ?? instanceId }),
		...('workflow' in rest ? {} : { workflow: workflowName })
	};
}

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
		agent.setState = (state) => {
			setState.call(agent, state);
			const frame = JSON.stringify({ type: 'state_update', state });
			for (const connection of agent.getConnections()) {
				if (isOursToSpeak(connection)) connection.send(frame);
			}
		};
		agent.onConnect = async (connection, context) => {
			this.#remember(connection, context);
			await onConnect.call(agent, connection, context);
			if (!isOursToSpeak(connection)) return;
			this.#send(connection, { type: 'connected', agent: agent.name, state: this.#state() });
		};
		agent.onMessage = async (connection, message) => {
			if (!(await this.#received(connection, message))) {
				await onMessage.call(agent, connection, message);
			}
		};
		agent.onClose = async (connection, ...rest) => {
			this.#forget(connection);
			await onClose.call(agent, connection, ...rest);
		};
		agent.onRequest = async (request) =>
			(await this.#requested(request)) ?? (await onRequest.call(agent, request));
		this.#migrate();
	}

	/** Who is at the other end. Nobody, when the Worker did not say. */
	identityOf(connection: { id: string }): Identity | null {
		const row = this.#host.sql
			.exec<{ identity: string }>(
				'SELECT identity FROM monitor_viewers WHERE connection = ?',
				connection.id
			)
			.toArray()[0];
		return row ? identitySchema.parse(JSON.parse(row.identity)) : null;
	}

	#migrate(): void {
		this.#host.sql.exec(
			'CREATE TABLE IF NOT EXISTS monitor_viewers (connection TEXT PRIMARY KEY, identity TEXT NOT NULL)'
		);
	}

	#remember(connection: Connection, { request }: ConnectionContext): void {
		const identity = decodeIdentity(request.headers.get(IDENTITY_HEADER));
		if (!identity) return;
		this.#host.sql.exec(
			'INSERT OR REPLACE INTO monitor_viewers VALUES (?, ?)',
			connection.id,
			JSON.stringify(identity)
		);
	}

	#forget(connection: Connection): void {
		this.#host.sql.exec('DELETE FROM monitor_viewers WHERE connection = ?', connection.id);
	}

	/** Returns true when the message was the door's. */
	async #received(connection: Connection, message: unknown): Promise<boolean> {
		if (this.#belongsToChild(connection)) return false;
		const frame = parseText(message);
		if (frame !== undefined && isSdkFrame(frame)) {
			if (frame.type !== 'rpc') return false;
			const refused = this.#host.checksCallables ? null : this.#refusal(connection, 'run.start');
			if (!refused) return false;
			this.#send(connection, {
				type: 'rpc',
				id: frame.id,
				success: false,
				error: refused.detail
			});
			return true;
		}
		const parsed = frameSchema.safeParse(normalized(frame));
		if (!parsed.success) {
			if (!this.#ownsMessages() && !isPlainType(frame)) return false;
			const errors = fieldErrors(parsed.error);
			this.#fail(connection, problem('invalid-input', 'This frame is not understood.', { errors }));
			return true;
		}
		await this.#handle(connection, parsed.data);
		return true;
	}

	async #handle(connection: Connection, frame: Frame): Promise<void> {
		const refused = this.#refusal(connection, NEEDS[frame.type]);
		const by = this.identityOf(connection);
		if (refused || !by) return this.#fail(connection, refused ?? unknownPerson());
		try {
			if (frame.type === 'start') {
				const { type: _type, ...call } = frame;
				this.#send(connection, startedFrame(await this.#host.start(call, by)));
				return;
			}
			const ref = { workflow: frame.workflow ?? this.#host.workflowOf(frame.id), id: frame.id };
			const run =
				frame.type === 'status'
					? await this.#host.run(ref, by)
					: await this.#host.control(frame.type === 'cancel' ? 'terminate' : frame.type, ref, by);
			this.#send(connection, statusFrame(run));
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			this.#fail(connection, error.problem);
		}
	}

	async #requested(request: Request): Promise<Response | null> {
		const call = new URL(request.url).pathname.split('/').at(-1);
		const identity = decodeIdentity(request.headers.get(IDENTITY_HEADER));
		const needs = request.method === 'GET' || request.method === 'HEAD' ? 'run.get' : 'run.start';
		if (!identity) return problemResponse(problem('unauthenticated', 'Nobody is signed in.'));
		const refused = refusal(needs, identity);
		if (refused) return problemResponse(refused);
		if (call === 'state' && request.method === 'GET') {
			return Response.json({ type: 'state_update', state: this.#state() });
		}
		if (call !== 'start' || request.method !== 'POST') return null;
		const body = parseText(await request.text());
		if (body === undefined) {
			return problemResponse(problem('malformed-json', 'The body is not JSON.'));
		}
		const frame = startFrame.safeParse(normalized({ ...Object(body), type: 'start' }));
		if (!frame.success) {
			const errors = fieldErrors(frame.error);
			return problemResponse(
				problem('invalid-input', errors.map((e) => `${e.path}: ${e.message}`).join('; '), {
					errors
				})
			);
		}
		try {
			const { type: _type, ...call } = frame.data;
			return Response.json(startedFrame(await this.#host.start(call, identity)), { status: 201 });
		} catch (error) {
			if (error instanceof ProblemError) return problemResponse(error.problem);
			throw error;
		}
	}

	#refusal(connection: Connection, type: RequestType): Problem | null {
		const identity = this.identityOf(connection);
		return identity ? refusal(type, identity) : unknownPerson();
	}

	#state(): Json {
		return (this.#agent.state ?? null) as Json; // synced state is JSON by the SDK's contract
	}

	/** Does no subclass handle messages of its own? Then every frame has to be ours. */
	#ownsMessages(): boolean {
		return Object.getPrototypeOf(this.#agent).onMessage === Agent.prototype.onMessage;
	}

	/** A connection to a sub-agent passes through its parents, which leave it alone. */
	#belongsToChild(connection: Connection): boolean {
		if (!connection.uri) return false;
		const depth = new URL(connection.uri, 'http://agent').pathname.split('/sub/').length - 1;
		return depth > this.#agent.parentPath.length && this.#agent.parentPath.length === 0;
	}

	#fail(connection: Connection, failure: Problem): void {
		this.#send(connection, {
			type: 'error',
			at: Date.now(),
			error: failure.detail,
			problem: failure
		});
	}

	#send(connection: Connection, frame: object): void {
		connection.send(JSON.stringify(frame));
	}
}

function unknownPerson(): Problem {
	return problem('unauthenticated', 'It is not known who is at the other end.');
}

/** The answer to `start`. */
function startedFrame(run: Run): object {
	return { ...run, type: 'workflow_started', instanceId: run.id, workflowId: run.id };
}

/** The answer to `status`, `pause`, `resume` and `cancel`. */
function statusFrame(run: Run): object {
	return {
		type: 'workflow_status',
		workflow: run.workflow,
		id: run.id,
		instanceId: run.id,
		workflowId: run.id,
		status: run.status,
		outcome: run.outcome,
		done: isEnded(run.status),
		progress: run.progress,
		output: run.output,
		error: run.error
	};
}

function problemResponse(failure: Problem): Response {
	return Response.json(failure, {
		status: failure.status,
		headers: { 'content-type': 'application/problem+json' }
	});
}

function parseText(message: unknown): unknown {
	if (typeof message !== 'string') return undefined;
	try {
		return JSON.parse(message);
	} catch {
		return undefined; // not JSON: the caller answers so
	}
}

function isSdkFrame(frame: unknown): frame is { type: string; id?: unknown } {
	return (
		typeof frame === 'object' &&
		frame !== null &&
		'type' in frame &&
		typeof frame.type === 'string' &&
		(frame.type === 'rpc' || frame.type.startsWith('cf_'))
	);
}

function isPlainType(frame: unknown): boolean {
	return (
		typeof frame === 'object' &&
		frame !== null &&
		'type' in frame &&
		typeof frame.type === 'string' &&
		frame.type in NEEDS
	);
}

/** `AgentClient` (partysocket) puts `_pk` in its URL; it has the SDK's own protocol. */
function isOursToSpeak(connection: Connection): boolean {
	return !connection.uri || !new URL(connection.uri, 'http://agent').searchParams.has('_pk');
}
