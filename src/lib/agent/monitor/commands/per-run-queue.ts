// Commands to one run are carried out one after the other: each is judged by what the one before it
// has left, and two restarts at once are two generations.
import { runKey, type RunRef } from '../../../protocol';

export class Turns {
	/** The last command of each run that has not ended yet. */
	readonly #last = new Map<string, Promise<unknown>>();

	/** Does `work` when all that was asked before it for this run is done, however that ended. */
	async take<T>(ref: RunRef, work: () => Promise<T>): Promise<T> {
		const key = runKey(ref);
		const before = this.#last.get(key) ?? Promise.resolve();
		const turn = before.then(work, work);
		this.#last.set(key, turn);
		try {
			return await turn;
		} finally {
			if (this.#last.get(key) === turn) this.#last.delete(key);
		}
	}
}
