// The app with the doors of bench/app/worker.ts, on a workerd of its own and with data of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { createTestHarness } from 'wrangler';

export type App = {
	origin: string;
	/** Posts JSON to a path and answers with what came back. @throws Error unless it is a 2xx */
	post: (path: string, body: unknown) => Promise<unknown>;
	get: (path: string) => Promise<unknown>;
	/** A websocket to a path, open. */
	socket: (path: string) => Promise<WebSocket>;
	/** What the server's processes have in memory, MB. */
	memory: () => number;
	close: () => Promise<void>;
};

/** Starts the app. It has to be built: `node scripts/build.mjs`. */
export async function startApp(): Promise<App> {
	const harness = createTestHarness({ workers: [{ configPath: './bench/app/wrangler.jsonc' }] });
	const { url } = await harness.listen();
	const asked = async (path: string, init?: RequestInit): Promise<unknown> => {
		const response = await fetch(new URL(path, url), init);
		const text = await response.text();
		if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
		return JSON.parse(text);
	};
	return {
		origin: url.origin,
		post: (path, body) => asked(path, { method: 'POST', body: JSON.stringify(body) }),
		get: (path) => asked(path),
		socket: (path) => openSocket(new URL(path, url)),
		memory: () => workerdMemory(process.pid),
		close: () => harness.close()
	};
}

function openSocket(address: URL): Promise<WebSocket> {
	address.protocol = 'ws:';
	const socket = new WebSocket(address);
	return new Promise((resolve, reject) => {
		socket.addEventListener('open', () => resolve(socket), { once: true });
		socket.addEventListener('error', () => reject(new Error(`no websocket at ${address.href}`)), {
			once: true
		});
	});
}

/** The resident memory of every workerd below a process, MB; 0 where there is no /proc. */
function workerdMemory(root: number): number {
	const parents = new Map<number, number>();
	const sizes = new Map<number, number>();
	for (const name of process.platform === 'linux' ? readdirSync('/proc') : []) {
		const pid = Number(name);
		if (!Number.isInteger(pid)) continue;
		try {
			const status = readFileSync(`/proc/${pid}/status`, 'utf8');
			parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
			if (/^Name:\s*workerd/m.test(status))
				sizes.set(pid, Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
		} catch {
			continue; // it has ended in between
		}
	}
	const isBelow = (pid: number): boolean => {
		for (let at = parents.get(pid); at !== undefined; at = parents.get(at)) {
			if (at === root) return true;
		}
		return false;
	};
	return [...sizes].reduce((sum, [pid, size]) => (isBelow(pid) ? sum + size : sum), 0);
}

/** Asks until the answer is right. @throws Error when it is not within `withinMs` */
export async function until<T>(
	ask: () => Promise<T>,
	isRight: (value: T) => boolean,
	withinMs = 120_000
): Promise<T> {
	const giveUpAt = Date.now() + withinMs;
	for (;;) {
		const value = await ask();
		if (isRight(value)) return value;
		if (Date.now() > giveUpAt) throw new Error(`not so within ${withinMs} ms: ${String(value)}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
