import { AsyncLocalStorage } from 'node:async_hooks';
import type { Summary } from '../../../protocol';
import type { Fleet } from '../fleet';

/** The shortest time between two summaries, Ms. */
const SUMMARY_MS = 100;

/** The synced state of the Agent. */
type SummaryState = {
	readonly state: Summary;
	setState(summary: Summary): void;
	getConnections(): Iterable<unknown>;
};

/** Keeps the synced summary equal to the index, without a push for every change. */
export class SummarySync {
	readonly #fleet: Fleet;
	readonly #agent: SummaryState;
	/**
	 * Runs work on behalf of the Agent: what a person's message sets off runs on behalf of that
	 * person's connection, which may not write the state.
	 */
	readonly #asAgent = AsyncLocalStorage.snapshot();
	#timer: ReturnType<typeof setTimeout> | undefined;
	#nextAt = 0;

	constructor(fleet: Fleet, agent: SummaryState) {
		this.#fleet = fleet;
		this.#agent = agent;
	}

	/** Something changed: writes the summary within a moment if anybody is connected. */
	scheduleSummary(): void {
		const [someone] = this.#agent.getConnections();
		if (someone === undefined) return; // whoever connects gets it then
		const wait = this.#nextAt - Date.now();
		if (wait > 0) this.#timer ??= setTimeout(() => this.writeSummary(), wait);
		else this.writeSummary();
	}

	/** Writes the summary if it differs from the last one. */
	writeSummary(): void {
		clearTimeout(this.#timer);
		this.#timer = undefined;
		this.#nextAt = Date.now() + SUMMARY_MS;
		const { runs, approvals, directory } = this.#fleet;
		const next = {
			counts: runs.counts(),
			pendingApprovals: approvals.pending(),
			agents: directory.count()
		};
		const { at: _at, ...known } = this.#agent.state;
		if (JSON.stringify(next) !== JSON.stringify(known)) {
			this.#asAgent(() => this.#agent.setState({ ...next, at: Date.now() }));
		}
	}
}
