import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	groupApprovals,
	SEVERITIES,
	type Approval,
	type Person
} from '../../../../src/lib/protocol';
import { anApproval } from '../../support/approvals';

const amounts = (...values: number[]): Approval[] =>
	values.map((amount, index) =>
		anApproval({ id: `ap_00000${index}`, facts: { amount }, requestedBy: 'ana' })
	);

const whyOf = (approvals: Approval[], person: Person | null = null) =>
	groupApprovals(approvals, person).flatMap(({ standOut }) =>
		standOut.map(({ approval, outliers }) => [approval.id, ...outliers.map(({ why }) => why)])
	);

describe('alike requests', () => {
	it('are of the same workflow, step, form and quorum', () => {
		const groups = groupApprovals([
			anApproval({ id: 'ap_000001' }),
			anApproval({ id: 'ap_000002', step: 'other' }),
			anApproval({ id: 'ap_000003', form: { type: 'object' } }),
			anApproval({ id: 'ap_000004', quorum: 2 }),
			anApproval({ id: 'ap_000005' }),
			anApproval({ id: 'ap_000006', status: 'approved' })
		]);
		expect(groups.map(({ alike }) => alike.map(({ id }) => id))).toEqual([
			['ap_000001', 'ap_000005'],
			['ap_000002'],
			['ap_000003'],
			['ap_000004']
		]);
	});

	it('leave out an amount far from the median, and say so', () => {
		const [group] = groupApprovals(amounts(100, 110, 90, 105, 900));
		expect(group).toMatchObject({ amountFact: 'amount', medianAmount: 105 });
		expect(group?.alike).toHaveLength(4);
		expect(group?.standOut).toMatchObject([
			{
				approval: { facts: { amount: 900 } },
				outliers: [{ why: 'amount', detail: 'amount 900 differs from the usual 105' }]
			}
		]);
	});

	it('do not mind a cent among equals, nor three amounts', () => {
		expect(whyOf(amounts(10, 10, 10, 10, 10.01))).toEqual([]);
		expect(whyOf(amounts(1, 2, 900))).toEqual([]);
	});

	it('leave out who else asks, and what is more severe', () => {
		const [a, b, c, d] = amounts(1, 1, 1, 1);
		const given = [a, b, c, { ...d, requestedBy: 'ben', severity: 'critical' }] as Approval[];
		expect(whyOf(given)).toEqual([['ap_000003', 'requester', 'severity']]);
	});

	it('leave out what the person may not decide', () => {
		const ana: Person = { subject: 'local:ana', name: 'ana', email: null, roles: ['approver'] };
		const given = [
			anApproval({ id: 'ap_000001', requestedBy: 'ana', allowRequester: false }),
			anApproval({ id: 'ap_000002', requestedBy: 'ben', allowRequester: false })
		];
		expect(whyOf(given, ana)).toEqual([['ap_000001', 'not-for-you']]);
	});

	it('hold each pending request once, whatever there is', () => {
		const some = fc.record({
			step: fc.constantFrom('a', 'b'),
			quorum: fc.constantFrom(1, 2),
			severity: fc.constantFrom(...SEVERITIES),
			requestedBy: fc.constantFrom('ana', 'ben', null),
			status: fc.constantFrom('pending' as const, 'rejected' as const),
			facts: fc.record({ amount: fc.oneof(fc.integer(), fc.constant('much')) })
		});
		fc.assert(
			fc.property(fc.array(some, { maxLength: 30 }), (said) => {
				const given = said.map((each, index) =>
					anApproval({ ...each, id: `ap_${100_000 + index}` })
				);
				const grouped = groupApprovals(given).flatMap(({ alike, standOut }) => [
					...alike.map(({ id }) => id),
					...standOut.map(({ approval }) => approval.id)
				]);
				const pending = given.filter(({ status }) => status === 'pending').map(({ id }) => id);
				expect(grouped.toSorted()).toEqual(pending.toSorted());
			})
		);
	});
});
