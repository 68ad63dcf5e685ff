import { expect } from 'vitest';
import {
	approvalSchema,
	problemSchema,
	runEventSchema,
	runSchema,
	type Approval,
	type Problem,
	type Run,
	type RunEvent,
	type RunRef
} from '../../../src/lib/protocol';
import { expectContract } from './contract-check';
import { eventually } from './eventually';

/** What was answered; `body` is the JSON, or null for an empty body. */
export type Reply = { status: number; headers: Headers; body: unknown };

export type Start = {
	workflow: string;
	params: unknown;
	id?: string;
	agent?: string;
	metadata?: Record<string, unknown>;
};

/** One person's way to the HTTP API. */
export class Person {
	readonly #base: URL;
	readonly #identity: string;

	constructor(url: URL, identity: string) {
		this.#base = url;
		this.#identity = identity;
	}

	/** Calls `/api/v1<path>`; a text body goes out as it is, anything else as JSON. The answer fits the contract. */
	async call(
		method: string,
		path: string,
		body?: unknown,
		headers: Record<string, string> = {}
	): Promise<Reply> {
		const response = await this.fetch(`/api/v1${path}`, {
			method,
			headers: { 'content-type': 'application/json', ...headers },
			...(body === undefined
				? {}
				: { body: typeof body === 'string' ? body : JSON.stringify(body) })
		});
		const text = await response.text();
		const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
		const reply = {
			status: response.status,
			headers: response.headers,
			body: isJson ? JSON.parse(text) : text || null
		};
		expectContract(method, path, body, reply);
		return reply;
	}

	fetch(path: string, init: RequestInit = {}): Promise<Response> {
		const headers = new Headers(init.headers);
		if (!headers.has('authorization')) headers.set('authorization', `Local ${this.#identity}`);
		return fetch(new URL(path, this.#base), { ...init, headers });
	}

	get(path: string): Promise<Reply> {
		return this.call('GET', path);
	}

	post(path: string, body: unknown = {}): Promise<Reply> {
		return this.call('POST', path, body);
	}

	delete(path: string): Promise<Reply> {
		return this.call('DELETE', path);
	}

	async start(input: Start): Promise<Run> {
		const reply = await this.post('/runs', input);
		expect(reply, JSON.stringify(reply.body)).toMatchObject({ status: 201 });
		return runSchema.parse(reply.body);
	}

	async run({ workflow, id }: RunRef): Promise<Run> {
		const reply = await this.get(`/runs/${workflow}/${id}`);
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		return runSchema.parse(reply.body);
	}

	/** The run, once `test` holds of it. */
	runWhen(ref: RunRef, test: (run: Run) => boolean): Promise<Run> {
		return eventually(
			() => this.run(ref),
			test,
			(run) => `${ref.workflow}/${ref.id} is ${run.status} at ${run.step}`
		);
	}

	runEnded(ref: RunRef): Promise<Run> {
		return this.runWhen(ref, (run) => run.finishedAt !== null);
	}

	async events(ref: RunRef, query = ''): Promise<{ events: RunEvent[]; done: boolean }> {
		const reply = await this.get(`/runs/${ref.workflow}/${ref.id}/events${query}`);
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		const { events, done } = reply.body as { events: unknown[]; done: boolean }; // parsed next
		return { events: events.map((event) => runEventSchema.parse(event)), done };
	}

	/** The approvals of a run that wait for a decision. */
	async pending(ref: RunRef): Promise<Approval[]> {
		const reply = await this.get(`/approvals?status=pending&workflow=${ref.workflow}&limit=100`);
		const { approvals } = reply.body as { approvals: unknown[] }; // parsed next
		return approvals
			.map((approval) => approvalSchema.parse(approval))
			.filter(({ runId }) => runId === ref.id);
	}

	/** The one approval that a run waits for, once there is one that is none of `but`. */
	async approvalOf(ref: RunRef, ...but: string[]): Promise<Approval> {
		const [approval] = await eventually(
			async () => (await this.pending(ref)).filter(({ id }) => !but.includes(id)),
			(found) => found.length > 0,
			() => `${ref.workflow}/${ref.id} waits for no approval`
		);
		if (!approval) throw new Error('unreachable');
		return approval;
	}

	decide(approval: { id: string }, decision: unknown): Promise<Reply> {
		return this.post(`/approvals/${approval.id}/decision`, decision);
	}
}

/** Expects a problem document and hands it out. */
export function problemOf(reply: Reply, status: number, kind: string): Problem {
	expect(reply, JSON.stringify(reply.body)).toMatchObject({
		status,
		body: { type: `urn:signalbox:problem:${kind}`, status }
	});
	expect(reply.headers.get('content-type')).toBe('application/problem+json');
	return problemSchema.parse(reply.body);
}
