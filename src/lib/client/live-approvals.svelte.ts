import type { Approval, ApprovalQuery, Change } from '$lib/protocol';
import type { Connection } from './connection.svelte';
import { LiveView } from './live-view.svelte';

/** A page of approvals, and how many there are in all. */
export type ApprovalsModel = { approvals: readonly Approval[]; total: number };

/** A live page of approvals. */
export class LiveApprovals extends LiveView<ApprovalsModel> {
	constructor(connection: Connection, query: () => Partial<ApprovalQuery>) {
		super(connection, () => ({ kind: 'approvals', query: query() }), applyToApprovals);
	}
}

function applyToApprovals(before: ApprovalsModel | undefined, change: Change) {
	if (change.kind !== 'approvals') return before;
	return { approvals: change.approvals, total: change.total };
}
