import { approvalsText as text } from '$lib/messages/components/approvals';
import { rolesText } from '$lib/messages/components/roles';
import {
	approvalsMissing,
	isBy,
	isClaimedBy,
	mayRequest,
	obstacleFor,
	personAt,
	runPlace,
	standingDecisions,
	type Approval,
	type Identity
} from '../../protocol';

/** Why this person cannot decide now; undefined when they can. */
export function whyNotDecide(approval: Approval, me: Identity | undefined): string | undefined {
	if (!me) return text.identityUnknown;
	const here = personAt(me, runPlace(approval));
	if (!mayRequest('approval.decide', here.roles)) return rolesText.required('approver');
	const obstacle = obstacleFor(approval, here);
	if (!obstacle) return undefined;
	switch (obstacle.kind) {
		case 'self-approval':
			return text.ownRequest;
		case 'already-decided':
			return text.alreadyApproved(missingApprovalsText(approval));
		case 'claimed':
			return text.claimedByOther(approval.claimedBy ?? '');
		default:
			return text.notAnApprover(approverNames(approval.approvers));
	}
}

/** The approvers: `approver, group finance, cleo@example.com`. */
export function approverNames(approvers: readonly string[]): string {
	return approvers
		.map((entry) => (entry.startsWith('group:') ? text.group(entry.slice('group:'.length)) : entry))
		.join(', ');
}

/** `1 more approval needed`. */
export function missingApprovalsText(approval: Pick<Approval, 'decisions' | 'quorum'>): string {
	return text.missing(approvalsMissing(approval));
}

/** Has this person claimed it? */
export function isMine(approval: Approval, me: Identity | undefined): boolean {
	return me !== undefined && isClaimedBy(approval, me);
}

/** Did this person take the held decision? Only they can undo it. */
export function mayUndo(approval: Approval, me: Identity | undefined): boolean {
	if (!me) return false;
	return standingDecisions(approval).some((decision) => isBy(decision, me));
}

/** Can this person release it or hand it over? Whoever claimed it can, and an admin. */
export function mayRelease(approval: Approval, me: Identity | undefined): boolean {
	if (!me || approval.claimedBy === null) return false;
	return isMine(approval, me) || me.roles.includes('admin');
}
