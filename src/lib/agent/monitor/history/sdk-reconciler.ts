// Keeps the SDK's tracking rows consistent with the histories, through the SDK's own methods.
import { runKey, type RunHistory, type RunRef } from '../../../protocol';
import type { AlarmPlan } from '../alarm-plan';
import type { Reporter } from '../reporter';
import type { AuditNotes } from '../store/audit-notes';
import type { AgentRunStore } from '../store/run-store';
import type { ReconcileStore } from './sdk-reconcile-store';
import type { SdkTracking } from './sdk-tracking';

export type SdkReconcilerParts = {
	store: ReconcileStore;
	runs: Pick<AgentRunStore, 'findRun'>;
	sdk: SdkTracking;
	notes: Pick<AuditNotes, 'addNote'>;
	reporter: Pick<Reporter, 'reportChanges'>;
	alarmPlan: Pick<AlarmPlan, 'updateAlarm'>;
};

export class SdkReconciler {
	readonly #parts: SdkReconcilerParts;
	readonly #inProgress = new Set<string>();

	constructor(parts: SdkReconcilerParts) {
		this.#parts = parts;
	}

	/**
	 * Remembers to reconcile a run that has ended, unless its row says the same already. Call it in the
	 * transaction that ends it.
	 */
	scheduleRun(ref: RunRef, history: RunHistory): void {
		const { store, sdk } = this.#parts;
		// Without a row, the SDK is about to insert one.
		if (!sdk.findRow(ref) || !sdk.rowMatches(ref, history)) store.addRun(ref);
	}

	/** Reconciles what was left over, for example by an eviction. */
	async reconcileScheduledRuns(): Promise<void> {
		const { store, runs } = this.#parts;
		for (const ref of store.takeRuns()) {
			const history = runs.findRun(ref)?.history;
			if (history?.end) await this.reconcileRun(ref, history);
			else store.removeRun(ref);
		}
	}

	/** Compares the run's row with its history, and refreshes it when they contradict each other. */
	async reconcileRun(ref: RunRef, history: RunHistory): Promise<void> {
		if (!history.end && history.phase === 'queued') return;
		const { store, runs, sdk, notes, reporter, alarmPlan } = this.#parts;
		const key = runKey(ref);
		// One comparison at a time is enough: each reads the newest history when its turn comes.
		if (this.#inProgress.has(key)) return;
		this.#inProgress.add(key);
		try {
			const correction = await sdk.correctRow(ref, () => runs.findRun(ref)?.history);
			const current = runs.findRun(ref)?.history;
			if (current?.end && sdk.rowMatches(ref, current)) store.removeRun(ref);
			if (correction !== null) {
				notes.addNote('sdk.mend', key, correction);
				reporter.reportChanges();
			}
		} catch {
			// The engine is unreachable: the next events or the next alarm compare the row again.
		} finally {
			this.#inProgress.delete(key);
			alarmPlan.updateAlarm();
		}
	}
}
