import {
	foldStatus,
	type CoarseStatus,
	type RunEvent,
	type RunFacts,
	type RunRef
} from '../../../protocol';
import type { ApprovalFollower } from '../approvals/approval-follower';
import type { Reporter } from '../reporter';
import type { AgentRunStore } from '../store/run-store';
import type { BufferedEvents, EventBuffer } from './event-buffer';
import type { OpenTails } from './open-tails';
import type { SdkReconciler } from './sdk-reconciler';

export type HistoryRecorderParts = {
	ctx: Pick<DurableObjectState, 'storage' | 'waitUntil'>;
	runs: AgentRunStore;
	approvalFollower: Pick<ApprovalFollower, 'followEvents' | 'cancelApprovals'>;
	reconciler: SdkReconciler;
	reporter: Reporter;
	buffer: EventBuffer;
	openTails: Pick<OpenTails, 'isWatched'>;
};

/** Stores what the tails read: every change of a run, and what follows from it, in one transaction. */
export class HistoryRecorder {
	readonly #parts: HistoryRecorderParts;

	constructor(parts: HistoryRecorderParts) {
		this.#parts = parts;
		parts.buffer.setStore((buffered) => this.#storeEvents(buffered));
	}

	/**
	 * Takes in events of one generation, in order: at once when somebody watches or they must not wait,
	 * else within a second. Returns false when the run is in another generation by now, or is not here
	 * under this name.
	 */
	recordEvents(ref: RunRef, events: RunEvent[], generation: number): boolean {
		const { runs, buffer, openTails, reporter } = this.#parts;
		if (runs.peekRun(ref)?.facts.generation !== generation) return false;
		const canWait = buffer.addEvents({ ref, generation, events });
		if (canWait && !openTails.isWatched(Date.now(), ref)) {
			reporter.reportSoon();
		} else {
			buffer.flushRun(ref);
			reporter.reportChanges();
		}
		return true;
	}

	/** Stores and folds events. Known ones are ignored. */
	#storeEvents({ ref, generation, events }: BufferedEvents): void {
		const { ctx, runs, approvalFollower, reconciler } = this.#parts;
		const history = ctx.storage.transactionSync(() => {
			const facts = runs.findRun(ref)?.facts;
			if (facts?.generation !== generation) return null;
			const change = runs.appendEvents(ref, events);
			if (!change) return null;
			const newEvents = events.filter((event) => event.eventId > change.before.cursor);
			approvalFollower.followEvents(facts, newEvents, change.after);
			if (change.after.end) reconciler.scheduleRun(ref, change.after);
			return change.after;
		});
		if (history) ctx.waitUntil(reconciler.reconcileRun(ref, history));
	}

	/** Stores what the engine's `status()` says of a run whose history cannot be read. */
	recordStatus(ref: RunRef, status: CoarseStatus): void {
		const { runs, reporter } = this.#parts;
		const known = runs.findRun(ref)?.history;
		if (!known) return;
		const history = foldStatus(known, status, Date.now());
		if (history === known) return;
		runs.updateRun(ref, () => ({ history, exact: false }));
		reporter.reportChanges();
	}

	/** Starts the generation after `previous`, unless it has started already. */
	startNextGeneration(ref: RunRef, previous: number): void {
		const { ctx, runs, approvalFollower, reporter } = this.#parts;
		ctx.storage.transactionSync(() => {
			const facts = runs.findRun(ref)?.facts;
			if (facts?.generation !== previous) return;
			approvalFollower.cancelApprovals(facts);
			runs.startGeneration(ref, Date.now());
		});
		reporter.reportChanges();
	}

	/** Marks a run that can be neither read nor controlled: the Worker lacks its workflow binding. */
	recordMissingBinding(ref: RunRef): void {
		const stored = this.#parts.runs.findRun(ref);
		if (!stored || stored.facts.missingBinding || stored.history.end) return;
		this.#setMissingBinding(ref, true);
	}

	/** The binding is there (again). */
	recordFoundBinding(ref: RunRef): void {
		if (this.#parts.runs.findRun(ref)?.facts.missingBinding) this.#setMissingBinding(ref, false);
	}

	#setMissingBinding(ref: RunRef, missingBinding: boolean): void {
		const touchedAt = Date.now();
		this.#parts.runs.updateRun(ref, ({ facts }) => ({
			facts: { ...facts, missingBinding, touchedAt }
		}));
		this.#parts.reporter.reportChanges();
	}

	/** Marks a run as lost: the engine has no such instance. */
	recordLostRun(ref: RunRef): void {
		const { runs, approvalFollower, reporter } = this.#parts;
		const stored = runs.findRun(ref);
		if (!stored || stored.facts.lost || stored.history.end) return;
		runs.updateRun(ref, ({ facts }) => ({ facts: lostFacts(facts) }));
		approvalFollower.cancelApprovals(stored.facts);
		reporter.reportChanges();
	}
}

function lostFacts(facts: RunFacts): RunFacts {
	return { ...facts, lost: true, touchedAt: Date.now() };
}
