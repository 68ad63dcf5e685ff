// Reads from the runners' JSON reports how many tests passed and which failed. Whatever went wrong
// without a failed test to show for it (a file that does not load, a crash) counts as one failure.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ passed: number, failures: string[] }} Counts */

/** @typedef {{ status: string, fullName: string }} VitestTest */
/** @typedef {{ name: string, status: string, assertionResults: VitestTest[] }} VitestFile */

/**
 * @param {string} report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function vitestCounts(report, exitCode) {
	/** @type {{ testResults: VitestFile[] } | null} */
	const json = read(report);
	let passed = 0;
	const failures = [];
	for (const file of json?.testResults ?? []) {
		const name = path.relative('', file.name);
		const failed = file.assertionResults.filter(({ status }) => status === 'failed');
		passed += file.assertionResults.filter(({ status }) => status === 'passed').length;
		failures.push(...failed.map(({ fullName }) => `${name} > ${fullName}`));
		if (file.status === 'failed' && failed.length === 0) failures.push(name);
	}
	return honest({ passed, failures }, exitCode, json !== null);
}

/**
 * @typedef {object} Suite
 * @property {string} title
 * @property {string} file
 * @property {Suite[]} [suites]
 * @property {{ title: string, line: number, tests: { status: string }[] }[]} [specs]
 */

/**
 * @param {string} report
 * @param {number} exitCode
 * @returns {Counts}
 */
export function playwrightCounts(report, exitCode) {
	/** @type {{ config: { rootDir: string }, suites: Suite[], errors?: { message?: string }[] } | null} */
	const json = read(report);
	/** @type {Counts} */
	const counts = { passed: 0, failures: [] };
	const folder = path.relative('', json?.config.rootDir ?? '');

	/** @param {Suite} suite @param {string[]} titles */
	function collect(suite, titles) {
		for (const { title, line, tests } of suite.specs ?? []) {
			const name = [`${path.join(folder, suite.file)}:${line}`, ...titles, title].join(' > ');
			for (const { status } of tests) {
				if (status === 'expected') counts.passed += 1;
				else if (status !== 'skipped') counts.failures.push(name);
			}
		}
		for (const inner of suite.suites ?? []) collect(inner, [...titles, inner.title]);
	}
	for (const suite of json?.suites ?? []) collect(suite, []);
	// What went wrong outside tests: a file that does not load, a server that does not start.
	for (const { message = '' } of json?.errors ?? []) counts.failures.push(firstLine(message));
	return honest(counts, exitCode, json !== null);
}

/** @param {string} message */
function firstLine(message) {
	return stripVTControlCharacters(message).trim().split('\n')[0] ?? '';
}

/**
 * @param {Counts} counts
 * @param {number} exitCode
 * @param {boolean} isReported
 * @returns {Counts}
 */
function honest({ passed, failures }, exitCode, isReported) {
	if (failures.length > 0 || (exitCode === 0 && isReported)) return { passed, failures };
	const why = isReported ? 'the stage failed, though no test did' : 'it ended without a report';
	return { passed, failures: [`exit code ${exitCode}: ${why}`] };
}

/** @param {string} report */
function read(report) {
	return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
}
