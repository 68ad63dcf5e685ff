// The two doors that the suite uses: Signalbox's own HTTP API as a person, and the door for faults.
import type { RunRef } from '../../src/lib/protocol';
import type { Server } from './server';

export type Reply = { status: number; body: unknown };

/** Nobody answered, or not to the end. */
export class CutOffError extends Error {
	override readonly name = 'CutOffError';
}

const EVERY_ROLE = 'viewer,operator,approver,admin';
const PATIENCE_MS = 300_000;
const ONE_CALL_MS = 60_000;

/** The store and the aisle that an Agent's path names. */
export function storeOf(path: string): { store: string; aisle: string | null } {
	const [, store = '', aisle] =
		/^store-agent\/([^/]+)(?:\/sub\/aisle-agent\/([^/]+))?$/.exec(path) ?? [];
	return { store, aisle: aisle ?? null };
}

export class Api {
	readonly #server: Server;
	/** Failures that do not say what failed: a program could not tell what to do about them. */
	readonly unclear: string[] = [];

	constructor(server: Server) {
		this.#server = server;
	}

	/** One call, once. @throws CutOffError */
	async call(
		method: string,
		path: string,
		{ body, by = 'eve', cut }: { body?: unknown; by?: string; cut?: AbortSignal } = {}
	): Promise<Reply> {
		const headers = {
			authorization: `Local ${by}:${EVERY_ROLE}`,
			'content-type': 'application/json'
		};
		try {
			const response = await fetch(`${this.#server.origin}${path}`, {
				method,
				headers,
				signal: cut ?? AbortSignal.timeout(ONE_CALL_MS),
				...(body === undefined ? {} : { body: JSON.stringify(body) })
			});
			const text = await response.text();
			const type = response.headers.get('content-type') ?? '';
			const isJson = /json/.test(type);
			if (response.status >= 500 && path.startsWith('/api/') && !type.includes('problem+json')) {
				this.unclear.push(
					`${method} ${path} was answered ${response.status}: ${text.slice(0, 200)}`
				);
			}
			return { status: response.status, body: isJson ? JSON.parse(text) : text };
		} catch (error) {
			throw new CutOffError(`${method} ${path}`, { cause: error });
		}
	}

	/** Calls until somebody answers: through a restart of the server, an eviction, a refusal. */
	async patiently(
		method: string,
		path: string,
		options: { body?: unknown; by?: string } = {}
	): Promise<Reply> {
		const giveUpAt = Date.now() + PATIENCE_MS;
		for (;;) {
			await this.#server.ready;
			try {
				const reply = await this.call(method, path, options);
				if (reply.status < 500 || Date.now() > giveUpAt) return reply;
			} catch (error) {
				if (!(error instanceof CutOffError) || Date.now() > giveUpAt) throw error;
			}
			await new Promise((resolve) => setTimeout(resolve, 200));
		}
	}

	get(path: string): Promise<Reply> {
		return this.patiently('GET', `/api/v1${path}`);
	}

	/** Asks the door for faults. */
	async door(asked: Record<string, unknown>): Promise<unknown> {
		const { status, body } = await this.patiently('POST', '/faults', { body: asked });
		if (status !== 200) throw new Error(`The door answered ${status}: ${String(body)}`);
		return body;
	}

	/** Every entry of a list, page by page. */
	async all(path: string, name: string): Promise<unknown[]> {
		const found: unknown[] = [];
		let cursor: string | null = null;
		do {
			const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
			const { body } = await this.get(`${path}?limit=100${next}`);
			const page = body as Record<string, unknown>; // every list answers with an object
			const entries = page[name];
			if (!Array.isArray(entries)) throw new Error(`${path} has no ${name}`);
			found.push(...entries);
			cursor = typeof page['nextCursor'] === 'string' ? page['nextCursor'] : null;
		} while (cursor !== null);
		return found;
	}
}

export const runPath = ({ workflow, id }: RunRef): string => `/runs/${workflow}/${id}`;
