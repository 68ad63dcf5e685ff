import type { Alarms } from './alarms';
import type { ApprovalStore } from './approvals/approval-store';
import type { UndoableCommandStore } from './commands/undoable-command-store';
import type { Engine } from './history/engine';
import type { OpenTails } from './history/open-tails';
import type { ReconcileStore } from './history/sdk-reconcile-store';
import type { Outbox } from './store/outbox';
import type { ReadPlan } from './store/read-plan';

export type AlarmPlanParts = {
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	alarms: Alarms;
	engine: Pick<Engine, 'hasWorkflow'>;
	readPlan: Pick<ReadPlan, 'nextReadAt'>;
	approvals: ApprovalStore;
	undoableCommands: UndoableCommandStore;
	reconcileStore: ReconcileStore;
	outbox: Outbox;
	openTails: OpenTails;
};

/** Keeps the Agent's one alarm at the earliest time that any stored work is due. */
export class AlarmPlan {
	readonly #parts: AlarmPlanParts;

	constructor(parts: AlarmPlanParts) {
		this.#parts = parts;
	}

	updateAlarm(): void {
		const { ctx, alarms, readPlan, approvals, undoableCommands, outbox, openTails } = this.#parts;
		const times = [
			readPlan.nextReadAt(openTails),
			outbox.retryAt(),
			undoableCommands.nextCommandAt(),
			approvals.nextDeadlineAt(),
			this.#nextDeliveryAt(),
			this.#isUnderWay() ? openTails.safetyAt(Date.now()) : null
		].filter((at) => at !== null);
		ctx.waitUntil(alarms.setAlarm(times.length > 0 ? Math.min(...times) : null));
	}

	/** Is anything under way that only this process knows of, so that an eviction would end it? */
	#isUnderWay(): boolean {
		const { openTails, outbox, reconcileStore } = this.#parts;
		return openTails.size > 0 || !outbox.isEmpty() || reconcileStore.hasRuns();
	}

	/** A decision that was not sent yet is due at once, one that may be on its way after a while. */
	#nextDeliveryAt(): number | null {
		const { approvals, engine, openTails } = this.#parts;
		const undelivered = approvals
			.undeliveredApprovals()
			.filter(({ approval }) => engine.hasWorkflow(approval.workflow));
		if (undelivered.some(({ delivery }) => delivery === 'taken')) return Date.now();
		return undelivered.length > 0 ? openTails.deliveryAt(Date.now()) : null;
	}
}
