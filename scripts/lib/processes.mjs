// Every child process of the scripts is started here: on the Node 24 of node_modules, whatever
// Node started the script, and without a shell.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endFamily, MARK, untilGone } from './family.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundledNode = path.join(root, 'node_modules/.bin/node');
const isModern = Number(process.versions.node.split('.')[0]) >= 24;
export const node = isModern || !existsSync(bundledNode) ? process.execPath : bundledNode;

// A stage is given up only when nothing has happened for longer than any single test may take.
const SILENCE_LIMIT_MS = 15 * 60_000;

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */
/** @typedef {(chunk: string | Uint8Array, isError?: boolean) => void} Output */

/** @type {Map<ChildProcess, import('./family.mjs').Family>} */
const running = new Map();

const isNested = Boolean(process.env[MARK]);
const ownMark = `:${randomUUID()}.`;
let count = 0;

/** @type {import('node:stream').Writable | null} */
let reaper = null;

/**
 * The path of a dependency's command line program, a JavaScript file.
 * @param {string} dependency
 * @param {string} name
 */
export function program(dependency, name = dependency) {
	const home = path.join(root, 'node_modules', dependency);
	/** @type {{ bin: string | Record<string, string> }} */
	const { bin } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8'));
	const file = typeof bin === 'string' ? bin : bin[name];
	if (file === undefined) throw new Error(`${dependency} has no program ${name}`);
	return path.join(home, file);
}

/**
 * Starts a JavaScript file on Node 24. The child, and all that it starts, ends with this process.
 * @param {string[]} args the file and its arguments
 * @param {{ env?: Record<string, string>, stdio?: import('node:child_process').StdioOptions }} [options]
 */
export function start(args, options) {
	return startProgram([node, ...args], options);
}

/**
 * Starts any program. It gets a process group of its own, unless this script is part of a family
 * already: whoever started that one wants to reach all of it as one group.
 * @param {string[]} command
 * @param {Parameters<typeof start>[1]} [options]
 */
export function startProgram([file = '', ...args], { env = {}, stdio } = {}) {
	const bin = path.join(root, 'node_modules/.bin');
	const mark = `${ownMark}${++count}:`;
	reaper ??= startReaper();
	const child = spawn(file, args, {
		cwd: root,
		detached: !isNested,
		stdio: stdio ?? ['ignore', 'inherit', 'inherit'],
		env: {
			...process.env,
			PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
			WRANGLER_SEND_METRICS: 'false',
			WRANGLER_HIDE_BANNER: 'true',
			...env,
			[MARK]: `${process.env[MARK] ?? ''}${mark}`
		}
	});
	const { pid } = child;
	if (pid !== undefined) {
		running.set(child, { mark, groups: isNested ? [] : [pid] });
		if (!isNested) reaper.write(`+${pid}\n`);
	}
	return child;
}

function startReaper() {
	const { [MARK]: _, ...env } = process.env;
	const file = fileURLToPath(new URL('reaper.mjs', import.meta.url));
	const child = spawn(node, [file, ownMark], {
		detached: true,
		stdio: ['pipe', 'ignore', 'inherit'],
		env
	});
	child.unref();
	// @ts-expect-error -- a pipe to a child is a socket, which its type does not say
	child.stdin.unref();
	// It can only be gone when somebody ended it.
	child.stdin.on('error', () => {});
	return child.stdin;
}

/**
 * @param {ChildProcess} child
 * @returns {Promise<number>} its exit code; a signal counts as 1
 */
export function exitOf(child) {
	if (child.exitCode !== null) return Promise.resolve(child.exitCode);
	if (child.signalCode !== null) return Promise.resolve(1);
	return new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('exit', (code) => resolve(code ?? 1));
	});
}

/**
 * Runs a JavaScript file to its end, and ends what it leaves behind.
 * @param {string[]} args
 * @param {{ env?: Record<string, string>, output?: Output, silenceLimitMs?: number }} [options]
 * @returns {Promise<number>} its exit code
 */
export function run(args, options) {
	return runProgram([node, ...args], options);
}

/**
 * @param {string[]} command
 * @param {Parameters<typeof run>[1]} [options]
 * @returns {Promise<number>} its exit code
 */
export async function runProgram(
	command,
	{ env = {}, output = writeOut, silenceLimitMs = SILENCE_LIMIT_MS } = {}
) {
	const child = startProgram(command, {
		env: { ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}), ...env },
		stdio: ['ignore', 'pipe', 'pipe']
	});
	let isSilent = false;
	const limit = setTimeout(() => {
		isSilent = true;
		void end(child);
	}, silenceLimitMs);
	for (const stream of [child.stdout, child.stderr]) {
		stream?.on('data', (chunk) => {
			limit.refresh();
			output(chunk, stream === child.stderr);
		});
	}
	const closed = new Promise((resolve) => child.once('close', resolve));
	const code = await exitOf(child);
	clearTimeout(limit);
	await endRest(child);
	// What it wrote last is still on its way.
	await Promise.race([closed, sleep(2000)]);
	if (isSilent) output(`Nothing happened for ${minutes(silenceLimitMs)} minutes: it was ended.\n`);
	return isSilent ? code || 1 : code;
}

/** @param {ChildProcess} child */
function hasEnded(child) {
	return child.exitCode !== null || child.signalCode !== null;
}

/** @param {number} ms */
function minutes(ms) {
	return Number((ms / 60_000).toFixed(2));
}

/** @type {Output} */
function writeOut(chunk) {
	process.stdout.write(chunk);
}

/**
 * Asks a child to end, and makes it and all that it started when it does not within `patienceMs`.
 * @param {ChildProcess} child
 */
export async function end(child, patienceMs = 8000) {
	if (!hasEnded(child)) {
		child.kill('SIGTERM');
		await Promise.race([exitOf(child), sleep(patienceMs, undefined, { ref: false })]);
	}
	await endRest(child);
}

/**
 * Ends what is left of a child's family. What ends by itself a moment after it may do so.
 * @param {ChildProcess} child
 */
async function endRest(child) {
	const family = running.get(child);
	if (!family) return;
	if (hasEnded(child)) await untilGone(family, 1000);
	await endFamily(family, { patienceMs: hasEnded(child) ? 3000 : 0 });
	running.delete(child);
	reaper?.write(`-${child.pid}\n`);
}

let ending = false;

/**
 * Ends every child on SIGINT, SIGTERM and SIGHUP, then this process. For a server that is the way
 * to end; for a job it is a failure.
 * @param {{ exitCode: number, cleanUp?: () => void }} options
 */
export function endWithSignals({ exitCode, cleanUp }) {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
		process.on(signal, async () => {
			// The second time, whoever asks does not want to wait.
			if (ending) await killAll();
			ending = true;
			await endAll();
			cleanUp?.();
			process.exit(exitCode);
		});
	}
}

/**
 * Ends every child and this process with one line that says why. When a signal has ended them
 * already, that is no failure and the line would only confuse.
 * @param {unknown} reason
 * @param {() => void} [cleanUp]
 * @returns {Promise<never>}
 */
export async function fail(reason, cleanUp) {
	if (ending) return new Promise(() => {});
	ending = true;
	console.error(reason instanceof Error ? reason.message : reason);
	await endAll();
	cleanUp?.();
	process.exit(1);
}

async function endAll() {
	await Promise.all([...running.keys()].map((child) => end(child)));
}

async function killAll() {
	const families = [...running.values()];
	await Promise.all(families.map((family) => endFamily(family, { patienceMs: 0 })));
}
