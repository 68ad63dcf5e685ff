// What happens to an approval by time alone: escalation, a warning before the deadline, the deadline,
// and the end of the time to undo a decision. Pure, so the result is the same after any crash.
import { DEADLINE_PERSON, type Approval, type Decision } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { StoredApproval } from './stored-approval';

/** The warning comes when a quarter of the whole time is left, and at most {@link WARN_MS}. */
const WARN_SHARE = 4;
const WARN_MS = 15 * 60_000;

/** A change by time alone. */
export type ApprovalTimeEvent = {
	action: 'approval.escalate' | 'approval.warn' | 'approval.expire' | 'approval.deliver';
	at: number;
};

type Due = {
	at: number;
	apply: (now: number) => StoredApproval;
	action: ApprovalTimeEvent['action'];
};

/** When the approval changes next by time alone, Ms; null for never. */
export function approvalDueAt(stored: StoredApproval): number | null {
	return nextDue(stored)?.at ?? null;
}

/** Applies everything that is due by `now`, the earliest first. */
export function advanceByTime(
	stored: StoredApproval,
	now: number
): { stored: StoredApproval; events: ApprovalTimeEvent[] } {
	const events: ApprovalTimeEvent[] = [];
	let current = stored;
	for (let due = nextDue(current); due && due.at <= now; due = nextDue(current)) {
		current = due.apply(now);
		events.push({ action: due.action, at: due.at });
	}
	return { stored: current, events };
}

function nextDue(stored: StoredApproval): Due | null {
	const { approval, delivery } = stored;
	const { deliverAt, escalateAt, escalatedAt, expiresAt, warnedAt, requestedAt } = approval;
	if (delivery === 'held' && deliverAt !== null) {
		return { at: deliverAt, action: 'approval.deliver', apply: () => released(stored) };
	}
	if (approval.status !== 'pending') return null;
	const changed = (change: Partial<Approval>): StoredApproval => ({
		...stored,
		approval: { ...approval, ...change }
	});
	const dues: Due[] = [];
	if (escalateAt !== null && escalatedAt === null) {
		const approvers = [...new Set([...approval.approvers, ...approval.escalateTo])];
		const apply = (now: number) => changed({ approvers, escalatedAt: now });
		dues.push({ at: escalateAt, action: 'approval.escalate', apply });
	}
	if (expiresAt !== null && approval.onTimeout !== null) {
		if (warnedAt === null) {
			const at = expiresAt - Math.min(WARN_MS, (expiresAt - requestedAt) / WARN_SHARE);
			const apply = (now: number) => changed({ warnedAt: now });
			dues.push({ at: Math.floor(at), action: 'approval.warn', apply });
		}
		dues.push({
			at: expiresAt,
			action: 'approval.expire',
			apply: () => expired(stored, expiresAt)
		});
	}
	return dues.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

function released(stored: StoredApproval): StoredApproval {
	return { ...stored, approval: { ...stored.approval, deliverAt: null }, delivery: 'taken' };
}

/** The deadline passed: `onTimeout` of the request is the decision. */
function expired(stored: StoredApproval, at: number): StoredApproval {
	const { approval } = stored;
	const over = { decidedAt: at, claimedBy: null, claimedBySubject: null, claimedAt: null };
	if (approval.onTimeout === 'fail') {
		return { ...stored, approval: { ...approval, ...over, status: 'expired' }, delivery: 'taken' };
	}
	const approved = approval.onTimeout === 'approve';
	const decision: Decision = {
		by: DEADLINE_PERSON,
		at,
		approved,
		reason: agentErrorText.noDecisionUntil(new Date(at).toISOString()),
		data: approved ? approval.initial : null,
		from: { via: 'deadline', ip: null, userAgent: null }
	};
	return {
		...stored,
		approval: {
			...approval,
			...over,
			status: approved ? 'approved' : 'rejected',
			decisions: [...approval.decisions, decision]
		},
		delivery: 'taken'
	};
}
