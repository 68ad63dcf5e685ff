import { approvalSchema, type Approval } from '../../../src/lib/protocol';

/** An approval that waits, with what a test says of it. */
export function anApproval(said: Partial<Approval> = {}): Approval {
	return approvalSchema.parse({
		id: 'ap_0123456789',
		workflow: 'REFUND',
		runId: 'r-1',
		generation: 1,
		agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
		step: 'request-approval',
		eventType: 'approval-x-0123456789abcdef0123',
		title: 'May it?',
		description: null,
		facts: {},
		form: null,
		status: 'pending',
		requestedAt: 1_000,
		expiresAt: null,
		approvers: ['approver'],
		quorum: 1,
		decisions: [],
		...said
	});
}
