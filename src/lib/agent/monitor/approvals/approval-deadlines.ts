// What time alone does to an approval: it is escalated, its deadline comes near and passes, a
// decision that was held back goes out. Pure, so that it is the same after any crash.
import { DEADLINE_PERSON, type Approval, type Decision } from '../../../protocol';
import type { StoredApproval } from './stored-approval';

/** A deadline is near when so much of the whole time is left, and at most {@link WARN_MS}. */
const WARN_SHARE = 4;
const WARN_MS = 15 * 60_000;

/** What happened by itself, for the audit. */
export type Happening = {
	action: 'approval.escalate' | 'approval.warn' | 'approval.expire' | 'approval.deliver';
	at: number;
};

type Due = { at: number; then: (now: number) => StoredApproval; action: Happening['action'] };

/** When time does something to it next, Ms; null for never. */
export function nextDueAt(stored: StoredApproval): number | null {
	return nextDue(stored)?.at ?? null;
}

/** The approval after all that was due by `now`, the earliest first, and what that was. */
export function advanced(
	stored: StoredApproval,
	now: number
): { stored: StoredApproval; happened: Happening[] } {
	const happened: Happening[] = [];
	let current = stored;
	for (let due = nextDue(current); due && due.at <= now; due = nextDue(current)) {
		current = due.then(now);
		happened.push({ action: due.action, at: due.at });
	}
	return { stored: current, happened };
}

function nextDue(stored: StoredApproval): Due | null {
	const { approval, delivery } = stored;
	const { deliverAt, escalateAt, escalatedAt, expiresAt, warnedAt, requestedAt } = approval;
	if (delivery === 'held' && deliverAt !== null) {
		return { at: deliverAt, action: 'approval.deliver', then: () => released(stored) };
	}
	if (approval.status !== 'pending') return null;
	const changed = (change: Partial<Approval>): StoredApproval => ({
		...stored,
		approval: { ...approval, ...change }
	});
	const dues: Due[] = [];
	if (escalateAt !== null && escalatedAt === null) {
		const approvers = [...new Set([...approval.approvers, ...approval.escalateTo])];
		const then = (now: number) => changed({ approvers, escalatedAt: now });
		dues.push({ at: escalateAt, action: 'approval.escalate', then });
	}
	if (expiresAt !== null && approval.onTimeout !== null) {
		if (warnedAt === null) {
			const at = expiresAt - Math.min(WARN_MS, (expiresAt - requestedAt) / WARN_SHARE);
			const then = (now: number) => changed({ warnedAt: now });
			dues.push({ at: Math.floor(at), action: 'approval.warn', then });
		}
		dues.push({ at: expiresAt, action: 'approval.expire', then: () => expired(stored, expiresAt) });
	}
	return dues.toSorted((a, b) => a.at - b.at)[0] ?? null;
}

function released(stored: StoredApproval): StoredApproval {
	return { ...stored, approval: { ...stored.approval, deliverAt: null }, delivery: 'taken' };
}

/** Nobody decided in time: what the workflow asked for in that case is the decision. */
function expired(stored: StoredApproval, at: number): StoredApproval {
	const { approval } = stored;
	const over = { decidedAt: at, claimedBy: null, claimedAt: null };
	if (approval.onTimeout === 'fail') {
		return { ...stored, approval: { ...approval, ...over, status: 'expired' }, delivery: 'taken' };
	}
	const approved = approval.onTimeout === 'approve';
	const decision: Decision = {
		by: DEADLINE_PERSON,
		at,
		approved,
		reason: `Nobody decided until ${new Date(at).toISOString()}.`,
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
