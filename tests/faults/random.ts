/** Random numbers that a seed repeats: mulberry32, 32 bits of state, enough for a schedule. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 up to, and without, 1. */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from `least` to `most`, both possible. */
	whole(least: number, most: number): number {
		return least + Math.floor(this.next() * (most - least + 1));
	}

	chance(probability: number): boolean {
		return this.next() < probability;
	}

	pick<T>(list: readonly T[]): T {
		const found = list[this.whole(0, list.length - 1)];
		if (found === undefined) throw new Error('There is nothing to pick from.');
		return found;
	}

	shuffled<T>(list: readonly T[]): T[] {
		return list
			.map((item) => ({ item, at: this.next() }))
			.sort((a, b) => a.at - b.at)
			.map(({ item }) => item);
	}
}
