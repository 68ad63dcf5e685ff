// The Worker on the embedded workerd, as `npm start`, `npm run dev` and the e2e tests run it.
import net from 'node:net';
import { createInterface } from 'node:readline';
import { isNoise } from './noise.mjs';
import { end, program, start } from './processes.mjs';

const READY_WITHIN_MS = 300_000;

/**
 * Whether nothing listens on the port yet, on neither of localhost's addresses.
 * @param {number} port
 */
export async function isFree(port) {
	const answers = await Promise.all(['127.0.0.1', '::1'].map((host) => listens(host, port)));
	return !answers.includes(true);
}

/**
 * A port that nothing listens on now.
 * @returns {Promise<number>}
 */
export function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
		});
	});
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function listens(host, port) {
	return new Promise((resolve) => {
		const socket = net.connect({ host, port });
		socket.once('connect', () => {
			socket.destroy();
			resolve(true);
		});
		socket.once('error', () => resolve(false));
	});
}

/**
 * Starts `wrangler dev` and waits until the app answers.
 * `AUTH=local` is given here and nowhere else: what is deployed never has it.
 * @param {{ port: number, stateDir: string, logLevel?: 'error' | 'log' }} options
 */
export async function serveWorker({ port, stateDir, logLevel = 'error' }) {
	const child = start(
		[
			// wrangler passes the option on to the process that does the work.
			...['--import', new URL('end-with-parent.mjs', import.meta.url).href],
			program('wrangler'),
			'dev',
			...['--port', String(port)],
			...['--inspector-port', '0'],
			...['--persist-to', stateDir],
			...['--var', 'AUTH:local'],
			...varsOf('OUTBOUND_ALLOW', 'RATE_LIMITS', 'REASON_REQUIRED', 'REDACT_KEYS', 'WORKSPACE'),
			...varsOf('PURGE_MIN_AGE', 'PURGE_APPROVAL_ABOVE', 'TOMBSTONE_AGE'),
			...['--log-level', logLevel],
			'--show-interactive-dev-session=false'
		],
		{
			stdio: ['ignore', 'pipe', 'pipe'],
			env: {
				// The place of a request (Request.cf) is asked from the network: not needed here.
				CLOUDFLARE_CF_FETCH_ENABLED: 'false',
				// wrangler writes down a span for every call and every SQL statement: ten thousand for
				// eight runs. Nobody reads them here, and the memory grows.
				X_LOCAL_OBSERVABILITY: 'false'
			}
		}
	);
	passOn(child.stdout, process.stdout);
	passOn(child.stderr, process.stderr);

	const origin = `http://localhost:${port}`;
	if (!(await isReady(child, `${origin}/api/v1/health`))) {
		await end(child);
		throw new Error('Signalbox did not start: see the messages above.');
	}
	return { child, origin };
}

/** Variables of the environment that stand in for those of wrangler.jsonc. @param {string[]} names */
function varsOf(...names) {
	return names.flatMap((name) => {
		const value = process.env[name];
		return value === undefined ? [] : ['--var', `${name}:${value}`];
	});
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {string} health
 */
async function isReady(child, health) {
	const giveUpAt = Date.now() + READY_WITHIN_MS;
	while (child.exitCode === null && child.signalCode === null && Date.now() < giveUpAt) {
		// Refused until wrangler listens, and cut off when it reloads: both mean "not yet".
		const response = await fetch(health, { signal: AbortSignal.timeout(5000) }).catch(() => null);
		await response?.body?.cancel();
		if (response?.ok) return true;
		await new Promise((resolve) => setTimeout(resolve, 200));
	}
	return false;
}

/**
 * @param {import('node:stream').Readable | null} from
 * @param {NodeJS.WritableStream} to
 */
function passOn(from, to) {
	if (!from) return;
	createInterface({ input: from }).on('line', (line) => {
		if (!isNoise(line)) to.write(`${line}\n`);
	});
}
