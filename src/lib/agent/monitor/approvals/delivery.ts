// From "decision taken" to "event delivered", once. The state before the send is written down
// first (a Durable Object's output gate holds the send until it is), so a crash leaves either
// `taken` (nothing was sent) or `sending`, and the history tells which of the two came true.
import { standingDecisions, toJson, type Approval, type Json } from '../../../protocol';
import type { ApprovalStore } from './approval-store';
import { InstanceNotFoundError, type Engine } from '../history/engine';
import type { RunStore } from '../store/run-store';
import type { StoredApproval } from './stored-approval';
import type { Tails } from '../history/tails';

/** How long a run must have stood still before an event that may be under way is sent again, Ms. */
const SETTLE_MS = 2_000;

export type DeliveryHost = {
	now: () => number;
	runs: Pick<RunStore, 'get'>;
	approvals: Pick<ApprovalStore, 'deliver'>;
	tails: Pick<Tails, 'catchUp' | 'attach'>;
	engine: Pick<Engine, 'sendEvent'>;
};

/**
 * Delivers a decision to the wait it was taken for; later, when the engine is away. Does nothing
 * when the wait is over already.
 */
export async function deliverDecision(host: DeliveryHost, stored: StoredApproval): Promise<void> {
	const { approval, delivery } = stored;
	const ref = { workflow: approval.workflow, id: approval.runId };
	if (delivery !== 'taken' && delivery !== 'sending') return;
	if (delivery === 'sending') {
		await host.tails.catchUp(ref);
		// A paused run keeps an event to itself: whether it has one shows when it is resumed, and a
		// run that just moved may be about to take it. Only one that stands still has none.
		const history = host.runs.get(ref)?.history;
		if (history?.phase === 'paused') return;
		if ((history?.updatedAt ?? 0) > host.now() - SETTLE_MS && isOpen(host, stored)) return;
	}
	if (!isOpen(host, stored)) {
		host.approvals.deliver(approval.id, 'delivered');
		return;
	}
	host.approvals.deliver(approval.id, 'sending');
	try {
		await host.engine.sendEvent(ref, { type: approval.eventType, payload: payloadOf(approval) });
		host.approvals.deliver(approval.id, 'delivered');
		host.tails.attach(ref);
	} catch (error) {
		if (error instanceof InstanceNotFoundError) host.approvals.deliver(approval.id, 'delivered');
		// Otherwise it stays `sending`: the next wake looks at the history and tries again.
	}
}

/**
 * What the event says: the shape of the SDK's own approveWorkflow and rejectWorkflow, whose reason
 * may be absent, and beside it what `requestApproval` reads.
 */
function payloadOf(approval: Approval): Json {
	const { status } = approval;
	const standing = standingDecisions(approval);
	const last = standing.at(-1);
	const reason = status === 'expired' ? 'Nobody decided in time.' : (last?.reason ?? null);
	return toJson({
		approved: status === 'approved',
		...(reason === null ? {} : { reason }),
		metadata: {
			...(last ? { approvedBy: last.by, decidedBy: last.by, decidedAt: last.at } : {}),
			approvalId: approval.id,
			reason,
			data: last?.data ?? null
		},
		outcome: status,
		decisions: standing.map(({ from: _from, ...decision }) => decision)
	});
}

function isOpen(host: DeliveryHost, { approval, wait }: StoredApproval): boolean {
	const run = host.runs.get({ workflow: approval.workflow, id: approval.runId });
	return (
		run !== null &&
		run.facts.generation === approval.generation &&
		run.history.waits.some(({ name }) => name === wait)
	);
}
