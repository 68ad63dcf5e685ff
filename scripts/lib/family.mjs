// A child process and everything that it started. Each child carries a mark in its environment, and
// its own children inherit it: so they are found even after their parent has gone, or after they
// moved to a process group of their own, as Chromium and workerd may. Without /proc (macOS), only
// process groups are known.
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const MARK = 'SIGNALBOX_FAMILY';

const POLL_MS = 50;
const KILL_WITHIN_MS = 10_000;

/** @typedef {{ mark: string, groups: Iterable<number> }} Family */

/**
 * The processes of a family that are alive.
 * @param {Family} family
 * @returns {number[]}
 */
export function livingOf({ mark, groups }) {
	return [...new Set([...withMark(mark), ...[...groups].filter(isAlive).map((pid) => -pid)])];
}

/**
 * Ends a family: first politely, then by force.
 * @param {Family} family
 * @param {{ patienceMs?: number }} [options]
 * @returns {Promise<boolean>} whether anything was left to end
 */
export async function endFamily(family, { patienceMs = 3000 } = {}) {
	if (livingOf(family).length === 0) return false;
	if (patienceMs > 0) {
		signal(livingOf(family), 'SIGTERM');
		await untilGone(family, patienceMs);
	}
	const giveUpAt = Date.now() + KILL_WITHIN_MS;
	// Again and again: one that is being killed may just have started another.
	while (livingOf(family).length > 0 && Date.now() < giveUpAt) {
		signal(livingOf(family), 'SIGKILL');
		await sleep(POLL_MS);
	}
	return true;
}

/**
 * @param {Family} family
 * @param {number} withinMs
 */
export async function untilGone(family, withinMs) {
	const giveUpAt = Date.now() + withinMs;
	while (livingOf(family).length > 0 && Date.now() < giveUpAt) await sleep(POLL_MS);
}

/**
 * @param {number[]} targets processes, and process groups as negative numbers
 * @param {NodeJS.Signals} name
 */
export function signal(targets, name) {
	for (const target of targets) {
		try {
			process.kill(target, name);
		} catch {
			// It has ended since.
		}
	}
}

/** @param {number} group */
function isAlive(group) {
	try {
		process.kill(-group, 0);
		return !isLinux || hasLivingMember(group);
	} catch {
		return false;
	}
}

const isLinux = process.platform === 'linux';

/**
 * Whether a group has a member that is more than a zombie, which nobody can end.
 * @param {number} group
 */
function hasLivingMember(group) {
	return processIds().some((pid) => {
		const [, state, , groupOf] = /\) (\w) (\d+) (\d+)/.exec(readProc(pid, 'stat')) ?? [];
		return Number(groupOf) === group && state !== 'Z' && state !== 'X';
	});
}

/** @param {string} mark */
function withMark(mark) {
	return processIds().filter(
		(pid) =>
			pid !== process.pid &&
			readProc(pid, 'environ')
				.split('\0')
				.some((line) => line.startsWith(`${MARK}=`) && line.includes(mark))
	);
}

function processIds() {
	if (!isLinux) return [];
	return readdirSync('/proc')
		.filter((name) => /^\d+$/.test(name))
		.map(Number);
}

/**
 * @param {number} pid
 * @param {string} file
 */
function readProc(pid, file) {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'latin1');
	} catch {
		return ''; // it has ended, or belongs to somebody else
	}
}
