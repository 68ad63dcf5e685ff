// From "decision taken" to "event delivered", once. The state before the send is written down
// first (a Durable Object's output gate holds the send until it is), so a crash leaves either
// `taken` (nothing was sent) or `sending`, and the history tells which of the two came true.
import type { Json } from '../../protocol';
import type { StoredApproval } from './approval-store';
import { InstanceNotFoundError } from './engine';
import type { Monitor } from './monitor';

/**
 * Delivers a decision to the wait it was taken for; later, when the engine is away. Does nothing
 * when the wait is over already.
 */
export async function deliverDecision(monitor: Monitor, stored: StoredApproval): Promise<void> {
	const { approval, delivery } = stored;
	const decision = approval.decisions.at(-1);
	const ref = { workflow: approval.workflow, id: approval.runId };
	if (!decision || delivery === 'delivered') return;
	if (delivery === 'sending') {
		await monitor.tails.catchUp(ref);
		const run = monitor.runs.get(ref);
		// A paused run keeps an event to itself: whether it has one shows when it is resumed.
		if (run?.history.phase === 'paused') return;
	}
	if (!isOpen(monitor, stored)) {
		monitor.approvals.deliver(approval.id, 'delivered');
		return;
	}
	monitor.approvals.deliver(approval.id, 'sending');
	const metadata: Json = {
		approvedBy: decision.by,
		decidedBy: decision.by,
		decidedAt: decision.at,
		approvalId: approval.id,
		reason: decision.reason,
		data: decision.data
	};
	const payload: Json = {
		approved: decision.approved,
		reason: decision.reason ?? undefined,
		metadata
	} as Json; // an absent reason is left out, as the SDK's own approveWorkflow does
	try {
		await monitor.engine.sendEvent(ref, { type: approval.eventType, payload });
		monitor.approvals.deliver(approval.id, 'delivered');
		monitor.tails.attach(ref);
	} catch (error) {
		if (error instanceof InstanceNotFoundError) monitor.approvals.deliver(approval.id, 'delivered');
		// Otherwise it stays `sending`: the next wake looks at the history and tries again.
	}
}

function isOpen(monitor: Monitor, { approval, wait }: StoredApproval): boolean {
	const run = monitor.runs.get({ workflow: approval.workflow, id: approval.runId });
	return (
		run !== null &&
		run.facts.generation === approval.generation &&
		run.history.waits.some(({ name }) => name === wait)
	);
}
