// Reads how many tests passed and failed from the runners' JSON reports. Whatever went wrong
// without a failed test to show for it (a file that does not load, a crash) counts as one failure.
import { existsSync, readFileSync } from 'node:fs';

/**
 * @param {string} report
 * @param {number} exitCode
 */
export function vitestCounts(report, exitCode) {
	/** @type {{ testResults: { status: string, assertionResults: { status: string }[] }[] } | null} */
	const json = read(report);
	let passed = 0;
	let failed = 0;
	for (const file of json?.testResults ?? []) {
		const failures = file.assertionResults.filter((test) => test.status === 'failed').length;
		passed += file.assertionResults.filter((test) => test.status === 'passed').length;
		failed += file.status === 'failed' ? Math.max(1, failures) : failures;
	}
	return honest(passed, failed, exitCode);
}

/**
 * @param {string} report
 * @param {number} exitCode
 */
export function playwrightCounts(report, exitCode) {
	/** @type {{ stats: { expected: number, unexpected: number, flaky: number } } | null} */
	const json = read(report);
	const { expected = 0, unexpected = 0, flaky = 0 } = json?.stats ?? {};
	return honest(expected, unexpected + flaky, exitCode);
}

/**
 * @param {number} passed
 * @param {number} failed
 * @param {number} exitCode
 */
function honest(passed, failed, exitCode) {
	return { passed, failed: exitCode === 0 ? failed : Math.max(1, failed) };
}

/** @param {string} report */
function read(report) {
	return existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
}
