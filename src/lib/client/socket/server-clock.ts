/** How many of the last frames the estimate looks at. */
const SAMPLES = 20;

/**
 * Estimates the server's time from the times written on frames. It goes by this machine's stopwatch
 * (`performance.now`) and not by its clock, which may be wrong and may be set right at any moment. A
 * frame is always a little old when it arrives, so the one that says most is the youngest: that with
 * the largest difference. After a sleep, in which a stopwatch may stand still, that is the next one.
 */
export class ServerClock {
	#samples: number[] = [];

	/** The server's time in Ms when the stopwatch shows `elapsed`; null before the first frame. */
	at(elapsed: number): number | null {
		return this.#samples.length === 0 ? null : elapsed + Math.max(...this.#samples);
	}

	/** A frame written `at` the server's time arrived when the stopwatch showed `elapsed`. */
	sample(at: number, elapsed: number): void {
		this.#samples = [...this.#samples.slice(1 - SAMPLES), at - elapsed];
	}
}
