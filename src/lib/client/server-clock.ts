/** How many of the last frames the estimate looks at. */
const SAMPLES = 20;

/**
 * Estimates how far the server's clock is ahead of ours, from the times written on frames. A frame
 * is always a little old when it arrives, so the sample that says most is the youngest frame: the
 * one with the largest difference.
 */
export class ServerClock {
	#samples: number[] = [];

	/** Ms to add to our clock to read the server's. */
	get offset(): number {
		return this.#samples.length === 0 ? 0 : Math.max(...this.#samples);
	}

	/** A frame written `at` the server's time arrived at `receivedAt` of ours. */
	sample(at: number, receivedAt: number): void {
		this.#samples = [...this.#samples.slice(1 - SAMPLES), at - receivedAt];
	}
}
