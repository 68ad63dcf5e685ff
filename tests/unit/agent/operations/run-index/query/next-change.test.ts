import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunIndex } from '../../../../../../src/lib/agent/operations/run-index/run-index';
import {
	matches,
	parseQuery,
	runKey,
	type QueryTerm,
	type Run
} from '../../../../../../src/lib/protocol';
import { anyRun, anyTerms } from '../../../../support/queries';
import { aRun, NOW } from '../../../../support/runs';
import { memorySql } from '../../../../support/sqlite';

const anyFleet = fc.uniqueArray(anyRun, { selector: runKey, maxLength: 12 });

/** With `few` nought every query of several terms goes by the sets of runs. */
function anIndex(runs: readonly Run[], few?: number): RunIndex {
	const index = new RunIndex(memorySql(), few);
	index.migrate();
	for (const run of runs) index.upsert({ run, version: 1, exact: true });
	return index;
}

function termsOf(query: string): QueryTerm[] {
	const parsed = parseQuery(query);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
	return parsed.terms;
}

function found(runs: readonly Run[], terms: QueryTerm[], now: number): string[] {
	return runs.filter((run) => matches(terms, run, now)).map(runKey);
}

describe('what time alone changes', () => {
	it('is asked of one index at any later time with the same answer as of a fresh one', () => {
		const later = fc.array(fc.nat(400_000), { minLength: 1, maxLength: 5 });
		fc.assert(
			fc.property(
				anyFleet,
				anyTerms,
				later,
				fc.constantFrom(undefined, 0),
				(runs, terms, times, few) => {
					const index = anIndex(runs, few);
					for (const after of times.toSorted((a, b) => a - b)) {
						const now = NOW + after;
						const order = { field: 'created', direction: 'desc' } as const;
						const page = index.page({ terms, order, limit: 100, now });
						expect(page.keys.toSorted()).toEqual(found(runs, terms, now).toSorted());
						expect(page.total).toBe(page.keys.length);
						const byStatus = Object.values(
							index.byStatus(terms, { now: now, counted: 'any' }) ?? {}
						);
						expect(byStatus.reduce((sum, runs) => sum + runs, 0)).toBeGreaterThanOrEqual(
							page.total
						);
					}
				}
			),
			{ numRuns: 200 }
		);
	}, 600_000);

	it('does not change before the moment that is named, for any runs and any query', () => {
		fc.assert(
			fc.property(anyFleet, anyTerms, fc.nat(300_000), (runs, terms, after) => {
				const now = NOW + after;
				const moment = anIndex(runs).nextChangeAt(terms, now) ?? Infinity;
				expect(moment).toBeGreaterThan(now);
				// The last millisecond may go either way: bounds are open or closed.
				const quiet = Math.min(moment - 2, now + 500_000_000);
				for (const share of [0, 0.3, 0.9, 1]) {
					const then = Math.max(now, Math.floor(now + share * (quiet - now)));
					expect(found(runs, terms, then)).toEqual(found(runs, terms, now));
				}
			}),
			{ numRuns: 400 }
		);
	}, 600_000);

	it.each([
		['created:<1h', { createdAt: NOW - 1000 }, 3_599_001],
		['-created:<1h', { createdAt: NOW - 1000 }, 3_599_001],
		['finished:>5m status:complete', { finishedAt: NOW }, 300_001],
		['updated:1m..2m', { updatedAt: NOW - 90_000 }, 30_001],
		['duration:>10m', { startedAt: NOW, finishedAt: null }, 600_001],
		['duration:>10m', { startedAt: NOW, finishedAt: NOW }, null],
		['created:<1h', { createdAt: NOW - 7_200_000 }, null],
		['created:>2026-03-01 region:eu', {}, null],
		['', {}, null]
	] as const)('%s of %o changes after %s ms', (query, given, after) => {
		const index = anIndex([aRun(given)]);
		const moment = index.nextChangeAt(termsOf(query), NOW);
		expect(moment).toBe(after === null ? null : NOW + after);
	});

	it('is overdue a millisecond after it was due', () => {
		const wait = { kind: 'sleep', name: 'nap', since: NOW, dueAt: NOW + 50 } as const;
		const index = anIndex([aRun({ waitingFor: wait })]);
		expect(index.nextChangeAt(termsOf('is:overdue'), NOW)).toBe(NOW + 51);
		expect(index.nextChangeAt(termsOf('is:waiting'), NOW)).toBeNull();
	});
});
