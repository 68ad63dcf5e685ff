// A websocket client of a test: it remembers every frame, and waits for the one that is expected.
import { randomUUID } from 'node:crypto';
import { expectResult } from './contract-check';
import { answerSchema, type Answer } from '../../../src/lib/protocol';

/** A frame as it came: parsed when it is JSON. */
export type Frame = { text: string; json: Record<string, unknown> };

export type SocketOptions = {
	as?: string | null;
	headers?: Record<string, string>;
	/** Speak as `AgentClient` does: without the frames of the plain protocol. */
	sdk?: boolean;
};

const PATIENCE_MS = 120_000;

export class Socket {
	readonly frames: Frame[] = [];
	/** The code it was closed with; null while it is open. */
	closed: number | null = null;
	readonly #socket: WebSocket;
	#seen = 0;
	readonly #waiters = new Set<() => void>();

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.addEventListener('message', ({ data }) => {
			this.frames.push(frameOf(String(data)));
			this.#waiters.forEach((wake) => wake());
		});
		socket.addEventListener('close', ({ code }) => {
			this.closed = code;
			this.#waiters.forEach((wake) => wake());
		});
	}

	/** Resolves when it is open, rejects when it is refused. */
	static open(address: URL, { as, headers = {}, sdk = false }: SocketOptions): Promise<Socket> {
		const url = new URL(address);
		url.protocol = 'ws:';
		if (sdk) url.searchParams.set('_pk', randomUUID());
		const init = { headers: { ...(as ? { authorization: `Local ${as}` } : {}), ...headers } };
		// Node's WebSocket takes headers; the browser's types do not know that.
		const socket = new WebSocket(url.href, init as unknown as string[]);
		const opening = new Socket(socket);
		return new Promise((resolve, reject) => {
			socket.addEventListener('open', () => resolve(opening));
			socket.addEventListener('error', () => reject(new Error(`${url.pathname} was refused`)));
		});
	}

	send(frame: object | string): void {
		this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
	}

	/** The next frame that `test` holds of; those before it are passed over. */
	async next(test: (frame: Frame) => boolean): Promise<Frame> {
		const giveUpAt = Date.now() + PATIENCE_MS;
		for (;;) {
			while (this.#seen < this.frames.length) {
				const frame = this.frames[this.#seen++];
				if (frame && test(frame)) return frame;
			}
			if (this.closed !== null) throw new Error(`The connection was closed: ${this.closed}`);
			await this.#more(giveUpAt);
		}
	}

	/** The next frame of a type. */
	ofType(type: string): Promise<Frame> {
		return this.next(({ json }) => json['type'] === type);
	}

	/** Calls a method of the Agent, as `AgentClient` does; the answer's whole frame. */
	async rpc(method: string, ...args: unknown[]): Promise<Record<string, unknown>> {
		const id = randomUUID();
		this.send({ type: 'rpc', id, method, args });
		const known = this.frames.length;
		const isAnswer = ({ json }: Frame) => json['type'] === 'rpc' && json['id'] === id;
		const giveUpAt = Date.now() + PATIENCE_MS;
		for (;;) {
			const found = this.frames.slice(known).find(isAnswer);
			if (found) return found.json;
			await this.#more(giveUpAt);
		}
	}

	/** Makes a request of the protocol over the websocket. */
	async perform(request: object): Promise<Answer<unknown>> {
		const answer = answerSchema.parse((await this.rpc('perform', request))['result']);
		expectResult(request, answer);
		return answer;
	}

	/** Closes it; resolves when it is closed. */
	async close(): Promise<void> {
		this.#socket.close(1000);
		const giveUpAt = Date.now() + PATIENCE_MS;
		while (this.closed === null) await this.#more(giveUpAt);
	}

	async #more(giveUpAt: number): Promise<void> {
		await new Promise<void>((resolve) => {
			const wake = () => {
				clearTimeout(timer);
				this.#waiters.delete(wake);
				resolve();
			};
			const timer = setTimeout(wake, giveUpAt - Date.now());
			this.#waiters.add(wake);
		});
		if (Date.now() >= giveUpAt) {
			const heard = this.frames.slice(-10).map(({ text }) => text.slice(0, 200));
			throw new Error(`The frame did not come; the last were:\n${heard.join('\n')}`);
		}
	}
}

function frameOf(text: string): Frame {
	try {
		const json: unknown = JSON.parse(text);
		return { text, json: typeof json === 'object' && json ? { ...json } : {} };
	} catch {
		return { text, json: {} }; // not JSON, such as the answer to a heartbeat
	}
}
