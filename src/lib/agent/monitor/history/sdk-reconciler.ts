// Keeps the SDK's tracking rows in step with the histories, through the SDK's own methods.
import { runKey, type Json, type RunHistory, type RunRef } from '../../../protocol';
import { Mends } from './sdk-reconcile-store';
import type { RunStore } from '../store/run-store';
import type { SdkTracking } from './sdk-tracking';

export type MendingHost = {
	sql: SqlStorage;
	runs: RunStore;
	sdk: SdkTracking;
	/** A row was mended: it belongs in the audit. */
	mended: (ref: RunRef, detail: Json) => void;
};

export class Mending {
	readonly #host: MendingHost;
	readonly #left: Mends;
	readonly #busy = new Set<string>();

	constructor(host: MendingHost) {
		this.#host = host;
		this.#left = new Mends(host.sql);
	}

	migrate(): void {
		this.#left.migrate();
	}

	/** The run has ended: its row is to agree with that. To be called in the transaction that ends it. */
	ended(ref: RunRef): void {
		this.#left.add(ref);
	}

	/** Is there anything left to mend? */
	any(): boolean {
		return this.#left.any();
	}

	/** Mends what a former life of this Agent has left to mend. */
	async all(): Promise<void> {
		for (const ref of this.#left.take()) {
			const history = this.#host.runs.get(ref)?.history;
			if (history?.end) await this.one(ref, history);
			else this.#left.remove(ref);
		}
	}

	/** Compares the run's row with its history, and mends it where they contradict each other. */
	async one(ref: RunRef, history: RunHistory): Promise<void> {
		if (!history.end && history.phase === 'queued') return;
		const { runs, sdk, mended } = this.#host;
		const key = runKey(ref);
		// One comparison at a time: it reads the newest history when its moment comes.
		if (this.#busy.has(key)) return;
		this.#busy.add(key);
		try {
			const detail = await sdk.mend(ref, () => runs.get(ref)?.history);
			const now = runs.get(ref)?.history;
			if (now?.end && sdk.agrees(ref, now)) this.#left.remove(ref);
			if (detail !== null) mended(ref, detail);
		} catch {
			// The engine is away: the row is compared again with the next events, or the next wake.
		} finally {
			this.#busy.delete(key);
		}
	}
}
