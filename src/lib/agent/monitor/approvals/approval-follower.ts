// How approvals follow the history of a run: one opens with each wait that needs a person's decision,
// and closes when the wait or the run is over. The engine's own events say so, so a plain
// `waitForApproval` needs nothing from Signalbox.
import {
	isApprovalWait,
	isHeld,
	ProblemError,
	toJson,
	type Approval,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../protocol';
import type { AuditNotes } from '../store/audit-notes';
import { decisionPayloadSchema } from './agent-decision-store';
import { agentActor, applyAction } from './approval-rules';
import type { ApprovalStore } from './approval-store';
import { newApproval, type ApprovalWait } from './new-approval';
import type { StoredApproval } from './stored-approval';

export class ApprovalFollower {
	readonly #approvals: ApprovalStore;
	readonly #notes: Pick<AuditNotes, 'addNote'>;

	constructor(approvals: ApprovalStore, notes: Pick<AuditNotes, 'addNote'>) {
		this.#approvals = approvals;
		this.#notes = notes;
	}

	/** Opens and closes approvals by new events. Call it in the transaction that stores the events. */
	followEvents(facts: RunFacts, events: RunEvent[], after: RunHistory): void {
		for (const event of events) {
			if (event.type === 'wait_started' && 'stepName' in event && 'eventType' in event) {
				const wait = {
					name: String(event.stepName),
					eventType: String(event.eventType),
					at: event.timestamp
				};
				if (!isApprovalWait(wait, facts.approvalEvents)) continue;
				// Of a run that the Agent did not start, only the history knows the params.
				this.#openApproval({ ...facts, params: after.params ?? facts.params }, wait);
			} else if (event.type === 'wait_completed' && 'stepName' in event) {
				this.#closeByEvent(facts, String(event.stepName), event.timestamp);
			} else if (event.type === 'wait_timed_out' && 'stepName' in event) {
				this.#closeApprovals(facts, { status: 'expired' }, String(event.stepName));
			}
		}
		if (!after.end) return;
		this.cancelApprovals(facts);
		this.#approvals.agentDecisions.deleteDecisions(facts.ref);
	}

	/** Cancels the open approvals of this generation: its run ended or was restarted. */
	cancelApprovals(facts: RunFacts): void {
		this.#closeApprovals(facts, { status: 'cancelled' });
	}

	#openApproval(facts: RunFacts, wait: ApprovalWait): void {
		if (this.#approvals.findByWait(facts, wait.name)) return;
		const approval = newApproval(facts, wait, this.#approvals.gates.findGate(wait.eventType));
		const opened: StoredApproval = { approval, wait: wait.name, delivery: 'none' };
		this.#approvals.writeApproval(opened);
		this.#applyEarlyDecision(facts, opened);
	}

	/** Decides an approval that has just opened as its Agent's code said before. */
	#applyEarlyDecision({ ref, generation }: RunFacts, opened: StoredApproval): void {
		const early = this.#approvals.agentDecisions.takeDecision(ref, generation);
		if (!early) return;
		const { agent, approved, reason, payload } = early;
		const { id, workflow, runId, title, requestedAt } = opened.approval;
		const detail = { workflow, runId, title, approved, reason };
		const decision = { approved, ...(reason === null ? {} : { reason }) };
		const action = { type: 'decide', decision, payload } as const;
		try {
			const context = { now: requestedAt, seen: null };
			this.#approvals.writeApproval(applyAction(opened, action, agentActor(agent), context));
			this.#notes.addNote('approval.decide', id, { ...detail, early: true });
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			const why = error.problem.detail;
			this.#notes.addNote('approval.early-refused', id, { ...detail, why });
		}
	}

	/**
	 * An event ended a wait that nobody decided here. What the Agent itself sent is known and counts
	 * as its decision; of any other event the history does not say the payload.
	 */
	#closeByEvent(facts: RunFacts, wait: string, at: number): void {
		const { ref, generation } = facts;
		const open = this.#approvals.openApprovals(facts).find((stored) => stored.wait === wait);
		if (!open) return;
		const payload = this.#approvals.agentDecisions.takeEvent(
			ref,
			generation,
			open.approval.eventType
		);
		const said = decisionPayloadSchema.safeParse(payload);
		if (!said.success) {
			this.#closeApprovals(facts, { status: 'decided-outside' }, wait);
			return;
		}
		const { approved, reason } = said.data;
		const agent = `agent:${facts.agent.path}`;
		const { from, subject } = agentActor(agent);
		const decision = { by: agent, subject, at, approved, reason, data: null, payload, from };
		const { id, workflow, runId, title } = open.approval;
		this.#notes.addNote('approval.decide', id, { workflow, runId, title, approved, reason });
		const decisions = [...open.approval.decisions, { ...decision, payload: toJson(payload) }];
		const status = approved ? 'approved' : 'rejected';
		this.#closeApprovals(facts, { status, decisions }, wait);
	}

	/** Ends open approvals, and those whose decision can still be undone: their wait or run is over. */
	#closeApprovals(
		facts: RunFacts,
		change: Pick<Approval, 'status'> & Partial<Pick<Approval, 'decisions'>>,
		wait?: string
	): void {
		for (const stored of this.#approvals.openApprovals(facts)) {
			if (wait !== undefined && stored.wait !== wait) continue;
			const { approval } = stored;
			// Another event ended the wait before the decision was sent: the decision stands.
			const isEvent = change.status !== 'cancelled' && change.status !== 'expired';
			const stays = isHeld(approval) && isEvent;
			this.#approvals.writeApproval({
				...stored,
				approval: {
					...approval,
					...(stays ? {} : change),
					decidedAt: approval.decidedAt ?? Date.now(),
					deliverAt: null,
					claimedBy: null,
					claimedBySubject: null,
					claimedAt: null
				},
				delivery: stays ? 'delivered' : 'none'
			});
		}
	}
}
