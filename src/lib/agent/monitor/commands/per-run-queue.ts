// Commands to one run are carried out one after the other: each is checked against what the previous
// one left, and two simultaneous restarts make two generations.
import { runKey, type RunRef } from '../../../protocol';

export class PerRunQueue {
	/** The last unfinished command of each run. */
	readonly #last = new Map<string, Promise<unknown>>();

	/** Runs `work` after everything enqueued earlier for this run has ended, successfully or not. */
	async enqueue<T>(ref: RunRef, work: () => Promise<T>): Promise<T> {
		const key = runKey(ref);
		const previous = this.#last.get(key) ?? Promise.resolve();
		const current = previous.then(work, work);
		this.#last.set(key, current);
		try {
			return await current;
		} finally {
			if (this.#last.get(key) === current) this.#last.delete(key);
		}
	}
}
