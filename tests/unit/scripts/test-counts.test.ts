import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';

type Count = (report: string, exitCode: number) => { passed: number; failures: string[] };

// The scripts are JavaScript, which the tests' TypeScript does not read.
const file = new URL('../../../scripts/lib/test-counts.mjs', import.meta.url).href;
const { playwrightCounts, vitestCounts } = (await import(/* @vite-ignore */ file)) as {
	playwrightCounts: Count;
	vitestCounts: Count;
};

const folder = mkdtempSync(path.join(tmpdir(), 'signalbox-counts-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(json: object): string {
	const name = path.join(folder, 'report.json');
	writeFileSync(name, JSON.stringify(json));
	return name;
}

test('Vitest: failed tests by file and title, and files that did not load', () => {
	const json = {
		testResults: [
			{
				name: path.resolve('tests/unit/fold.test.ts'),
				status: 'failed',
				assertionResults: [
					{ status: 'passed', fullName: 'a fold ends' },
					{ status: 'failed', fullName: 'a fold begins' }
				]
			},
			{ name: path.resolve('tests/unit/odd.test.ts'), status: 'failed', assertionResults: [] }
		]
	};
	expect(vitestCounts(report(json), 1)).toEqual({
		passed: 1,
		failures: ['tests/unit/fold.test.ts > a fold begins', 'tests/unit/odd.test.ts']
	});
});

test('Playwright: failed and flaky tests with their lines', () => {
	const spec = (title: string, line: number, status: string) => ({
		title,
		line,
		tests: [{ status }]
	});
	const json = {
		config: { rootDir: path.resolve('tests/e2e') },
		suites: [
			{
				title: 'people.spec.ts',
				file: 'people.spec.ts',
				specs: [spec('the list opens', 3, 'expected'), spec('skipped', 5, 'skipped')],
				suites: [
					{
						title: 'an operator',
						file: 'people.spec.ts',
						specs: [spec('starts a run', 9, 'unexpected'), spec('waits', 12, 'flaky')]
					}
				]
			}
		]
	};
	const { passed, failures } = playwrightCounts(report(json), 1);
	expect(passed).toBe(1);
	expect(failures.map((name) => name.split(' > ').at(-1))).toEqual(['starts a run', 'waits']);
	expect(failures[0]).toMatch(/^tests\/e2e\/people\.spec\.ts:9 > .*an operator > starts a run$/);
});

test('a runner that fails without a failed test counts as one failure', () => {
	expect(vitestCounts(report({ testResults: [] }), 1).failures).toHaveLength(1);
	expect(playwrightCounts(path.join(folder, 'none.json'), 0).failures).toEqual([
		'exit code 0: it ended without a report'
	]);
});

test('Playwright: what went wrong outside tests is named', () => {
	const json = {
		config: { rootDir: path.resolve('tests/e2e') },
		suites: [],
		errors: [{ message: '\u001b[31mTypeError: a file does not load\u001b[39m\n    at eval' }]
	};
	expect(playwrightCounts(report(json), 1)).toEqual({
		passed: 0,
		failures: ['TypeError: a file does not load']
	});
});
