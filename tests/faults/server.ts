// The server that the suite ends as nobody should end a server: a process group of its own, so that
// one signal takes all of it at once, and the same state when it comes back.
import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

const READY_WITHIN_MS = 300_000;

export type ServerOptions = {
	/** The Node to start it with, and what goes before the options of `wrangler dev`. */
	command: { node: string; args: string[] };
	stateDir: string;
	/** The file for everything it prints. */
	log: string;
};

/** A port that nothing listens on. */
function freePort(): Promise<number> {
	return new Promise((resolve, reject) => {
		const server = net.createServer();
		server.once('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const address = server.address();
			const port = typeof address === 'object' && address ? address.port : 0;
			server.close(() => resolve(port));
		});
	});
}

export class Server {
	readonly origin: string;
	readonly port: number;
	readonly #options: ServerOptions;
	readonly #log: WriteStream;
	#child: ChildProcess | null = null;
	#ready = Promise.withResolvers<undefined>();

	private constructor(port: number, options: ServerOptions) {
		this.port = port;
		this.origin = `http://127.0.0.1:${port}`;
		this.#options = options;
		this.#log = createWriteStream(options.log);
	}

	static async start(options: ServerOptions): Promise<Server> {
		const server = new Server(await freePort(), options);
		await server.up();
		return server;
	}

	/** Resolves when it answers; after a kill, when it answers again. */
	get ready(): Promise<unknown> {
		return this.#ready.promise;
	}

	async up(): Promise<void> {
		await this.#start();
		this.#ready.resolve(undefined);
	}

	/** Ends the whole group at once, as a power cut would. */
	async kill(): Promise<void> {
		const child = this.#child;
		if (!child || child.pid === undefined || child.exitCode !== null) return;
		this.#ready = Promise.withResolvers<undefined>();
		const gone = new Promise((resolve) => child.once('exit', resolve));
		process.kill(-child.pid, 'SIGKILL');
		await gone;
		this.#child = null;
	}

	/** Copies the fleet index as it lies on the disk. For a server that is down. */
	async saveIndex(): Promise<void> {
		await rm(this.#savedIndex, { recursive: true, force: true });
		await cp(this.#index, this.#savedIndex, { recursive: true });
	}

	/** Puts the copy in the index's place. For a server that is down. */
	async restoreIndex(): Promise<void> {
		await rm(this.#index, { recursive: true, force: true });
		await cp(this.#savedIndex, this.#index, { recursive: true });
	}

	async stop(): Promise<void> {
		await this.kill();
		this.#log.end();
	}

	get #index(): string {
		return path.join(this.#options.stateDir, 'v3/do/signalbox-faults-OperationsAgent');
	}

	get #savedIndex(): string {
		return path.join(this.#options.stateDir, '../saved-index');
	}

	async #start(): Promise<void> {
		const { command, stateDir } = this.#options;
		const child = spawn(
			command.node,
			[
				...command.args,
				...['--port', String(this.port)],
				...['--inspector-port', '0'],
				...['--persist-to', stateDir],
				...['--log-level', 'error'],
				'--show-interactive-dev-session=false'
			],
			{
				detached: true,
				stdio: ['ignore', 'pipe', 'pipe'],
				env: {
					...process.env,
					WRANGLER_SEND_METRICS: 'false',
					WRANGLER_HIDE_BANNER: 'true',
					// The place of a request (Request.cf) is asked from the network: not needed here.
					CLOUDFLARE_CF_FETCH_ENABLED: 'false',
					X_LOCAL_OBSERVABILITY: 'false'
				}
			}
		);
		child.stdout.pipe(this.#log, { end: false });
		child.stderr.pipe(this.#log, { end: false });
		this.#child = child;
		const giveUpAt = Date.now() + READY_WITHIN_MS;
		while (Date.now() < giveUpAt) {
			if (child.exitCode !== null) break;
			// Refused until it listens: that means "not yet".
			const response = await fetch(`${this.origin}/api/v1/health`).catch(() => null);
			await response?.body?.cancel();
			if (response?.ok) return;
			await new Promise((resolve) => setTimeout(resolve, 100));
		}
		throw new Error(`The server did not start; what it said is in ${this.#options.log}.`);
	}
}
