// From a decision to the engine: read what the engine has, check the decision, store it, deliver it.
import { z } from 'zod';
import {
	fieldErrors,
	ProblemError,
	runKey,
	type Approval,
	type DecisionInput,
	type FieldError,
	type Json,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { Actor, ApprovalAction } from '../../rpc/agent-rpc';
import type { Tails } from '../history/tails';
import type { Reporter } from '../reporter';
import { applyAction } from './approval-rules';
import type { ApprovalStore } from './approval-store';
import type { DecisionDelivery } from './delivery';

export type DecisionsParts = {
	approvals: ApprovalStore;
	tails: Pick<Tails, 'catchUpRun'>;
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
		const context = { now, seen: known ? await digestOf(known) : '', formErrors };
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
	 * Decides the one approval of a run that was open at the time of the call. One that opens while
	 * the history is read is not the one that was meant. @throws ProblemError `not-waiting`
	 */
	async decideOpenApproval(
		ref: RunRef,
		decision: DecisionInput,
		{ agent, payload }: { agent: string; payload: Json }
	): Promise<Approval> {
		const calledAt = this.#now();
		await this.#parts.tails.catchUpRun(ref);
		const open = this.#parts.approvals
			.approvalsOf(ref)
			.find(({ approval }) => approval.status === 'pending' && approval.requestedAt <= calledAt);
		if (!open) {
			throw new ProblemError('not-waiting', agentErrorText.notWaitingForApproval(runKey(ref)));
		}
		const from = { via: 'agent', ip: null, userAgent: null } as const;
		const by: Actor = { subject: agent, name: agent, email: null, roles: ['approver'], from };
		return this.actOnApproval(open.approval.id, { type: 'decide', decision, payload }, by);
	}

	/** Applies deadlines, and delivers decisions: those made by time, and those left by a crash. */
	async runDueDecisions(): Promise<void> {
		const { approvals, delivery, reporter } = this.#parts;
		if (approvals.advanceDueApprovals(this.#now()) > 0) reporter.reportChanges();
		for (const stored of approvals.undeliveredApprovals()) await delivery.deliverDecision(stored);
	}
}

/** Digest of what the person who decides was shown. */
async function digestOf({ title, description, facts, form }: Approval): Promise<string> {
	const text = JSON.stringify([title, description, facts, form]);
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
	return `sha256:${hex.join('')}`;
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
