import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { totalIn } from '../../../../../src/lib/agent/operations/run-index/query/known-totals';
import { RunIndex } from '../../../../../src/lib/agent/operations/run-index/run-index';
import {
	fieldTerm,
	matches,
	RUN_ORDER_FIELDS,
	RUN_STATUSES,
	runKey,
	type QueryTerm,
	type Run,
	type RunOrder
} from '../../../../../src/lib/protocol';
import { anyRun, anyTerms } from '../../../support/queries';
import { aRun, fleetRun, NOW, seeded } from '../../../support/runs';
import { memorySql } from '../../../support/sqlite';

const NEWEST: RunOrder = { field: 'created', direction: 'desc' };
const anyOrder: fc.Arbitrary<RunOrder> = fc.record({
	field: fc.constantFrom(...RUN_ORDER_FIELDS),
	direction: fc.constantFrom('asc' as const, 'desc' as const)
});
const anyFleet = fc.uniqueArray(anyRun, { selector: runKey, maxLength: 25 });

function anIndex(runs: readonly Run[]): RunIndex {
	const index = new RunIndex(memorySql());
	index.migrate();
	for (const run of runs) index.upsert({ run, version: 1, exact: true });
	return index;
}

describe('a window on a list of runs', () => {
	it('is the stretch of the whole list at its place, for any runs, query and order', () => {
		fc.assert(
			fc.property(anyFleet, anyTerms, anyOrder, fc.nat(12), (runs, terms, order, offset) => {
				const index = anIndex(runs);
				const whole = index.page({ terms, order, limit: 100, now: NOW });
				const window = index.page({ terms, order, limit: 5, window: { offset }, now: NOW });
				expect(window.keys).toEqual(whole.keys.slice(offset, offset + 5));
				expect(window.window?.offset).toBe(offset);
			}),
			{ numRuns: 200 }
		);
	}, 600_000);

	it('can begin at a row that was once the first: what stands above it is counted only', () => {
		fc.assert(
			fc.property(
				anyFleet,
				anyTerms,
				anyOrder,
				fc.nat(8),
				fc.nat(8),
				(runs, terms, order, at, offset) => {
					const index = anIndex(runs);
					const whole = index.page({ terms, order, limit: 100, now: NOW });
					const first = index.page({ terms, order, limit: 100, window: { offset: 0 }, now: NOW });
					expect(first.window?.head === null).toBe(whole.keys.length === 0);
					// The cursor that ends a page of `at` rows stands for the last of them.
					const head =
						at === 0
							? first.window?.head
							: index.page({ terms, order, limit: at, now: NOW }).nextCursor;
					if (!head) return;
					const begin = Math.max(0, at - 1);
					const window = { offset, from: head };
					const later = index.page({ terms, order, limit: 5, window, now: NOW });
					expect(later.keys).toEqual(whole.keys.slice(begin + offset, begin + offset + 5));
					expect(later.window).toEqual({ offset, before: begin, beforeExact: true, head });
				}
			),
			{ numRuns: 200 }
		);
	}, 600_000);

	it('stays where it is while runs enter above it', () => {
		const index = anIndex([aRun({ id: 'b', createdAt: 2 }), aRun({ id: 'a', createdAt: 1 })]);
		const page = (window: { offset: number; from?: string }) =>
			index.page({ terms: [], order: NEWEST, limit: 10, window, now: NOW });
		const from = page({ offset: 0 }).window?.head ?? '';
		index.upsert({ run: aRun({ id: 'c', createdAt: 3 }), version: 1, exact: true });
		expect(page({ offset: 0, from }).keys).toEqual(['REFUND/b', 'REFUND/a']);
		expect(page({ offset: 0, from }).window).toMatchObject({ before: 1 });
		expect(page({ offset: 0 }).keys).toEqual(['REFUND/c', 'REFUND/b', 'REFUND/a']);
	});

	it('is right far down in a fleet whose leads are many', () => {
		const random = seeded(7);
		const index = anIndex(Array.from({ length: 6500 }, (_, n) => fleetRun(n, 6500, random)));
		const terms: QueryTerm[] = [fieldTerm('status', ['complete'])];
		const keys: string[] = [];
		let cursor: string | undefined;
		do {
			const page = index.page({ terms, order: NEWEST, limit: 100, cursor, now: NOW });
			keys.push(...page.keys);
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined);
		for (const offset of [1, 999, 3000, keys.length - 3]) {
			const window = { offset };
			const page = index.page({ terms, order: NEWEST, limit: 20, window, now: NOW });
			expect(page.keys).toEqual(keys.slice(offset, offset + 20));
		}
	}, 600_000);
});

describe('counts by status', () => {
	it('are what each status finds in the place of the query’s own', () => {
		fc.assert(
			fc.property(anyFleet, anyTerms, (runs, terms) => {
				const index = anIndex(runs);
				const byStatus = index.byStatus(terms, { now: NOW, counted: 'any' });
				const others = terms.filter((term) => term.kind !== 'field' || term.field !== 'status');
				for (const status of RUN_STATUSES) {
					const clicked = [...others, fieldTerm('status', [status])];
					const { total } = index.page({ terms: clicked, order: NEWEST, limit: 1, now: NOW });
					expect(byStatus?.[status] ?? 0).toBe(total);
				}
				const own = runs.filter((run) => matches(terms, run, NOW)).length;
				expect(totalIn(byStatus ?? {}, terms)).toBe(own);
			}),
			{ numRuns: 200 }
		);
	}, 600_000);

	it('are left for later where they would have to be counted', () => {
		const index = anIndex([aRun({ metadata: { region: 'eu' } })]);
		const region: QueryTerm = { kind: 'metadata', negated: false, key: 'region', values: [] };
		expect(index.byStatus([region], { now: NOW, counted: 'counted' })).toBeNull();
		expect(
			index.byStatus([fieldTerm('workflow', ['REFUND'])], { now: NOW, counted: 'counted' })
		).toEqual({
			running: 1
		});
	});
});
