import { describe, expect, it, vi } from 'vitest';
import { runIdSchema } from '../../../src/lib/protocol';
import { baysOf, unitsInBay } from '../../../src/samples/stock-count/aisle-bays';
import { aisleRunId } from '../../../src/samples/stock-count/count-request';

vi.mock('agents/workflows', () => ({ AgentWorkflow: vi.fn() }));
const { sumUp } = await import('../../../src/samples/stock-count/stock-count');
const { refundNeedsApproval } = await import('../../../src/samples/refund/refund');

describe('an aisle', () => {
	it('counts the same each time', () => {
		const count = () => [1, 2, 3].map((bay) => unitsInBay('dairy', bay));
		expect(count()).toEqual(count());
		expect(new Set([...count(), unitsInBay('bakery', 1)]).size).toBeGreaterThan(1);
	});

	it.each(['dairy', 'bakery', '7', 'a-b'])('%s has 3 to 5 bays', (aisle) => {
		expect(baysOf(aisle)).toBeGreaterThanOrEqual(3);
		expect(baysOf(aisle)).toBeLessThanOrEqual(5);
	});
});

describe('the run that counts an aisle for a parent', () => {
	it('has an id that says whose it is', () => {
		expect(aisleRunId('count-1', 'dairy')).toBe('count-1_dairy');
	});

	it('has an id the engine takes, and its own, however long the parent is called', () => {
		const parent = 'x'.repeat(100);
		const ids = Array.from({ length: 50 }, (_, n) => aisleRunId(parent, `aisle-${n}`));
		for (const id of ids) expect(runIdSchema.safeParse(id).success).toBe(true);
		expect(new Set(ids).size).toBe(50);
		expect(aisleRunId(parent, 'aisle-0')).toBe(ids[0]);
	});
});

describe('a stock count', () => {
	it('adds up the aisles that were counted and names those that were not', () => {
		const reports = [
			{ aisle: 'a', run: 'r_a', bays: 3, units: 10, error: null },
			{ aisle: 'b', run: 'r_b', bays: 0, units: 0, error: 'the count was terminated' },
			{ aisle: 'c', run: 'r_c', bays: 4, units: 5, error: null }
		];
		expect(sumUp(reports)).toEqual({
			units: 15,
			counted: [
				{ aisle: 'a', run: 'r_a', bays: 3, units: 10 },
				{ aisle: 'c', run: 'r_c', bays: 4, units: 5 }
			],
			missing: [{ aisle: 'b', run: 'r_b', why: 'the count was terminated' }]
		});
	});
});

describe('a refund', () => {
	it('needs approval above 100, not at 100', () => {
		expect(refundNeedsApproval(100)).toBe(false);
		expect(refundNeedsApproval(100.01)).toBe(true);
	});
});
