import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RunSet } from '../../../../../../src/lib/agent/operations/run-index/query/run-bitset';

/** Numbers near each other, far apart, and beyond what 32 bits hold. */
const anyRun = fc.oneof(fc.nat(100), fc.integer({ min: 32_700, max: 32_800 }), fc.nat(2 ** 40));
const anyRuns = fc.array(anyRun, { maxLength: 60 });
const sorted = (runs: Iterable<number>) => [...runs].sort((a, b) => a - b);

describe('a set of runs', () => {
	it('is the set of the numbers that were put in and not taken out', () => {
		fc.assert(
			fc.property(anyRuns, anyRuns, (added, removed) => {
				const set = new RunSet(added);
				const model = new Set(added);
				for (const run of removed) {
					set.delete(run);
					model.delete(run);
				}
				expect(sorted(set)).toEqual(sorted(model));
				expect(set.size).toBe(model.size);
				for (const run of [...added, ...removed]) expect(set.has(run)).toBe(model.has(run));
			})
		);
	});

	it('has in common with another, or for itself, what the two sets do', () => {
		fc.assert(
			fc.property(anyRuns, anyRuns, (a, b) => {
				const [one, two] = [new RunSet(a), new RunSet(b)];
				const [first, second] = [new Set(a), new Set(b)];
				const cases = [
					[one.and(two), first.intersection(second)],
					[one.and(two, true), first.difference(second)],
					[one.or(two), first.union(second)]
				] as const;
				for (const [set, model] of cases) {
					expect(sorted(set)).toEqual(sorted(model));
					expect(set.size).toBe(model.size);
				}
				expect(one.common(two)).toBe(first.intersection(second).size);
				expect([sorted(one), sorted(two)]).toEqual([sorted(first), sorted(second)]);
			})
		);
	});
});
