/** How many of the last frames the estimate looks at. */
const SAMPLES = 20;
/** A server time that is further ahead of the others than this is odd until the next one agrees, Ms. */
const ODD_MS = 2_000;

/**
 * Estimates the server's time from the times written on frames. It goes by the monotonic clock
 * (`performance.now`) and not by the wall clock, which may be wrong and may be set at any moment. A
 * frame is always a little old when it arrives, so the one with the largest difference says most,
 * unless it is far ahead of the median: one server's clock is off. Two in a row are believed: the
 * monotonic clock stood still while the machine slept.
 */
export class ServerClock {
	/** Server's time less monotonic time, Ms, the newest last. */
	#samples: number[] = [];

	/** The server's time in Ms when the monotonic clock shows `elapsed`; null before the first frame. */
	at(elapsed: number): number | null {
		if (this.#samples.length === 0) return null;
		const limit = median(this.#samples) + ODD_MS;
		return elapsed + Math.max(...this.#samples.filter((sample) => sample <= limit));
	}

	/** A frame written `at` the server's time arrived when the monotonic clock showed `elapsed`. */
	sample(at: number, elapsed: number): void {
		const sample = at - elapsed;
		const previous = this.#samples.at(-1);
		const limit = this.#samples.length < 2 ? Infinity : median(this.#samples) + ODD_MS;
		const isConfirmed =
			previous !== undefined &&
			Math.min(previous, sample) > limit &&
			Math.abs(previous - sample) <= ODD_MS;
		const before = isConfirmed ? [previous] : this.#samples.slice(1 - SAMPLES);
		this.#samples = [...before, sample];
	}
}

/** The lower one of the two in the middle. */
function median(values: readonly number[]): number {
	return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;
}
