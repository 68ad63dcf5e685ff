import { rolesText } from '$lib/messages/roles';
import {
	approvalsMissing,
	isBy,
	isClaimedBy,
	mayRequest,
	obstacleFor,
	standingDecisions,
	type Approval,
	type Identity
} from '../../protocol';

/** Why this person may not decide it now, in words for the page; undefined when they may. */
export function whyNotDecide(approval: Approval, me: Identity | undefined): string | undefined {
	if (!me) return 'Who you are is not known yet';
	if (!mayRequest('approval.decide', me.roles)) return rolesText.required('approver');
	const obstacle = obstacleFor(approval, me);
	if (!obstacle) return undefined;
	switch (obstacle.kind) {
		case 'self-approval':
			return 'You asked for it: somebody else has to decide';
		case 'already-decided':
			return `You approved it already: ${missingWords(approval)}`;
		case 'claimed':
			return `${approval.claimedBy} keeps it: ask them to release it`;
		default:
			return `Decided by ${whoWords(approval.approvers)}: you are not among them`;
	}
}

/** Who may decide, as one says it: `approver, group finance, cleo@example.com`. */
export function whoWords(approvers: readonly string[]): string {
	return approvers
		.map((entry) => (entry.startsWith('group:') ? `group ${entry.slice('group:'.length)}` : entry))
		.join(', ');
}

/** `1 more has to approve`. */
export function missingWords(approval: Pick<Approval, 'decisions' | 'quorum'>): string {
	const missing = approvalsMissing(approval);
	return missing === 1 ? '1 more has to approve' : `${missing} more have to approve`;
}

/** Does this person keep it for themselves? */
export function isMine(approval: Approval, me: Identity | undefined): boolean {
	return me !== undefined && isClaimedBy(approval, me);
}

/** Was the decision that is held back taken by this person, so that they can undo it? */
export function mayUndo(approval: Approval, me: Identity | undefined): boolean {
	if (!me) return false;
	return standingDecisions(approval).some((decision) => isBy(decision, me));
}

/** May this person release it or hand it over? Whoever keeps it may, and an admin. */
export function mayRelease(approval: Approval, me: Identity | undefined): boolean {
	if (!me || approval.claimedBy === null) return false;
	return isMine(approval, me) || me.roles.includes('admin');
}
