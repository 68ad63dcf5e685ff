import { describe, expect, it } from 'vitest';
import {
	EMPTY_PURGE,
	readPurge,
	toggleStatus
} from '../../../../../src/routes/admin/purge/purge-form';
import { purgeCriteriaSchema } from '../../../../../src/lib/protocol';

const NOW = Date.UTC(2026, 10, 20, 12);
const DAY = 86_400_000;

describe('the purge form', () => {
	it('asks for every ended run in so many words when nothing is chosen', () => {
		const { criteria, errors } = readPurge(EMPTY_PURGE, NOW);
		expect(criteria).toEqual({ q: '*' });
		expect(errors).toEqual([]);
	});

	it('says only what was chosen', () => {
		const { criteria } = readPurge(
			{
				q: ' region:eu ',
				workflow: 'REFUND',
				statuses: ['complete', 'errored'],
				age: 'week',
				at: ''
			},
			NOW
		);
		expect(criteria).toEqual({
			q: 'region:eu',
			workflow: 'REFUND',
			status: ['complete', 'errored'],
			finishedBefore: NOW - 7 * DAY
		});
		expect(purgeCriteriaSchema.safeParse(criteria).success).toBe(true);
	});

	it('takes a date of one’s own, and asks for it when it is missing', () => {
		const at = { ...EMPTY_PURGE, age: 'at' as const };
		expect(readPurge({ ...at, at: '2026-11-01T08:30' }, NOW).criteria).toEqual({
			finishedBefore: Date.parse('2026-11-01T08:30')
		});
		expect(readPurge(at, NOW).errors).toMatchObject([{ path: 'criteria.finishedBefore' }]);
	});

	it('says what is wrong with a query before it is sent', () => {
		expect(readPurge({ ...EMPTY_PURGE, q: 'status:nonsense' }, NOW).errors).toMatchObject([
			{ path: 'criteria.q' }
		]);
	});

	it('keeps the statuses in their order', () => {
		expect(toggleStatus(['terminated'], 'complete')).toEqual(['complete', 'terminated']);
		expect(toggleStatus(['complete', 'terminated'], 'complete')).toEqual(['terminated']);
		expect(toggleStatus([], 'running')).toEqual([]);
	});
});
