import type { Alarms } from './alarms';
import type { ApprovalStore } from './approvals/approval-store';
import type { UndoableCommandStore } from './commands/undoable-command-store';
import type { Engine } from './history/engine';
import type { ReconcileStore } from './history/sdk-reconcile-store';
import { nextRetryAt, type Outbox } from './store/outbox';
import type { AgentRunStore } from './store/run-store';

export type AlarmPlanParts = {
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	alarms: Alarms;
	engine: Pick<Engine, 'hasWorkflow'>;
	runs: AgentRunStore;
	approvals: ApprovalStore;
	undoableCommands: UndoableCommandStore;
	reconcileStore: ReconcileStore;
	outbox: Outbox;
};

/** Keeps the Agent's one alarm at the earliest time that any stored work is due. */
export class AlarmPlan {
	readonly #parts: AlarmPlanParts;

	constructor(parts: AlarmPlanParts) {
		this.#parts = parts;
	}

	updateAlarm(): void {
		const { ctx, alarms, runs, approvals, undoableCommands, reconcileStore, outbox } = this.#parts;
		const times = [
			runs.nextReadAt(),
			outbox.retryAt(),
			undoableCommands.nextCommandAt(),
			approvals.nextDeadlineAt(),
			this.#nextDeliveryAt(),
			reconcileStore.hasRuns() ? nextRetryAt() : null
		].filter((at) => at !== null);
		ctx.waitUntil(alarms.setAlarm(times.length > 0 ? Math.min(...times) : null));
	}

	/** A decision that was not sent yet is due at once, one that may be on its way at the next retry. */
	#nextDeliveryAt(): number | null {
		const { approvals, engine } = this.#parts;
		const undelivered = approvals
			.undeliveredApprovals()
			.filter(({ approval }) => engine.hasWorkflow(approval.workflow));
		if (undelivered.some(({ delivery }) => delivery === 'taken')) return Date.now();
		return undelivered.length > 0 ? nextRetryAt() : null;
	}
}
