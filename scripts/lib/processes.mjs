// Every child process of the scripts is started here: on the Node 24 of node_modules, whatever
// Node started the script, and without a shell.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundledNode = path.join(root, 'node_modules/.bin/node');
const isModern = Number(process.versions.node.split('.')[0]) >= 24;
export const node = isModern || !existsSync(bundledNode) ? process.execPath : bundledNode;

const TIME_LIMIT_MS = 8 * 60_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

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
 * Starts a JavaScript file on Node 24. The child ends with this process.
 * @param {string[]} args the file and its arguments
 * @param {{ env?: Record<string, string>, stdio?: import('node:child_process').StdioOptions }} [options]
 */
export function start(args, { env = {}, stdio = ['ignore', 'inherit', 'inherit'] } = {}) {
	const bin = path.join(root, 'node_modules/.bin');
	const child = spawn(node, args, {
		cwd: root,
		stdio,
		env: {
			...process.env,
			PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}`,
			WRANGLER_SEND_METRICS: 'false',
			WRANGLER_HIDE_BANNER: 'true',
			...env
		}
	});
	running.add(child);
	child.once('exit', () => running.delete(child));
	return child;
}

/**
 * @param {import('node:child_process').ChildProcess} child
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
 * Runs a JavaScript file to its end, or to the end of its time.
 * @param {string[]} args
 * @param {Parameters<typeof start>[1]} [options]
 */
export async function run(args, options) {
	const child = start(args, options);
	const limit = setTimeout(() => {
		console.error(`Not done after ${TIME_LIMIT_MS / 60_000} minutes, so it is ended.`);
		void end(child);
	}, TIME_LIMIT_MS);
	const code = await exitOf(child);
	clearTimeout(limit);
	return code;
}

/**
 * Asks a child to end, and makes it when it does not within `patienceMs`.
 * @param {import('node:child_process').ChildProcess} child
 */
export async function end(child, patienceMs = 8000) {
	if (child.exitCode !== null || child.signalCode !== null) return;
	const force = setTimeout(() => child.kill('SIGKILL'), patienceMs);
	child.kill('SIGTERM');
	await exitOf(child);
	clearTimeout(force);
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
			if (ending) return;
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
	await Promise.all([...running].map((child) => end(child)));
}
