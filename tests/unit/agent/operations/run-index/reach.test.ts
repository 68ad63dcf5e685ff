import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunIndex } from '../../../../../src/lib/agent/operations/run-index/run-index';
import {
	isWithin,
	matches,
	normalizeText,
	QUERY_FIELDS,
	RUN_ORDER_FIELDS,
	RUN_STATUSES,
	runKey,
	runPlace,
	type LimitedReach,
	type QueryTerm,
	type Run
} from '../../../../../src/lib/protocol';
import { anyRun, anyTerms } from '../../../support/queries';
import { NOW } from '../../../support/runs';
import { memorySql } from '../../../support/sqlite';

const anyFleet = fc.uniqueArray(anyRun, { selector: runKey, maxLength: 25 });
const anyPath = anyRun.map(({ agent }) => agent.path);
const anyReach: fc.Arbitrary<LimitedReach> = fc.record({
	workflows: fc.subarray(['REFUND', 'LINK_AUDIT', 'Refund', 'STOCK_COUNT']),
	agents: fc.uniqueArray(anyPath, { maxLength: 2 })
});

function anIndex(runs: readonly Run[]): RunIndex {
	// Few, so that both ways to find runs are taken.
	const index = new RunIndex(memorySql(), 5);
	index.migrate();
	for (const run of runs) index.upsert({ run, version: 1, exact: true });
	return index;
}

/** What is about a run's parent depends on who sees the parent. */
const isAboutParent = (term: QueryTerm) =>
	term.kind === 'field' && (term.field === 'parent' || term.field === 'is');

describe('a part of the fleet', () => {
	it('is what is within reach, for any runs, query and order', () => {
		fc.assert(
			fc.property(
				anyFleet,
				anyTerms.map((terms) => terms.filter((term) => !isAboutParent(term))),
				anyReach,
				fc.constantFrom(...RUN_ORDER_FIELDS),
				(runs, terms, reach, field) => {
					const index = anIndex(runs);
					const page = index.page({
						...{ terms, order: { field, direction: 'desc' }, limit: 100, now: NOW, reach }
					});
					const found = runs.filter(
						(run) => isWithin(reach, runPlace(run)) && matches(terms, run, NOW)
					);
					expect(page.keys.toSorted()).toEqual(found.map(runKey).toSorted());
					expect(page.total).toBe(found.length);
				}
			),
			{ numRuns: 300 }
		);
	}, 600_000);

	it('has the counts of its runs', () => {
		fc.assert(
			fc.property(anyFleet, anyReach, (runs, reach) => {
				const index = anIndex(runs);
				const own = runs.filter((run) => isWithin(reach, runPlace(run)));
				const counted = RUN_STATUSES.map((status) => index.counts(reach)[status] ?? 0);
				expect(counted).toEqual(
					RUN_STATUSES.map((each) => own.filter(({ status }) => status === each).length)
				);
				expect(index.byStatus([], { now: NOW, reach, counted: 'counted' })).toBeNull();
			}),
			{ numRuns: 200 }
		);
	}, 600_000);

	it('offers no word that only other runs have, and counts its own', () => {
		fc.assert(
			fc.property(anyFleet, anyReach, (runs, reach) => {
				const whole = anIndex(runs);
				const part = anIndex(runs.filter((run) => isWithin(reach, runPlace(run))));
				const asked = [
					...QUERY_FIELDS.map((field) => ({ field })),
					...['name', 'b', 'x', 'name.b'].map((metadata) => ({ metadata })),
					'metadata-keys' as const,
					'metadata-values' as const
				];
				for (const of of asked) {
					for (const prefix of ['', 'r', 'b']) {
						// How a word is spelled is the whole fleet's: its case is no part of it.
						const words = (list: { value: string; runs: number; key?: string }[]) =>
							list
								.map(({ value, runs: n, key = '' }) => normalizeText(`${value} ${n} ${key}`))
								.toSorted();
						const within = whole.suggest({ of, prefix, limit: 1_000 }, reach);
						// An index of these runs alone offers the same.
						expect(words(within), JSON.stringify([of, prefix])).toEqual(
							words(part.suggest({ of, prefix, limit: 1_000 }))
						);
					}
				}
			}),
			{ numRuns: 100 }
		);
	}, 600_000);

	it('tells of a parent only where that is within reach', () => {
		fc.assert(
			fc.property(anyFleet, anyReach, (runs, reach) => {
				const index = anIndex(runs);
				const values = [{ kind: 'any' as const }];
				const terms: QueryTerm[] = [{ kind: 'field', negated: false, field: 'parent', values }];
				const order = { field: 'created', direction: 'desc' } as const;
				const page = index.page({ terms, order, limit: 100, now: NOW, reach });
				const seen = runs.filter((run) => isWithin(reach, runPlace(run)));
				const keys = new Set(seen.map(runKey));
				const found = seen.filter(({ parent }) => parent !== null && keys.has(runKey(parent)));
				expect(page.keys.toSorted()).toEqual(found.map(runKey).toSorted());
			}),
			{ numRuns: 200 }
		);
	}, 600_000);
});
