import { expect, test } from 'vitest';
import { alikeIn, aloneBecause } from '../../../../src/lib/components/approvals/alike';
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
	expect(alikeIn([...alike, other], free)).toEqual({
		groups: [expect.objectContaining({ workflow: 'REFUND', alike, odd: [] })],
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
	const [group] = alikeIn([...usual, ...more], free).groups;
	expect(group?.alike).toEqual(usual);
	expect(
		Object.fromEntries(group?.odd.map(({ approval, why }) => [approval.id, why]) ?? [])
	).toEqual({
		ap_high00: expect.stringContaining('amount 9000 differs from the usual'),
		ap_open00: 'its form has to be filled in'
	});
	expect(aloneBecause(anApproval({ severity: 'critical' }))).toBe('it is critical');
	expect(aloneBecause(anApproval())).toBeNull();
});

test('what this person may not decide is left out, and what was decided meanwhile stays', () => {
	const [mine, hers, done, last] = refunds(4);
	if (!mine || !hers || !done || !last) throw new Error('There are four.');
	const over: Approval = { ...done, status: 'approved' };
	const whyNot = ({ id, status }: Approval) =>
		status !== 'pending' ? 'it waits no more' : id === hers.id ? 'ben keeps it' : undefined;
	const [group] = alikeIn([mine, hers, over, last], whyNot).groups;
	expect(group?.alike).toEqual([mine, last]);
	expect(group?.odd).toEqual([
		{ approval: hers, why: 'ben keeps it' },
		{ approval: over, why: 'it waits no more' }
	]);
});
