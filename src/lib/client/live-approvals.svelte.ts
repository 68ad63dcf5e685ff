import type { ApprovalPage, ApprovalQueryInput, Change } from '$lib/protocol';
import type { Connection } from './connection.svelte';
import { LiveView } from './live-view.svelte';

/** A page of approvals, and how many there are in all. */
export type ApprovalsModel = Readonly<ApprovalPage>;

/** A live page of approvals. */
export class LiveApprovals extends LiveView<ApprovalsModel> {
	constructor(connection: Connection, query: () => ApprovalQueryInput) {
		super(connection, () => ({ kind: 'approvals', query: query() }), applyToApprovals);
	}
}

function applyToApprovals(before: ApprovalsModel | undefined, change: Change) {
	if (change.kind !== 'approvals') return before;
	const { approvals, total, nextCursor } = change;
	return { approvals, total, nextCursor };
}
