import type { Summary } from '../../protocol';
import type { Fleet } from './fleet';

/** The shortest time between two summaries, Ms. */
const SUMMARY_MS = 100;

/** Keeps the synced summary equal to the index, without a push for every change. */
export class SummaryKeeper {
	readonly #fleet: () => Fleet;
	readonly #state: { get: () => Summary; set: (summary: Summary) => void };
	#timer: ReturnType<typeof setTimeout> | null = null;

	constructor(fleet: () => Fleet, state: { get: () => Summary; set: (summary: Summary) => void }) {
		this.#fleet = fleet;
		this.#state = state;
	}

	/** Something changed: the summary follows within a moment. */
	soon(): void {
		if (this.#timer !== null) return;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			this.now();
		}, SUMMARY_MS);
	}

	/** Writes the summary, when it is another than the one before. */
	now(): void {
		const { runs, approvals, directory } = this.#fleet();
		const next = {
			counts: runs.counts(),
			pendingApprovals: approvals.pending(),
			agents: directory.count()
		};
		const { at: _at, ...known } = this.#state.get();
		if (JSON.stringify(next) !== JSON.stringify(known)) {
			this.#state.set({ ...next, at: Date.now() });
		}
	}
}
