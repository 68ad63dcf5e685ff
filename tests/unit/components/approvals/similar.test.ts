import { expect, test } from 'vitest';
import {
	groupSimilar,
	reasonToDecideAlone
} from '../../../../src/lib/components/approvals/similar';
import type { Approval } from '../../../../src/lib/protocol';
import { anApproval } from '../../support/approvals';

const refunds = (count: number, more: Partial<Approval> = {}) =>
	Array.from({ length: count }, (_, place) =>
		anApproval({ id: `ap_refund${place}`, facts: { amount: 100 + place }, ...more })
	);
const free = () => undefined;

test('what can be decided together is a group; one alone is none', () => {
	const alike = refunds(3);
	const other = anApproval({ id: 'ap_another', workflow: 'CATALOG_IMPORT' });
	expect(groupSimilar([...alike, other], free)).toEqual({
		groups: [expect.objectContaining({ workflow: 'REFUND', similar: alike, outliers: [] })],
		single: [other]
	});
});

test('an odd amount, a form to fill in and what is critical are left out, with the reason', () => {
	const form = { type: 'object', properties: { units: { type: 'number' } }, required: ['units'] };
	const usual = refunds(4, { form, initial: { units: 1 } });
	const more: Approval[] = [
		anApproval({ id: 'ap_high00', facts: { amount: 9_000 }, form, initial: { units: 1 } }),
		anApproval({ id: 'ap_open00', facts: { amount: 101 }, form, initial: {} })
	];
	const [group] = groupSimilar([...usual, ...more], free).groups;
	expect(group?.similar).toEqual(usual);
	expect(
		Object.fromEntries(group?.outliers.map(({ approval, reason }) => [approval.id, reason]) ?? [])
	).toEqual({
		ap_high00: expect.stringContaining('amount 9000 differs from the usual'),
		ap_open00: 'its form must be filled in'
	});
	expect(reasonToDecideAlone(anApproval({ severity: 'critical' }))).toBe(
		'critical requests are decided one by one'
	);
	expect(reasonToDecideAlone(anApproval())).toBeNull();
});

test('what this person may not decide is left out, and what was decided meanwhile stays', () => {
	const [mine, hers, done, last] = refunds(4);
	if (!mine || !hers || !done || !last) throw new Error('There are four.');
	const over: Approval = { ...done, status: 'approved' };
	const whyNot = ({ id, status }: Approval) =>
		status !== 'pending' ? 'no longer pending' : id === hers.id ? 'claimed by ben' : undefined;
	const [group] = groupSimilar([mine, hers, over, last], whyNot).groups;
	expect(group?.similar).toEqual([mine, last]);
	expect(group?.outliers).toEqual([
		{ approval: hers, reason: 'claimed by ben' },
		{ approval: over, reason: 'no longer pending' }
	]);
});
