import type { Approval } from '$lib/protocol';
import { steady, type SteadyRow } from './steady';

type Sources = {
	/** What waits, in its order. */
	live: () => readonly Approval[];
	/** What was decided lately: how rows look that wait no more. */
	decided: () => readonly Approval[];
	/** Names what is listed now; null while that is still to come. */
	listed: () => string | null;
};

/**
 * The list as it was when somebody began to read it: what is decided meanwhile keeps its place, and
 * what is new comes after, so that nothing moves under a pointer or a key that is about to decide.
 */
export class SteadyRows {
	#sources: Sources;
	#held = $state.raw<{ of: string; rows: readonly Approval[] } | null>(null);
	#rows: readonly SteadyRow[] = $derived.by(() => {
		const { live, decided, listed } = this.#sources;
		return steady(this.#held?.of === listed() ? (this.#held?.rows ?? []) : [], live(), decided());
	});
	#reading = { pointer: false, keys: false };

	constructor(sources: Sources) {
		this.#sources = sources;
	}

	get current(): readonly SteadyRow[] {
		return this.#rows;
	}

	/** The list is read, by pointer or by keys, or not any more. */
	read(by: 'pointer' | 'keys', isReading: boolean): void {
		this.#reading[by] = isReading;
		const of = this.#sources.listed();
		if (!this.#reading.pointer && !this.#reading.keys) this.#held = null;
		else if (of !== null && this.#held?.of !== of) this.#held = { of, rows: this.#sources.live() };
	}
}
