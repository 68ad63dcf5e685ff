import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	readRunFile,
	RUN_FILE_FORMAT,
	RUN_FILE_VERSION,
	runFileName,
	type RunFile
} from '../../../../src/lib/protocol';
import { anyRestart, historyOf } from '../../support/histories';
import { aRun, NOW } from '../../support/runs';

const aFile = (given: Partial<RunFile> = {}): RunFile => ({
	format: RUN_FILE_FORMAT,
	version: RUN_FILE_VERSION,
	savedAt: NOW,
	run: aRun({ generation: 2, params: { html: '<script>alert(1)</script>' } }),
	exact: true,
	generations: [
		{ generation: 1, events: historyOf({ type: 'workflow_started', params: { a: 1 } }) },
		{ generation: 2, events: historyOf({ type: 'of_a_later_engine', anything: [1, null] }) }
	],
	approvals: [],
	children: [],
	...given
});

/** What a file is refused for. */
function refusal(file: unknown): string {
	const answer = readRunFile(typeof file === 'string' ? file : JSON.stringify(file));
	return answer.ok ? 'it was read' : answer.problem.detail;
}

describe('a run’s file', () => {
	it('is read as it was written', () => {
		const file = aFile();
		expect(readRunFile(JSON.stringify(file))).toEqual({ ok: true, value: file });
		expect(runFileName(file.run)).toBe('REFUND-run-1.json');
	});

	it('is read as it was written, whatever the histories of its generations are', () => {
		fc.assert(
			fc.property(anyRestart, fc.json(), ({ before, after }, value) => {
				const params = JSON.parse(value.replaceAll('__proto__', 'proto'));
				const file = aFile({
					run: aRun({ generation: 2, params }),
					generations: [
						{ generation: 1, events: before },
						{ generation: 2, events: after }
					]
				});
				const text = JSON.stringify(file);
				expect(readRunFile(text)).toEqual({ ok: true, value: JSON.parse(text) });
			}),
			{ numRuns: 60 }
		);
	});

	it('changes no prototype, whatever its keys are', () => {
		const text = JSON.stringify(aFile()).replace('"html"', '"__proto__":{"polluted":1},"html"');
		const answer = readRunFile(text);
		expect(answer.ok).toBe(true);
		expect(({} as Record<string, unknown>).polluted).toBeUndefined();
	});
});

describe('a wrong file', () => {
	it('is refused with words and never throws, whatever is in it', () => {
		const texts = fc.oneof(fc.string(), fc.json(), fc.constant(''), fc.constant('['.repeat(1e5)));
		fc.assert(
			fc.property(texts, (text) => {
				const answer = readRunFile(text);
				expect(answer).toMatchObject({
					ok: false,
					problem: { title: 'The file cannot be opened', detail: expect.stringMatching(/^The/) }
				});
			})
		);
	});

	it('never throws for a run’s file of which any part was replaced', () => {
		const parts = fc.constantFrom(...(Object.keys(aFile()) as (keyof RunFile)[]));
		fc.assert(
			fc.property(parts, fc.jsonValue(), (part, value) => {
				const answer = readRunFile(JSON.stringify({ ...aFile(), [part]: value }));
				expect(typeof answer.ok).toBe('boolean');
			})
		);
	});

	it('says what it should have been', () => {
		expect(refusal('')).toMatch(/The file is not JSON.*“Download run file”/);
		expect(refusal({ id: 'run-1' })).toMatch(
			/“format” of this JSON file is not “signalbox-run”.*“Download/
		);
		expect(refusal([])).toMatch(/is not “signalbox-run”/);
	});

	it('names a version that is not known, and what helps', () => {
		const of = (version: unknown) => refusal({ ...aFile(), version });
		expect(of(2)).toBe(
			'The file has version 2. This Signalbox reads version 1. Open it on a newer Signalbox.'
		);
		expect(of(0)).toMatch(/has version 0\..* Download the run again/);
		expect(of('1')).toMatch(/has version "1"\./);
		expect(of(undefined)).toMatch(/has version missing\./);
	});

	it('names the first fields that do not fit', () => {
		const { run } = aFile();
		expect(refusal({ ...aFile(), run: { ...run, status: 'odd' } })).toMatch(/run\.status: /);
		expect(refusal({ format: RUN_FILE_FORMAT, version: 1 })).toMatch(/savedAt: .*and \d+ more\.$/);
	});

	it('is refused when its generations or their events are given twice or out of order', () => {
		const [first, second] = aFile().generations;
		if (!first || !second) throw new Error('the file has two generations');
		const twice = { ...first, events: [...first.events, ...first.events] };
		expect(refusal({ ...aFile(), generations: [twice] })).toMatch(/each event once, in the order/);
		expect(refusal({ ...aFile(), generations: [first, first] })).toMatch(/each generation once/);
		const later = { ...second, generation: 3 };
		expect(refusal({ ...aFile(), generations: [first, later] })).toMatch(
			/not be newer than the run/
		);
	});

	it('is refused when it is nested too deeply', () => {
		const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
		const text = JSON.stringify(aFile({ run: aRun({ params: 'deep' }) })).replace('"deep"', deep);
		expect(refusal(text)).toMatch(/nested too deeply/);
	});
});
