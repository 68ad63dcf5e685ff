// A server of a test's own, which it may kill: another port, another place for the data.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { MARK } from '../../../scripts/lib/family.mjs';
import { freePort } from '../../../scripts/lib/worker-server.mjs';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const READY_WITHIN_MS = 240_000;

/** Signalbox as `npm start` runs it, with data that outlives it. */
export class Server {
	readonly origin: string;
	#port: number;
	#stateDir = mkdtempSync(path.join(tmpdir(), 'signalbox-recovery-'));
	#child: ChildProcess | null = null;
	readonly #vars: Record<string, string>;

	private constructor(port: number, vars: Record<string, string>) {
		this.#port = port;
		this.#vars = vars;
		this.origin = `http://localhost:${port}`;
	}

	/** @param vars what the Worker is started with: `WORKSPACE` */
	static async onFreePort(vars: Record<string, string> = {}): Promise<Server> {
		return new Server(await freePort(), vars);
	}

	/**
	 * Gives it the data of another server, packed with `tar`. To be called before it starts. The
	 * engine's due times move on by the age of the data, so that no wait expires while it is packed.
	 * @param packedAt When the data was packed, Ms.
	 */
	unpack(archive: string, packedAt: number): void {
		execFileSync('tar', ['-xzf', archive, '-C', this.#stateDir], { cwd: root });
		const ageMs = Date.now() - packedAt;
		for (const file of readdirSync(this.#stateDir, { recursive: true, encoding: 'utf8' })) {
			if (!/workflows.*\.sqlite$/.test(file) || file.endsWith('metadata.sqlite')) continue;
			const db = new DatabaseSync(path.join(this.#stateDir, file));
			db.prepare('UPDATE priority_queue SET target_timestamp = target_timestamp + ?').run(ageMs);
			db.close();
		}
	}

	/** Runs a statement in each database that has this table. To be called while it is not running. */
	edit(table: string, statement: string, ...values: string[]): void {
		for (const file of readdirSync(this.#stateDir, { recursive: true, encoding: 'utf8' })) {
			if (!file.endsWith('.sqlite')) continue;
			const db = new DatabaseSync(path.join(this.#stateDir, file));
			const has = db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?");
			if (has.get(table)) db.prepare(statement).run(...values);
			db.close();
		}
	}

	/** Starts it and waits until it says that it is ready. */
	async start(): Promise<void> {
		// A group of its own, so that all of it can be killed at one blow. The mark keeps the script
		// from giving its server another one.
		const child = spawn(process.execPath, ['scripts/start.mjs', '--no-build'], {
			cwd: root,
			detached: true,
			stdio: ['ignore', 'pipe', 'inherit'],
			env: {
				...process.env,
				...this.#vars,
				PORT: String(this.#port),
				STATE_DIR: this.#stateDir,
				[MARK]: `${process.env[MARK] ?? ''}:${randomUUID()}:`
			}
		});
		this.#child = child;
		await isReady(child);
	}

	/** Kills every process of it, as a power cut would: nothing is said, nothing is saved. */
	async kill(): Promise<void> {
		const child = this.#child;
		this.#child = null;
		if (child?.pid === undefined || child.exitCode !== null) return;
		const ended = once(child, 'exit');
		process.kill(-child.pid, 'SIGKILL');
		await ended;
	}

	/** Ends it and removes its data. */
	async dispose(): Promise<void> {
		await this.kill();
		rmSync(this.#stateDir, { recursive: true, force: true });
	}
}

function isReady(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		const timer = setTimeout(() => reject(new Error('The server did not start.')), READY_WITHIN_MS);
		child.once('exit', (code) => reject(new Error(`The server ended with ${code}.`)));
		child.stdout?.on('data', (chunk: Buffer) => {
			if (!chunk.toString().includes('Signalbox is ready')) return;
			clearTimeout(timer);
			resolve();
		});
	});
}
