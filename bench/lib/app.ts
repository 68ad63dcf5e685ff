// The app with the doors of bench/app/worker.ts, on a workerd of its own and with data of its own.
import { readdirSync, readFileSync } from 'node:fs';
import { createTestHarness } from 'wrangler';

/** How the kernel counts a process's time. */
const TICKS_A_SECOND = 100;

export type App = {
	origin: string;
	/** Posts JSON to a path and answers with what came back. @throws Error unless it is a 2xx */
	post: (path: string, body: unknown) => Promise<unknown>;
	get: (path: string) => Promise<unknown>;
	/** A websocket to a path, open. */
	socket: (path: string) => Promise<WebSocket>;
	/** What the server's processes have in memory, MB, and the seconds of a core they have taken. */
	use: () => { memory: number; cpu: number };
	close: () => Promise<void>;
};

/** Starts the app. It has to be built: `node scripts/build.mjs`. */
export async function startApp(configPath = './bench/app/wrangler.jsonc'): Promise<App> {
	// As with `npm start`: else wrangler writes down a span for every SQL statement, which takes more
	// than the statement, and what is measured is wrangler.
	process.env['X_LOCAL_OBSERVABILITY'] = 'false';
	// The place of a request (Request.cf) is asked from the network: not needed here.
	process.env['CLOUDFLARE_CF_FETCH_ENABLED'] = 'false';
	const harness = createTestHarness({ workers: [{ configPath }] });
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
		use: () => workerdUse(process.pid),
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

/** What every workerd below a process takes: memory in MB, and seconds of a core; 0 without /proc. */
function workerdUse(root: number): { memory: number; cpu: number } {
	const parents = new Map<number, number>();
	const uses = new Map<number, { memory: number; cpu: number }>();
	for (const name of process.platform === 'linux' ? readdirSync('/proc') : []) {
		const pid = Number(name);
		if (!Number.isInteger(pid)) continue;
		try {
			const status = readFileSync(`/proc/${pid}/status`, 'utf8');
			parents.set(pid, Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]));
			if (!/^Name:\s*workerd/m.test(status)) continue;
			const memory = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
			const [, , user, system] = /\) (?:\S+ ){11}((\d+) (\d+))/.exec(
				readFileSync(`/proc/${pid}/stat`, 'utf8')
			) ?? [0, 0, 0, 0];
			uses.set(pid, { memory, cpu: (Number(user) + Number(system)) / TICKS_A_SECOND });
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
	const all = { memory: 0, cpu: 0 };
	for (const [pid, { memory, cpu }] of uses) {
		if (!isBelow(pid)) continue;
		all.memory += memory;
		all.cpu += cpu;
	}
	return all;
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
