// A set of run numbers: a bit for each, in blocks that are there only where runs are. A hundred
// thousand runs take 12 KB, and two such sets are compared in a few microseconds.

/** How many runs a block is for. */
const BLOCK = 32_768;

export class RunSet {
	readonly #blocks = new Map<number, Uint32Array>();
	#size = 0;

	constructor(runs: readonly number[] = []) {
		this.addAll(runs);
	}

	/** How many runs are in it. */
	get size(): number {
		return this.#size;
	}

	/** What it takes in memory. */
	get bytes(): number {
		return this.#blocks.size * (BLOCK / 8);
	}

	has(run: number): boolean {
		const at = run % BLOCK;
		return (((this.#blocks.get((run - at) / BLOCK)?.[at >>> 5] ?? 0) >>> (at & 31)) & 1) === 1;
	}

	addAll(runs: readonly number[]): void {
		let number = -1;
		let block: Uint32Array = new Uint32Array();
		for (const run of runs) {
			const at = run % BLOCK;
			if ((run - at) / BLOCK !== number) {
				number = (run - at) / BLOCK;
				block = this.#blocks.get(number) ?? new Uint32Array(BLOCK / 32);
				this.#blocks.set(number, block);
			}
			const word = block[at >>> 5] ?? 0;
			const bit = 1 << (at & 31);
			if ((word & bit) !== 0) continue;
			block[at >>> 5] = word | bit;
			this.#size += 1;
		}
	}

	delete(run: number): void {
		const at = run % BLOCK;
		const block = this.#blocks.get((run - at) / BLOCK);
		const word = block?.[at >>> 5] ?? 0;
		const bit = 1 << (at & 31);
		if (!block || (word & bit) === 0) return;
		block[at >>> 5] = word & ~bit;
		this.#size -= 1;
	}

	/** The runs that both sets have; with `without`, those that only this one has. */
	and(other: RunSet, without = false): RunSet {
		const both = new RunSet();
		for (const [number, own] of this.#blocks) {
			const others = other.#blocks.get(number);
			if (!others && !without) continue;
			const block = new Uint32Array(own.length);
			let size = 0;
			for (let at = 0; at < own.length; at += 1) {
				const theirs = others?.[at] ?? 0;
				const word = (own[at] ?? 0) & (without ? ~theirs : theirs);
				block[at] = word;
				if (word !== 0) size += ones(word);
			}
			if (size === 0) continue;
			both.#blocks.set(number, block);
			both.#size += size;
		}
		return both;
	}

	/** The runs that either set has. */
	or(other: RunSet): RunSet {
		const [small, large] = this.size < other.size ? [this, other] : [other, this];
		const either = large.and(new RunSet(), true);
		either.addAll([...small]);
		return either;
	}

	/** How many runs both sets have. */
	common(other: RunSet): number {
		let size = 0;
		for (const [number, own] of this.#blocks) {
			const others = other.#blocks.get(number);
			if (!others) continue;
			for (let at = 0; at < own.length; at += 1) {
				const word = (own[at] ?? 0) & (others[at] ?? 0);
				if (word !== 0) size += ones(word);
			}
		}
		return size;
	}

	/** The runs in it, in no order. */
	*[Symbol.iterator](): Generator<number> {
		for (const [number, block] of this.#blocks)
			for (const [at, word] of block.entries())
				for (let rest = word; rest !== 0; rest &= rest - 1)
					yield number * BLOCK + at * 32 + (31 - Math.clz32(rest & -rest));
	}
}

/** How many bits of a word are set. */
function ones(word: number): number {
	const pairs = word - ((word >>> 1) & 0x55555555);
	const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
	return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
