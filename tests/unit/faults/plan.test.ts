import { describe, expect, it } from 'vitest';
import { APPROVERS, FAULT_KINDS, planOf, STORES } from '../../faults/plan';

const long = planOf({ seed: 7, runs: 300, faults: 60 });

describe('the plan of a fault suite', () => {
	it('is the same for the same seed', () => {
		expect(planOf({ seed: 7, runs: 300, faults: 60 })).toEqual(long);
	});

	it('is another one for another seed', () => {
		expect(planOf({ seed: 8, runs: 300, faults: 60 }).faults).not.toEqual(long.faults);
	});

	it('holds as many runs and faults as it was asked for', () => {
		const { runs, faults } = planOf({ seed: 1, runs: 24, faults: 8 });
		expect([runs.length, faults.length]).toEqual([24, 8]);
		expect(new Set(runs.map(({ id }) => id)).size).toBe(24);
	});

	it('starts every workflow, even in its short form', () => {
		const { runs } = planOf({ seed: 1, runs: 24, faults: 8 });
		expect(new Set(runs.map(({ workflow }) => workflow))).toEqual(
			new Set([
				'CATALOG_IMPORT',
				'REFUND',
				'LINK_AUDIT',
				'STOCK_COUNT',
				'AISLE_COUNT',
				'FOLLOW_UP',
				'PROCESSING_WORKFLOW',
				'TWO_GATES',
				'WRITE_OFF',
				'VALUES'
			])
		);
	});

	it('spreads the runs over the stores and the people over the answers', () => {
		const stores = new Set(long.runs.map(({ agent }) => agent.split('/')[1]));
		expect([...stores].toSorted()).toEqual(STORES.toSorted());
		const people = new Set(long.runs.flatMap(({ answers }) => answers.map(({ by }) => by)));
		expect([...people].toSorted()).toEqual(APPROVERS.toSorted());
	});

	it('kills the server whenever there is a fault at all', () => {
		for (let seed = 0; seed < 20; seed += 1) {
			const [only] = planOf({ seed, runs: 10, faults: 1 }).faults;
			expect(only?.kind).toBe('kill');
		}
	});

	it('holds every kind of fault in its long form, about equally often', () => {
		const byKind = Map.groupBy(long.faults, ({ kind }) => kind);
		const counts = FAULT_KINDS.map((kind) => byKind.get(kind)?.length ?? 0);
		expect(Math.min(...counts)).toBeGreaterThanOrEqual(3);
		expect(Math.max(...counts)).toBeLessThanOrEqual(4);
	});

	it('decides together only where there is something to decide', () => {
		for (const fault of long.faults) {
			if (fault.kind !== 'concurrent-decisions') continue;
			expect(fault.run.gates).toBeGreaterThan(0);
			expect(new Set(fault.answers.map(({ by }) => by)).size).toBe(fault.answers.length);
			expect(fault.answers.length).toBeGreaterThanOrEqual(2);
		}
	});

	it('is in the order of time, and befalls no run before it is started', () => {
		const times = long.faults.map(({ atMs }) => atMs);
		expect(times).toEqual(times.toSorted((a, b) => a - b));
		for (const fault of long.faults) {
			if ('run' in fault) expect(fault.atMs).toBeGreaterThanOrEqual(fault.run.startAtMs);
		}
	});
});
