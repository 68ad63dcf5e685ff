// The rules for actions on approvals. Pure: an approval and an action give the next approval or a
// problem. The store applies each action in one transaction.
import { z } from 'zod';
import {
	approvalsMissing,
	fieldErrors,
	isBy,
	isClaimedBy,
	isHeld,
	MOST_DATA_BYTES,
	obstacleFor,
	ProblemError,
	standingDecisions,
	subjectNamed,
	type Approval,
	type Decision,
	type DecisionInput,
	type FieldError
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { Actor, ApprovalAction } from '../../rpc/agent-rpc';
import type { StoredApproval } from './stored-approval';

/** What an action is checked against besides the approval itself. */
export type ActionContext = {
	now: number;
	/** Digest of what the person was shown; null where code decided without seeing anything. */
	seen: string | null;
};

/** An Agent whose own code acts. */
export function agentActor(agent: string): Actor {
	const from = { via: 'agent', ip: null, userAgent: null } as const;
	return { subject: agent, name: agent, email: null, roles: ['approver'], from };
}

/** @throws ProblemError why the action is not possible, or not permitted to this person */
export function applyAction(
	stored: StoredApproval,
	action: ApprovalAction,
	by: Actor,
	context: ActionContext
): StoredApproval {
	switch (action.type) {
		case 'decide':
			return decide(stored, action, by, context);
		case 'undo':
			return undoDecision(stored, by, context.now);
		case 'deliver-now':
			return deliverNow(stored, by);
		case 'claim':
			return claim(stored, by, context.now);
		case 'release':
			return assignTo(null, stored, by, context.now);
		case 'hand-over':
			return assignTo(action.to, stored, by, context.now);
	}
}

function decide(
	stored: StoredApproval,
	{ decision: input, payload }: Extract<ApprovalAction, { type: 'decide' }>,
	by: Actor,
	{ now, seen }: ActionContext
): StoredApproval {
	const { approval } = stored;
	refuseUnlessOpen(approval);
	refuseObstacle(approval, by);
	const { approved, reason = null, data = null, undoMs = 0 } = input;
	if (JSON.stringify(data).length > MOST_DATA_BYTES) {
		const limit = MOST_DATA_BYTES.toLocaleString('en');
		throw new ProblemError('body-too-large', agentErrorText.dataTooLarge(limit));
	}
	const errors = approved ? formErrors(approval, data) : [];
	if (errors.length > 0) {
		const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
		throw new ProblemError('invalid-data', detail, { errors });
	}
	const decision: Decision = {
		by: by.name,
		at: now,
		approved,
		reason,
		data,
		subject: by.subject,
		...(payload === undefined ? {} : { payload }),
		...(by.email === null ? {} : { email: by.email }),
		from: by.from,
		...(seen === null ? {} : { seen })
	};
	const next: Approval = {
		...approval,
		decisions: [...approval.decisions, decision],
		// With a quorum, the next person can claim it.
		claimedBy: null,
		claimedBySubject: null,
		claimedAt: null
	};
	if (approved && approvalsMissing(next) > 0) return { ...stored, approval: next };
	const status = approved ? 'approved' : 'rejected';
	const deliverAt = undoMs > 0 ? now + undoMs : null;
	return {
		...stored,
		approval: { ...next, status, decidedAt: now, deliverAt },
		delivery: deliverAt === null ? 'taken' : 'held'
	};
}

/** Takes back this person's decision: the approval is pending again. */
function undoDecision(stored: StoredApproval, by: Actor, now: number): StoredApproval {
	const { approval } = stored;
	const own = ownDecision(approval, by);
	if (approval.status !== 'pending' && !isHeld(approval)) {
		const detail = agentErrorText.noDecisionToUndo(approval.status);
		throw new ProblemError('wrong-state', detail, { approval });
	}
	const decisions = approval.decisions.map((decision) =>
		decision === own ? { ...decision, undone: { at: now, by: by.name } } : decision
	);
	// Somebody else's rejection remains, and can still be undone.
	const isRejected = standingDecisions({ decisions }).some(({ approved }) => !approved);
	if (isRejected) return { ...stored, approval: { ...approval, decisions } };
	return {
		...stored,
		approval: { ...approval, decisions, status: 'pending', decidedAt: null, deliverAt: null },
		delivery: 'none'
	};
}

function deliverNow(stored: StoredApproval, by: Actor): StoredApproval {
	const { approval } = stored;
	ownDecision(approval, by);
	if (!isHeld(approval)) {
		throw new ProblemError('wrong-state', agentErrorText.noDecisionPending, { approval });
	}
	return { ...stored, approval: { ...approval, deliverAt: null }, delivery: 'taken' };
}

function claim(stored: StoredApproval, by: Actor, now: number): StoredApproval {
	refuseUnlessOpen(stored.approval);
	refuseObstacle(stored.approval, by);
	return {
		...stored,
		approval: {
			...stored.approval,
			claimedBy: by.name,
			claimedBySubject: by.subject,
			claimedAt: stored.approval.claimedAt ?? now
		}
	};
}

/** Releases a claim (`to` is null) or hands it over. */
function assignTo(
	to: string | null,
	stored: StoredApproval,
	by: Actor,
	now: number
): StoredApproval {
	const { approval } = stored;
	refuseUnlessOpen(approval);
	const { claimedBy } = approval;
	const isAdmin = by.roles.includes('admin');
	if (claimedBy === null && to === null) {
		throw new ProblemError('wrong-state', agentErrorText.notClaimed, { approval });
	}
	if (claimedBy === null && !isAdmin) refuseObstacle(approval, by);
	if (claimedBy !== null && !isClaimedBy(approval, by) && !isAdmin) {
		throw new ProblemError('claimed', agentErrorText.claimedByOther(claimedBy), { approval });
	}
	return {
		...stored,
		approval: {
			...approval,
			claimedBy: to,
			claimedBySubject: to === null ? null : subjectNamed(to),
			claimedAt: to === null ? null : now
		}
	};
}

function ownDecision(approval: Approval, by: Actor): Decision {
	const own = standingDecisions(approval).findLast((decision) => isBy(decision, by));
	if (own) return own;
	throw new ProblemError('forbidden', agentErrorText.noOwnDecision(by.name));
}

function refuseObstacle(approval: Approval, by: Actor): void {
	const obstacle = obstacleFor(approval, by);
	if (obstacle) throw new ProblemError(obstacle.kind, obstacle.detail, { approval });
}

/** @throws ProblemError why the approval is no longer open */
export function refuseUnlessOpen(approval: Approval): void {
	const { status } = approval;
	switch (status) {
		case 'pending':
			return;
		case 'approved':
		case 'rejected':
			throw alreadyDecided(approval, status);
		case 'expired':
			throw new ProblemError('not-waiting', agentErrorText.approvalExpired, { approval });
		case 'cancelled':
			throw new ProblemError('not-waiting', agentErrorText.approvalCancelled, { approval });
		case 'decided-outside':
			throw new ProblemError('already-decided', agentErrorText.decidedOutside, { approval });
	}
}

function alreadyDecided(approval: Approval, status: 'approved' | 'rejected'): ProblemError {
	const decision = standingDecisions(approval).at(-1);
	if (!decision) {
		return new ProblemError('already-decided', agentErrorText.decidedOutside, { approval });
	}
	if (decision.from?.via === 'deadline') {
		return new ProblemError('not-waiting', agentErrorText.decidedByDeadline(status), { approval });
	}
	const at = new Date(decision.at).toISOString();
	const detail = agentErrorText.alreadyDecided(status, decision.by, at);
	return new ProblemError('already-decided', detail, { approval, decision });
}

/**
 * The errors of a decision's data by the approval's form (JSON Schema). What the schema cannot
 * express, the workflow checks when it receives the decision.
 */
function formErrors({ form }: Approval, data: DecisionInput['data']): FieldError[] {
	if (form === null) return [];
	const checked = z.fromJSONSchema(form).safeParse(data ?? null);
	return checked.success ? [] : fieldErrors(checked.error, 'data');
}
