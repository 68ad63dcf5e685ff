import { expect } from '@playwright/test';
import type { Approval, Problem, Run, RunEvent, StartRun } from '../../../src/lib/protocol';

/** A run's address. */
type Ref = Pick<Run, 'workflow' | 'id'>;

/** What was answered: the status, the kind of body, and the body. */
export type Answered<T> = { status: number; type: string; body: T };

const PATIENCE_MS = 120_000;

const ENDED: readonly Run['status'][] = ['complete', 'errored', 'terminated'];

/** The HTTP API, as a script would use it: no page, no cookie, a person by the header. */
export class Api {
	#origin: string;
	#person: string | undefined;

	constructor(origin: string, person?: string) {
		this.#origin = origin;
		this.#person = person;
	}

	/** The same API as another person asks for it: `ana:viewer,approver`. */
	as(person: string): Api {
		return new Api(this.#origin, person);
	}

	/** Asks for anything, and answers whatever comes. */
	async ask<T>(method: string, path: string, body?: unknown): Promise<Answered<T>> {
		const response = await fetch(`${this.#origin}/api/v1${path}`, {
			method,
			headers: { ...this.#headers(), 'content-type': 'application/json' },
			...(body === undefined ? {} : { body: JSON.stringify(body) })
		});
		const type = response.headers.get('content-type') ?? '';
		const text = await response.text();
		return { status: response.status, type, body: (text === '' ? null : JSON.parse(text)) as T };
	}

	/** Starts a run. */
	async start(run: Omit<StartRun, 'params'> & { params: unknown }): Promise<Run> {
		return this.#expect(201, 'POST', '/runs', run);
	}

	/** Reads a run. */
	async run(ref: Ref): Promise<Run> {
		return this.#expect(200, 'GET', pathOf(ref));
	}

	/** Reads a run's whole history. */
	async events(ref: Ref): Promise<RunEvent[]> {
		const { events } = await this.#expect<{ events: RunEvent[] }>(
			200,
			'GET',
			`${pathOf(ref)}/events`
		);
		return events;
	}

	/** Reads a run's history as a stream of server-sent events, to its end. */
	async streamed(ref: Ref): Promise<{ events: RunEvent[]; isDone: boolean }> {
		const { events, ended } = await this.follow(ref);
		return { events, isDone: await ended };
	}

	/**
	 * Follows a run's history: `events` grows as they come. `ended` tells how the stream ended: true
	 * with the run, false when it was cut off.
	 */
	async follow(ref: Ref): Promise<{ events: RunEvent[]; ended: Promise<boolean> }> {
		const response = await fetch(`${this.#origin}/api/v1${pathOf(ref)}/events`, {
			headers: { ...this.#headers(), accept: 'text/event-stream' }
		});
		const events: RunEvent[] = [];
		return { events, ended: readStream(response, events).catch(() => false) };
	}

	/** The runs that a query finds. */
	async find(q: string): Promise<Run[]> {
		const query = new URLSearchParams({ q, limit: '100' });
		const { runs } = await this.#expect<{ runs: Run[] }>(200, 'GET', `/runs?${query}`);
		return runs;
	}

	/** The approval that a run waits for, as soon as it does. */
	async approvalOf({ workflow, id }: Ref): Promise<Approval> {
		let found: Approval | undefined;
		await expect(async () => {
			const { approvals } = await this.#expect<{ approvals: Approval[] }>(
				200,
				'GET',
				`/approvals?status=pending&limit=100&workflow=${workflow}`
			);
			found = approvals.find(({ runId }) => runId === id);
			expect(found, `no approval is pending for ${id}`).toBeDefined();
		}).toPass({ timeout: PATIENCE_MS });
		if (!found) throw new Error(`No approval of ${id}`);
		return found;
	}

	/** Waits until a run stands in this status. */
	async until(ref: Ref, status: Run['status']): Promise<Run> {
		await expect
			.poll(async () => (await this.run(ref)).status, {
				timeout: PATIENCE_MS,
				message: `${ref.id}'s status`
			})
			.toBe(status);
		return this.run(ref);
	}

	/** Waits until a run has ended, however. */
	async untilEnded(ref: Ref): Promise<Run> {
		await expect
			.poll(async () => ENDED.includes((await this.run(ref)).status), {
				timeout: PATIENCE_MS,
				message: `${ref.id} has ended`
			})
			.toBe(true);
		return this.run(ref);
	}

	#headers(): Record<string, string> {
		return this.#person === undefined ? {} : { authorization: `Local ${this.#person}` };
	}

	async #expect<T>(status: number, method: string, path: string, body?: unknown): Promise<T> {
		const answered = await this.ask<T>(method, path, body);
		if (answered.status === status) return answered.body;
		throw new Error(`${method} ${path}: ${answered.status} ${JSON.stringify(answered.body)}`);
	}
}

/** Expects that a call was refused with a problem document that says which role is missing. */
export function expectForbidden({ status, type, body }: Answered<Problem>, role: string): void {
	expect(status).toBe(403);
	expect(type).toContain('application/problem+json');
	expect(body.detail).toContain(`the role ${role}`);
}

function pathOf({ workflow, id }: Ref): string {
	return `/runs/${workflow}/${id}`;
}

async function readStream({ body }: Response, events: RunEvent[]): Promise<boolean> {
	let rest = '';
	let isDone = false;
	for await (const text of (body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
		const frames = (rest + text).split('\n\n');
		rest = frames.pop() ?? '';
		for (const { event, data } of frames.map(readFrame)) {
			if (event === 'run-event') events.push(JSON.parse(data) as RunEvent);
			isDone ||= event === 'done';
		}
	}
	return isDone;
}

function readFrame(frame: string): { event: string; data: string } {
	const lines = frame.split('\n');
	const value = (name: string) =>
		lines
			.filter((line) => line.startsWith(`${name}:`))
			.map((line) => line.slice(name.length + 1).trim())
			.join('\n');
	return { event: value('event'), data: value('data') };
}
