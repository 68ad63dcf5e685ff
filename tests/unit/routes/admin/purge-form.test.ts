import { describe, expect, it } from 'vitest';
import { actionLabel, targetHref } from '../../../../src/routes/admin/audit-entries';
import { EMPTY_PURGE, readPurge, toggleStatus } from '../../../../src/routes/admin/purge-form';
import { purgeCriteriaSchema, type AuditEntry } from '../../../../src/lib/protocol';

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

describe('an audit entry', () => {
	const entry = (target: string | null): AuditEntry => ({
		id: 1,
		at: NOW,
		by: 'ana',
		action: 'run.send-event',
		target,
		detail: null,
		result: 'done'
	});

	it('leads to the run or the approval that it is about', () => {
		expect(targetHref(entry('REFUND/r-1'))).toBe('/runs/REFUND/r-1');
		expect(targetHref(entry('ap_abcdef12'))).toBe('/approvals/ap_abcdef12');
		expect(targetHref(entry('everything'))).toBeNull();
		expect(targetHref(entry(null))).toBeNull();
	});

	it('says in words what was done', () => {
		expect(actionLabel('run.send-event')).toBe('run: send event');
	});
});
