// Who may decide, and why not. The server judges by it; a page draws its buttons by the same rule.
import { approvalRulesText } from '../../messages/server/approval-rules';
import type { Approval, Decision } from './approval';
import { approverKey, approverKeysOf, subjectNamed, type Person } from '../wire/person-key';
import type { ProblemKind } from '../wire/problem';

/** Why somebody may not decide. */
export type Obstacle = { kind: ProblemKind; detail: string };

/** Is this person among them: by a role, a group (`group:finance`), an email or a subject? */
export function isAmong(approvers: readonly string[], person: Person): boolean {
	const held = new Set(approverKeysOf(person));
	return approvers.some((entry) => held.has(approverKey(entry)));
}

/** Decisions that still count. */
export function standingDecisions({ decisions }: Pick<Approval, 'decisions'>): Decision[] {
	return decisions.filter(({ undone }) => !undone);
}

/** Who took a decision. One from before there were subjects has an email or a name. */
export function subjectOfDecision({ subject, email, by }: Decision): string {
	return subject ?? subjectNamed(email ?? by);
}

export function isBy(decision: Decision, { subject }: Pick<Person, 'subject'>): boolean {
	return subjectOfDecision(decision) === subject;
}

/** Who keeps an approval; null where nobody does. */
export function subjectOfClaim({
	claimedBy,
	claimedBySubject
}: Pick<Approval, 'claimedBy' | 'claimedBySubject'>): string | null {
	return claimedBySubject ?? (claimedBy === null ? null : subjectNamed(claimedBy));
}

/** Does this person keep the approval? */
export function isClaimedBy(approval: Approval, { subject }: Pick<Person, 'subject'>): boolean {
	return subjectOfClaim(approval) === subject;
}

/** How many more people have to approve. */
export function approvalsMissing(approval: Pick<Approval, 'decisions' | 'quorum'>): number {
	const given = standingDecisions(approval).filter(({ approved }) => approved).length;
	return Math.max(0, approval.quorum - given);
}

/** Is it decided, but held back so that it can be undone? */
export function isHeld({ deliverAt }: Pick<Approval, 'deliverAt'>): boolean {
	return deliverAt !== null;
}

/**
 * What the one who asks is recognized by: their subject; where a workflow named them by a text
 * alone, what the text means, and the display name too, since this only ever refuses.
 */
export function requesterKeys({
	requestedBy,
	requestedBySubject
}: Pick<Approval, 'requestedBy' | 'requestedBySubject'>): string[] {
	if (requestedBySubject) return [requestedBySubject];
	return requestedBy === null ? [] : [subjectNamed(requestedBy), `name:${requestedBy}`];
}

/** The keys of requests that this person made. */
export function requesterKeysOf({ subject, name }: Pick<Person, 'subject' | 'name'>): string[] {
	return [subject, `name:${name}`];
}

/** Is this person the one who asks? */
export function isRequester(
	approval: Pick<Approval, 'requestedBy' | 'requestedBySubject'>,
	person: Pick<Person, 'subject' | 'name'>
): boolean {
	const own = requesterKeysOf(person);
	return requesterKeys(approval).some((key) => own.includes(key));
}

/**
 * What keeps this person from having a say in an approval that is open; null for nothing. Whether
 * the role `approver` is held, the table of requests says.
 */
export function obstacleFor(approval: Approval, person: Person): Obstacle | null {
	const { approvers, allowRequester, claimedBy } = approval;
	if (!isAmong(approvers, person)) {
		const detail = approvalRulesText.notAnApprover(person.name, approvers.join(', '));
		return { kind: 'forbidden', detail };
	}
	if (!allowRequester && isRequester(approval, person)) {
		return {
			kind: 'self-approval',
			detail: approvalRulesText.ownRequest(person.name)
		};
	}
	const own = standingDecisions(approval).find((decision) => isBy(decision, person));
	if (own) {
		const at = new Date(own.at).toISOString();
		const missing = approvalsMissing(approval);
		return {
			kind: 'already-decided',
			detail: approvalRulesText.approvedAlready(person.name, at, missing)
		};
	}
	if (claimedBy !== null && !isClaimedBy(approval, person)) {
		return { kind: 'claimed', detail: approvalRulesText.claimed(claimedBy) };
	}
	return null;
}
