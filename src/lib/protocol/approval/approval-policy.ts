// Who may decide, and why not. The server judges by it; a page draws its buttons by the same rule.
import type { Approval, Decision } from './approval';
import type { Identity } from '../wire/identity';
import type { ProblemKind } from '../wire/problem';

/** As far as a decision goes: who somebody is. */
export type Person = Pick<Identity, 'name' | 'email' | 'roles' | 'groups'>;

/** Why somebody may not decide. */
export type Obstacle = { kind: ProblemKind; detail: string };

/** Is it this person that is meant: by name, or by email in any case? */
export function isPerson(who: string, { name, email }: Pick<Person, 'name' | 'email'>): boolean {
	return who === name || (email !== null && who.toLowerCase() === email.toLowerCase());
}

/** Is this person among them: by a role, by email or name, or by a group (`group:finance`)? */
export function isAmong(approvers: readonly string[], person: Person): boolean {
	const held = new Set<string>([
		...person.roles,
		...(person.groups ?? []).map((group) => `group:${group}`)
	]);
	return approvers.some((entry) => held.has(entry) || isPerson(entry, person));
}

/** Decisions that still count. */
export function standingDecisions({ decisions }: Pick<Approval, 'decisions'>): Decision[] {
	return decisions.filter(({ undone }) => !undone);
}

/** Was this decision this person's? Two people of one name are told apart by their emails. */
export function isBy(decision: Decision, { name, email }: Pick<Person, 'name' | 'email'>): boolean {
	return decision.email && email ? decision.email === email : decision.by === name;
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

/** Is this person the one who asks? */
export function isRequester({ requestedBy }: Pick<Approval, 'requestedBy'>, person: Person) {
	return requestedBy !== null && isPerson(requestedBy, person);
}

/**
 * What keeps this person from having a say in an approval that is open; null for nothing. Whether
 * the role `approver` is held, the table of requests says.
 */
export function obstacleFor(approval: Approval, person: Person): Obstacle | null {
	const { approvers, allowRequester, claimedBy } = approval;
	if (!isAmong(approvers, person)) {
		const who = `Decided by: ${approvers.join(', ')}.`;
		return { kind: 'forbidden', detail: `${person.name} is not among those who may. ${who}` };
	}
	if (!allowRequester && isRequester(approval, person)) {
		return {
			kind: 'self-approval',
			detail: `${person.name} asked for it: somebody else has to decide.`
		};
	}
	const own = standingDecisions(approval).find((decision) => isBy(decision, person));
	if (own) {
		const at = new Date(own.at).toISOString();
		const missing = approvalsMissing(approval);
		return {
			kind: 'already-decided',
			detail: `${person.name} approved already at ${at}; ${missing} more must agree.`
		};
	}
	if (claimedBy !== null && !isPerson(claimedBy, person)) {
		return { kind: 'claimed', detail: `${claimedBy} keeps it: ask them to release it.` };
	}
	return null;
}
