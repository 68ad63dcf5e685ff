import { runKey, type RunRef } from '../../../protocol';

/** Work that an eviction would interrupt is taken up after this, Ms. */
export const SAFETY_MS = 15_000;
/** A decision whose delivery failed is delivered again after this, Ms. */
const DELIVERY_MS = 5_000;

/** Which runs are being read, and until when somebody watches them: in memory only. */
export class OpenTails {
	readonly #open = new Set<string>();
	readonly #watchedUntil = new Map<string, number>();
	/** Somebody looks at lists of runs. */
	#isFleetWatched = false;
	#safetyAt = 0;
	#deliveryAt = 0;

	get size(): number {
		return this.#open.size;
	}

	has(ref: RunRef): boolean {
		return this.#open.has(runKey(ref));
	}

	add(ref: RunRef): void {
		this.#open.add(runKey(ref));
	}

	delete(ref: RunRef): void {
		this.#open.delete(runKey(ref));
	}

	/** Somebody watches this run until `untilMs`. */
	watchRun(ref: RunRef, untilMs: number): void {
		this.#watchedUntil.set(runKey(ref), untilMs);
	}

	/** The Operations agent says whether anybody looks at lists. */
	setFleetWatched(isWatched: boolean): void {
		this.#isFleetWatched = isWatched;
	}

	/** Until when somebody watches a run, Ms; 0 when nobody does. */
	watchedUntil(ref: RunRef, now: number): number {
		const until = this.#watchedUntil.get(runKey(ref)) ?? 0;
		if (until > now) return until;
		this.#watchedUntil.delete(runKey(ref));
		return 0;
	}

	/** Does anybody watch, so that changes must not wait? */
	isWatched(now: number, ref?: RunRef): boolean {
		if (this.#isFleetWatched) return true;
		if (ref) return this.watchedUntil(ref, now) > 0;
		return [...this.#watchedUntil.values()].some((until) => until > now);
	}

	/**
	 * When an alarm takes up interrupted work, Ms. It stays the same until it is over: to move an
	 * alarm costs rows.
	 */
	safetyAt(now: number): number {
		if (this.#safetyAt <= now) this.#safetyAt = now + SAFETY_MS;
		return this.#safetyAt;
	}

	/** When an alarm delivers decisions again, Ms. It stays the same until it is over. */
	deliveryAt(now: number): number {
		if (this.#deliveryAt <= now) this.#deliveryAt = now + DELIVERY_MS;
		return this.#deliveryAt;
	}
}
