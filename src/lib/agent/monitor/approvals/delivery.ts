// Delivers each decision exactly once. `sending` is stored before the event is sent (the output gate
// of a Durable Object holds the send until then), so a crash leaves either `taken` (nothing was sent)
// or `sending`, and then the history shows whether the event arrived.
import { standingDecisions, toJson, type Approval, type Json } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { InstanceNotFoundError, type Engine } from '../history/engine';
import type { Tails } from '../history/tails';
import type { AgentRunStore } from '../store/run-store';
import type { ApprovalStore } from './approval-store';
import type { StoredApproval } from './stored-approval';

/** How long a run must not have moved before an event that may be on its way is sent again, Ms. */
const SETTLE_MS = 2_000;

export type DecisionDeliveryParts = {
	engine: Pick<Engine, 'sendEvent' | 'hasWorkflow'>;
	runs: Pick<AgentRunStore, 'findRun'>;
	approvals: Pick<ApprovalStore, 'setDelivery' | 'gates'>;
	tails: Pick<Tails, 'catchUpRun' | 'attachRun'>;
	/** The clock, Ms; tests set it. */
	now?: () => number;
};

export class DecisionDelivery {
	readonly #parts: DecisionDeliveryParts;
	readonly #now: () => number;
	/** Approvals whose decision is being sent right now, by id. */
	readonly #inFlight = new Set<string>();

	constructor(parts: DecisionDeliveryParts) {
		this.#parts = parts;
		this.#now = parts.now ?? Date.now;
	}

	/**
	 * Delivers a decision to the wait that it was made for; later, if the engine is unreachable. Does
	 * nothing if the wait is over already.
	 */
	async deliverDecision(stored: StoredApproval): Promise<void> {
		const { id } = stored.approval;
		if (this.#inFlight.has(id)) return;
		this.#inFlight.add(id);
		try {
			await this.#deliver(stored);
		} finally {
			this.#inFlight.delete(id);
		}
	}

	async #deliver(stored: StoredApproval): Promise<void> {
		const { engine, approvals, tails } = this.#parts;
		const { approval, delivery } = stored;
		const ref = { workflow: approval.workflow, id: approval.runId };
		if (delivery !== 'taken' && delivery !== 'sending') return;
		// It waits until the binding is back, or the run has moved to its new name.
		if (!engine.hasWorkflow(ref.workflow)) return;
		if (delivery === 'sending' && (await this.#mayBeOnItsWay(stored))) return;
		if (!this.#isWaitOpen(stored)) {
			approvals.setDelivery(approval.id, 'delivered');
			return;
		}
		approvals.setDelivery(approval.id, 'sending');
		try {
			await engine.sendEvent(ref, { type: approval.eventType, payload: this.#payloadOf(approval) });
			approvals.setDelivery(approval.id, 'delivered');
			tails.attachRun(ref);
		} catch (error) {
			if (error instanceof InstanceNotFoundError) approvals.setDelivery(approval.id, 'delivered');
			// Otherwise it stays `sending`: the next alarm checks the history and tries again.
		}
	}

	/**
	 * May the run still take an event that was sent before a crash? A paused run holds it until it is
	 * resumed, and a run that just moved may be about to take it. Any other has not received one.
	 */
	async #mayBeOnItsWay(stored: StoredApproval): Promise<boolean> {
		const { workflow, runId: id } = stored.approval;
		await this.#parts.tails.catchUpRun({ workflow, id });
		const history = this.#parts.runs.findRun({ workflow, id })?.history;
		if (history?.phase === 'paused') return true;
		return (history?.updatedAt ?? 0) > this.#now() - SETTLE_MS && this.#isWaitOpen(stored);
	}

	/** An Agent's own call decides a plain wait with what the SDK would send, and nothing else. */
	#payloadOf(approval: Approval): Json {
		const own = standingDecisions(approval).at(-1)?.payload;
		const isGate = this.#parts.approvals.gates.findGate(approval.eventType) !== null;
		return own === undefined || isGate ? payloadOf(approval) : own;
	}

	#isWaitOpen({ approval, wait }: StoredApproval): boolean {
		const run = this.#parts.runs.findRun({ workflow: approval.workflow, id: approval.runId });
		return (
			run !== null &&
			run.facts.generation === approval.generation &&
			run.history.waits.some(({ name }) => name === wait)
		);
	}
}

/**
 * The payload of the event: the shape that the SDK's approveWorkflow and rejectWorkflow send, whose
 * reason may be absent, and the fields that `requestApproval` reads.
 */
function payloadOf(approval: Approval): Json {
	const { status } = approval;
	const standing = standingDecisions(approval);
	const last = standing.at(-1);
	const { metadata: ownMetadata } = Object(last?.payload) as { metadata?: unknown };
	const reason = status === 'expired' ? agentErrorText.noDecisionInTime : (last?.reason ?? null);
	return toJson({
		approved: status === 'approved',
		...(reason === null ? {} : { reason }),
		metadata: {
			...(last ? { approvedBy: last.by, decidedBy: last.by, decidedAt: last.at } : {}),
			approvalId: approval.id,
			reason,
			data: last?.data ?? null,
			...Object(ownMetadata)
		},
		outcome: status,
		decisions: standing.map(({ from: _from, payload: _payload, ...decision }) => decision)
	});
}
