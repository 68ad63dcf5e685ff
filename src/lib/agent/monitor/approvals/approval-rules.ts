// What becomes of an approval when somebody acts on it. Pure: an approval and what was done to it
// give the next one, or a problem; the store makes each such change in one transaction.
import {
	approvalsMissing,
	isBy,
	isHeld,
	isPerson,
	MOST_DATA_BYTES,
	obstacleFor,
	ProblemError,
	standingDecisions,
	type Approval,
	type Decision,
	type DecisionInput,
	type DecisionOrigin,
	type FieldError,
	type Person
} from '../../../protocol';
import type { StoredApproval } from './stored-approval';

/** Who acts, and from where. */
export type Actor = Person & { from: DecisionOrigin };

/** What somebody does to an approval. */
export type ApprovalAct =
	| { type: 'decide'; decision: DecisionInput }
	| { type: 'undo' | 'deliver-now' | 'claim' | 'release' }
	| { type: 'hand-over'; to: string };

/** What a decision has to be checked against beside the approval itself. */
export type Checks = {
	/** What the form finds wrong with the data. */
	formErrors: (approval: Approval, data: DecisionInput['data']) => FieldError[];
	/** Digest of what was shown. */
	seen: string;
};

/** @throws ProblemError why it cannot be done, or not by this person */
export function acted(
	stored: StoredApproval,
	act: ApprovalAct,
	by: Actor,
	checks: Checks & { now: number }
): StoredApproval {
	switch (act.type) {
		case 'decide':
			return decided(stored, act.decision, by, checks);
		case 'undo':
			return undone(stored, by, checks.now);
		case 'deliver-now':
			return deliveredNow(stored, by);
		case 'claim':
			return claimed(stored, by, checks.now);
		case 'release':
			return kept(stored, by, null, checks.now);
		case 'hand-over':
			return kept(stored, by, act.to, checks.now);
	}
}

function decided(
	stored: StoredApproval,
	input: DecisionInput,
	by: Actor,
	{ now, formErrors, seen }: Checks & { now: number }
): StoredApproval {
	const { approval } = stored;
	refuseUnlessOpen(approval);
	refuseObstacle(approval, by);
	const { approved, reason = null, data = null, undoMs = 0 } = input;
	if (JSON.stringify(data).length > MOST_DATA_BYTES) {
		const most = MOST_DATA_BYTES.toLocaleString('en');
		throw new ProblemError('body-too-large', `data: may have ${most} bytes of JSON at most.`);
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
		...(by.email === null ? {} : { email: by.email }),
		from: by.from,
		seen
	};
	const next: Approval = {
		...approval,
		decisions: [...approval.decisions, decision],
		// Of several who have to agree the next one takes it up.
		claimedBy: null,
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

/** Takes back what this person decided: the approval waits again. */
function undone(stored: StoredApproval, by: Actor, now: number): StoredApproval {
	const { approval } = stored;
	const own = ownDecision(approval, by);
	if (approval.status !== 'pending' && !isHeld(approval)) {
		throw new ProblemError('wrong-state', `It is ${approval.status}: there is nothing to undo.`, {
			approval
		});
	}
	const decisions = approval.decisions.map((decision) =>
		decision === own ? { ...decision, undone: { at: now, by: by.name } } : decision
	);
	// Somebody else's rejection stands, and is still held back.
	const stands = standingDecisions({ decisions }).some(({ approved }) => !approved);
	if (stands) return { ...stored, approval: { ...approval, decisions } };
	return {
		...stored,
		approval: { ...approval, decisions, status: 'pending', decidedAt: null, deliverAt: null },
		delivery: 'none'
	};
}

function deliveredNow(stored: StoredApproval, by: Actor): StoredApproval {
	const { approval } = stored;
	ownDecision(approval, by);
	if (!isHeld(approval)) {
		throw new ProblemError('wrong-state', 'No decision is held back.', { approval });
	}
	return { ...stored, approval: { ...approval, deliverAt: null }, delivery: 'taken' };
}

function claimed(stored: StoredApproval, by: Actor, now: number): StoredApproval {
	refuseUnlessOpen(stored.approval);
	refuseObstacle(stored.approval, by);
	return {
		...stored,
		approval: {
			...stored.approval,
			claimedBy: by.name,
			claimedAt: stored.approval.claimedAt ?? now
		}
	};
}

/** Who keeps it, or an admin, gives it up or to somebody else. */
function kept(stored: StoredApproval, by: Actor, to: string | null, now: number): StoredApproval {
	const { approval } = stored;
	refuseUnlessOpen(approval);
	const { claimedBy } = approval;
	const isAdmin = by.roles.includes('admin');
	if (claimedBy === null && to === null) {
		throw new ProblemError('wrong-state', 'Nobody keeps it.', { approval });
	}
	if (claimedBy === null && !isAdmin) refuseObstacle(approval, by);
	if (claimedBy !== null && !isPerson(claimedBy, by) && !isAdmin) {
		throw new ProblemError('claimed', `${claimedBy} keeps it: only they or an admin can do that.`, {
			approval
		});
	}
	return {
		...stored,
		approval: { ...approval, claimedBy: to, claimedAt: to === null ? null : now }
	};
}

function ownDecision(approval: Approval, by: Actor): Decision {
	const own = standingDecisions(approval).findLast((decision) => isBy(decision, by));
	if (own) return own;
	throw new ProblemError('forbidden', `${by.name} has decided nothing here.`);
}

function refuseObstacle(approval: Approval, by: Actor): void {
	const obstacle = obstacleFor(approval, by);
	if (obstacle) throw new ProblemError(obstacle.kind, obstacle.detail, { approval });
}

/** @throws ProblemError when the approval is not open any more; it says why. */
export function refuseUnlessOpen(approval: Approval): void {
	const last = standingDecisions(approval).at(-1);
	switch (approval.status) {
		case 'pending':
			return;
		case 'approved':
		case 'rejected':
			if (last?.from?.via === 'deadline') {
				throw new ProblemError(
					'not-waiting',
					`Its deadline has passed: it is ${approval.status}.`,
					{
						approval
					}
				);
			}
			throw new ProblemError(
				'already-decided',
				last
					? `Already ${approval.status} by ${last.by} at ${new Date(last.at).toISOString()}.`
					: `Already ${approval.status}, by an event from outside Signalbox.`,
				{ approval, ...(last ? { decision: last } : {}) }
			);
		case 'expired':
			throw new ProblemError('not-waiting', 'Its deadline has passed: nothing waits for this.', {
				approval
			});
		case 'cancelled':
			throw new ProblemError('not-waiting', 'Its run ended otherwise: nothing waits for this.', {
				approval
			});
	}
}
