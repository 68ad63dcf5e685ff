import { describe, expect, it } from 'vitest';
import { readProgress } from '../../../../src/lib/components/ui/progress-reading';
import { matches, parseQuery, progressPercent, type Json } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

/** Progress, how far it is, and how it is shown. */
const CASES: [Json, number | null, string | null][] = [
	[null, null, null],
	['half done', null, 'half done'],
	[{ percent: 0.25 }, 25, '25%'],
	[{ percent: 80, message: 'nearly' }, 80, 'nearly'],
	[{ recordsProcessed: 30, totalRecords: 120 }, 25, '30 / 120'],
	[{ current: 1, total: 8 }, 12.5, '1 / 8'],
	[{ stage: 'counting', bay: 3, bays: 4 }, 75, '3 / 4'],
	[{ checked: 2, total: 8 }, 25, '2 / 8'],
	[{ percent: 0.9, aisle: 1, aisles: 2 }, 50, '1 / 2'],
	[{ bay: 5, bays: 4, message: 'too far' }, null, 'too far'],
	[{ total: 0, current: 0 }, null, null],
	[{ stage: 'asleep', dueAt: 1 }, null, 'asleep']
];

describe('progress', () => {
	it.each(CASES)('%j is as far as it is shown', (progress, percent, words) => {
		expect(progressPercent(progress)).toBe(percent);
		const reading = readProgress(progress);
		expect(reading?.percent ?? null).toBe(percent);
		expect(reading?.text ?? null).toBe(words);
	});

	it.each(CASES)('%j is found by how far it is', (progress, percent) => {
		const run = aRun({ progress });
		const finds = (q: string) => {
			const parsed = parseQuery(q);
			return parsed.ok && matches(parsed.terms, run, 0);
		};
		expect(finds(`progress:${percent ?? 0}..${percent ?? 100}`)).toBe(percent !== null);
		expect(finds('progress:*')).toBe(percent !== null);
	});
});
