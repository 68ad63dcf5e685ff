import { AsyncLocalStorage } from 'node:async_hooks';
import type { Summary } from '../../../protocol';
import type { Fleet } from '../fleet';

/** The shortest time between two summaries, Ms. */
const SUMMARY_MS = 100;

/** Keeps the synced summary equal to the index, without a push for every change. */
export class SummaryKeeper {
	readonly #fleet: () => Fleet;
	readonly #state: { get: () => Summary; set: (summary: Summary) => void };
	/**
	 * Does work as the Agent's own. What a person's message sets off is done in the name of that
	 * person's connection, and those may not write the state.
	 */
	readonly #asAgent = AsyncLocalStorage.snapshot();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#nextAt = 0;

	constructor(fleet: () => Fleet, state: { get: () => Summary; set: (summary: Summary) => void }) {
		this.#fleet = fleet;
		this.#state = state;
	}

	/** Something changed: the summary follows within a moment. */
	soon(): void {
		const wait = this.#nextAt - Date.now();
		if (wait > 0) this.#timer ??= setTimeout(() => this.now(), wait);
		else this.now();
	}

	/** Writes the summary, when it is another than the one before. */
	now(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#nextAt = Date.now() + SUMMARY_MS;
		const { runs, approvals, directory } = this.#fleet();
		const next = {
			counts: runs.counts(),
			pendingApprovals: approvals.pending(),
			agents: directory.count()
		};
		const { at: _at, ...known } = this.#state.get();
		if (JSON.stringify(next) !== JSON.stringify(known)) {
			this.#asAgent(() => this.#state.set({ ...next, at: Date.now() }));
		}
	}
}
