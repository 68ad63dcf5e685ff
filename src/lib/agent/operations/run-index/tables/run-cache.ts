import type { Run } from '../../../../protocol';

/** Runs are kept up to so much text that they were read from, characters. */
const KEPT = 4_000_000;

/** Runs as they were read from the index: many look at the same ones, and few change at a time. */
export class ReadRuns {
	readonly #known = new Map<number, { run: Run; length: number }>();
	#length = 0;

	get(number: number): Run | undefined {
		return this.#known.get(number)?.run;
	}

	/** Reads a run from its JSON, and forgets those that were read longest ago. */
	add(number: number, json: string): Run {
		this.forget(number);
		// Only the index writes what is given here, and what it was given was parsed at the door.
		const run = JSON.parse(json) as Run;
		this.#known.set(number, { run, length: json.length });
		this.#length += json.length;
		for (const oldest of this.#known.keys()) {
			if (this.#length <= KEPT) break;
			this.forget(oldest);
		}
		return run;
	}

	/** A run is another than was read. */
	forget(number: number): void {
		this.#length -= this.#known.get(number)?.length ?? 0;
		this.#known.delete(number);
	}
}
