// From a decision to the engine: read what the engine has, check the decision, store it, deliver it.
import {
	ProblemError,
	runKey,
	type Approval,
	type DecisionInput,
	type Json,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { Actor, ApprovalAction } from '../../rpc/agent-rpc';
import type { Tails } from '../history/tails';
import type { Reporter } from '../reporter';
import type { AuditNotes } from '../store/audit-notes';
import type { AgentRunStore, StoredRun } from '../store/run-store';
import { agentActor, applyAction } from './approval-rules';
import type { ApprovalStore } from './approval-store';
import type { StoredApproval } from './stored-approval';
import type { DecisionDelivery } from './delivery';

export type DecisionsParts = {
	approvals: ApprovalStore;
	tails: Pick<Tails, 'catchUpRun'>;
	runs: Pick<AgentRunStore, 'findRun' | 'events'>;
	notes: Pick<AuditNotes, 'addNote'>;
	delivery: Pick<DecisionDelivery, 'deliverDecision'>;
	reporter: Pick<Reporter, 'reportChanges'>;
	/** The clock, Ms; tests set it. */
	now?: () => number;
};

export class Decisions {
	readonly #parts: DecisionsParts;
	readonly #now: () => number;

	constructor(parts: DecisionsParts) {
		this.#parts = parts;
		this.#now = parts.now ?? Date.now;
	}

	/**
	 * Applies somebody's action to an approval and delivers the decision, if there is one now.
	 * @throws ProblemError `unknown-approval`, and why the action is not possible or not permitted
	 */
	async actOnApproval(approvalId: string, action: ApprovalAction, by: Actor): Promise<Approval> {
		const { approvals, tails, delivery, reporter } = this.#parts;
		const known = approvals.findApproval(approvalId)?.approval;
		if (known?.status === 'pending') {
			await tails.catchUpRun({ workflow: known.workflow, id: known.runId });
		}
		const now = this.#now();
		const context = { now, seen: known ? await digestOf(known) : null };
		try {
			approvals.changeApproval(approvalId, now, (stored) =>
				applyAction(stored, action, by, context)
			);
		} finally {
			// A refused action may have found that a deadline decided already: that goes out as well.
			reporter.reportChanges();
			const stored = approvals.findApproval(approvalId);
			if (stored) await delivery.deliverDecision(stored);
			reporter.reportChanges();
		}
		const record = approvals.findRecord(approvalId);
		if (record) return record.approval;
		throw new ProblemError('unknown-approval', agentErrorText.unknownApproval(approvalId));
	}

	/**
	 * Decides the approval of a run that is open at the time of the call. Where none has opened yet,
	 * the decision is kept for the next one, and opens that one only. A call that repeats the decision
	 * of a wait that has not ended yet decides nothing.
	 * @throws ProblemError `not-waiting` for such a repetition, and when the run has ended
	 */
	async decideOpenApproval(
		ref: RunRef,
		decision: DecisionInput,
		{ agent, payload }: { agent: string; payload: Json }
	): Promise<void> {
		const { approvals, runs, tails, notes } = this.#parts;
		const calledAt = this.#now();
		const before = runs.findRun(ref);
		await tails.catchUpRun(ref);
		const stored = runs.findRun(ref);
		const pending = approvals.approvalsOf(ref).filter(isPending);
		const meant = pending.find(({ approval }) => approval.requestedAt <= calledAt);
		const isRepeated = !meant && this.#isRepeated(ref, before, calledAt);
		if (!stored || stored.history.end || isRepeated) {
			throw new ProblemError('not-waiting', agentErrorText.notWaitingForApproval(runKey(ref)));
		}
		const { approved, reason = null } = decision;
		const open = meant ?? pending[0];
		if (open) {
			await this.actOnApproval(
				open.approval.id,
				{ type: 'decide', decision, payload },
				agentActor(agent)
			);
			const { id, workflow, runId, title } = open.approval;
			notes.addNote('approval.decide', id, { workflow, runId, title, approved, reason });
			return;
		}
		const kept = { agent, approved, reason, payload };
		const replaced = approvals.agentDecisions.keepDecision(ref, stored.facts.generation, kept);
		if (replaced) notes.addNote('approval.early-replaced', runKey(ref), { approved, reason });
	}

	/** Was a wait still open at the time of the call whose approval is decided already? */
	#isRepeated(ref: RunRef, before: StoredRun | null, calledAt: number): boolean {
		const { approvals, runs } = this.#parts;
		if (!before) return false;
		const { history, facts } = before;
		const later = runs.events.eventsOf(ref, facts.generation, history.cursor);
		const hasEnded = (wait: string) =>
			later.some(
				(event) =>
					event.type === 'wait_completed' &&
					event['stepName'] === wait &&
					event.timestamp <= calledAt
			);
		return approvals
			.approvalsOf(ref)
			.some(
				({ approval, wait }) =>
					approval.generation === facts.generation &&
					approval.status !== 'pending' &&
					history.waits.some(({ name }) => name === wait) &&
					!hasEnded(wait)
			);
	}

	/** Applies deadlines, and delivers decisions: those made by time, and those left by a crash. */
	async runDueDecisions(): Promise<void> {
		const { approvals, delivery, reporter } = this.#parts;
		if (approvals.advanceDueApprovals(this.#now()) > 0) reporter.reportChanges();
		for (const stored of approvals.undeliveredApprovals()) await delivery.deliverDecision(stored);
	}
}

const isPending = ({ approval }: StoredApproval) => approval.status === 'pending';

/** Digest of what the person who decides was shown. */
async function digestOf({ title, description, facts, form }: Approval): Promise<string> {
	const text = JSON.stringify([title, description, facts, form]);
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
	return `sha256:${hex.join('')}`;
}
