import {
	mayRequest,
	type ApprovalPage,
	type ApprovalQueryInput,
	type Change,
	type Role
} from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';

/** A page of approvals, and how many there are in all. */
export type ApprovalsModel = Readonly<ApprovalPage>;

/** A live page of approvals. */
export class LiveApprovals extends LiveView<ApprovalsModel> {
	constructor(connection: Connection, query: () => ApprovalQueryInput) {
		super(connection, () => ({ kind: 'approvals', query: query() }), applyToApprovals);
	}
}

/**
 * What the inbox begins with and what is counted beside it, so that the two never differ: what this
 * person can decide now, or, for those who decide nothing, all that waits.
 */
export function inboxQuery(roles: readonly Role[]): ApprovalQueryInput {
	return mayRequest('approval.decide', roles)
		? { status: 'pending', assignee: 'for-me', limit: INBOX_PAGE }
		: { status: 'pending', limit: INBOX_PAGE };
}

/** How many a list of approvals begins with. */
export const INBOX_PAGE = 50;

function applyToApprovals(before: ApprovalsModel | undefined, change: Change) {
	if (change.kind !== 'approvals') return before;
	const { approvals, total, nextCursor } = change;
	return { approvals, total, nextCursor };
}
