import { describe, expect, it } from 'vitest';
import { EMPTY_HISTORY, runFactsSchema, runHistorySchema } from '../../../../src/lib/protocol';

const facts = {
	ref: { workflow: 'REFUND', id: 'run-1' },
	generation: 1,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: null,
	metadata: {},
	params: { order: 'ORD-1' },
	progress: null,
	startedBy: 'ana',
	createdAt: 1_700_000_000_000,
	touchedAt: 1_700_000_000_000
};

describe('what an Agent keeps of a run', () => {
	it('reads a history that was written before pauses and deadlines were kept', () => {
		const { pausedAt: _pausedAt, timedOut: _timedOut, ...old } = EMPTY_HISTORY;
		expect(runHistorySchema.parse(JSON.parse(JSON.stringify(old)))).toEqual(EMPTY_HISTORY);
	});

	it('reads facts that were written before a run could be lost', () => {
		expect(runFactsSchema.parse(facts)).toEqual({ ...facts, lost: false });
	});

	it('does not take a history of an unknown phase for one of its own', () => {
		expect(runHistorySchema.safeParse({ ...EMPTY_HISTORY, phase: 'sidelined' }).success).toBe(
			false
		);
	});
});
