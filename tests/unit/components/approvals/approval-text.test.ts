import { describe, expect, test } from 'vitest';
import { describeDeadline, timeLeft } from '../../../../src/lib/components/approvals/deadline';
import { mayUndo, whyNotDecide } from '../../../../src/lib/components/approvals/may-decide';
import { outcomeSummary } from '../../../../src/lib/components/approvals/outcome-summary';
import type { Identity } from '../../../../src/lib/protocol';
import { anApproval } from '../../support/approvals';
import { NOW } from '../../support/runs';

const HOUR = 3_600_000;
const MINUTE = 60_000;

describe('a deadline', () => {
	const due = (inMs: number, onTimeout: 'reject' | 'approve' | 'fail' | null, wholeMs = 4 * HOUR) =>
		describeDeadline({ requestedAt: NOW + inMs - wholeMs, expiresAt: NOW + inMs, onTimeout }, NOW);

	test('says what happens when it passes', () => {
		expect(due(2 * HOUR + 10 * MINUTE, 'reject')).toEqual({
			text: 'expires in 2 h 10 min, then rejected',
			urgency: 'far'
		});
		expect(due(HOUR, 'approve')?.text).toBe('expires in 1 h 0 min, then approved');
		expect(due(HOUR, 'fail')?.text).toContain('then the wait times out');
		expect(due(HOUR, null)?.text).toContain('then the wait times out');
	});

	test('is near in the last quarter of a short wait, and 15 minutes before the end of a long one', () => {
		expect(due(16 * MINUTE, 'reject')?.urgency).toBe('far');
		expect(due(15 * MINUTE, 'reject')?.urgency).toBe('near');
		expect(due(6_000, 'reject', 20_000)?.urgency).toBe('far');
		expect(due(5_000, 'reject', 20_000)?.urgency).toBe('near');
		expect(due(0, 'reject')).toEqual({ text: 'deadline passed', urgency: 'past' });
	});

	test('is not there when the request has none', () => {
		expect(
			describeDeadline({ requestedAt: NOW, expiresAt: null, onTimeout: null }, NOW)
		).toBeNull();
	});

	test('runs out in two units, and never shows nothing while something is left', () => {
		const times = [1, 1_001, 60_000, 245_000, 599_500, 42 * MINUTE, 130 * MINUTE, 76 * HOUR];
		expect(times.map(timeLeft)).toEqual([
			'1 s',
			'2 s',
			'1 min 0 s',
			'4 min 5 s',
			'10 min',
			'42 min',
			'2 h 10 min',
			'3 d 4 h'
		]);
	});
});

describe('who may not decide is told why', () => {
	const ana: Identity = { subject: 'local:ana', name: 'ana', email: null, roles: ['approver'] };
	const at = NOW - MINUTE;
	const approvedBy = (by: string) => ({ by, at, approved: true, reason: null, data: null });

	test.each([
		['without the role', anApproval(), { ...ana, roles: ['viewer' as const] }, 'approver role'],
		[
			'who requested it',
			anApproval({ requestedBy: 'ana', allowRequester: false }),
			ana,
			'You requested this'
		],
		['when another claimed it', anApproval({ claimedBy: 'ben' }), ana, 'Claimed by ben'],
		['who is not in the group', anApproval({ approvers: ['group:finance'] }), ana, 'group finance'],
		[
			'who approved already',
			anApproval({ quorum: 2, decisions: [approvedBy('ana')] }),
			ana,
			'1 more approval needed'
		]
	])('%s', (_case, approval, me, words) => {
		expect(whyNotDecide(approval, me)).toContain(words);
	});

	test('and nobody else is', () => {
		const finance = { ...ana, groups: ['finance'] };
		expect(whyNotDecide(anApproval(), ana)).toBeUndefined();
		expect(whyNotDecide(anApproval({ claimedBy: 'ana' }), ana)).toBeUndefined();
		expect(whyNotDecide(anApproval({ approvers: ['group:finance'] }), finance)).toBeUndefined();
	});

	test('undo is for who decided', () => {
		const held = anApproval({ status: 'approved', decisions: [approvedBy('ana')], deliverAt: NOW });
		expect(mayUndo(held, ana)).toBe(true);
		expect(mayUndo(held, { ...ana, subject: 'local:ben' })).toBe(false);
	});
});

describe('what previous runs did', () => {
	test('is counted, the most first', () => {
		const afterwards = { runs: 14, active: 1, byOutcome: { failed: 1, completed: 12 } } as const;
		expect(outcomeSummary(afterwards)).toBe('12 completed, 1 failed, 1 still active');
		const one = { runs: 1, active: 0, byOutcome: { terminated: 1 } } as const;
		expect(outcomeSummary(one)).toBe('1 terminated');
	});

	test('is not made up where there was none', () => {
		expect(outcomeSummary({ runs: 0, active: 0, byOutcome: {} })).toBeNull();
	});
});
