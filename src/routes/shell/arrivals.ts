/** Tells what is new in a list, each thing once; what was there at first is not new. */
export class Arrivals {
	#known: Set<string> | null = null;

	/** Those that were in no list before. */
	of<T extends { id: string }>(list: readonly T[]): T[] {
		const known = this.#known;
		this.#known = new Set([...(known ?? []), ...list.map(({ id }) => id)]);
		return known === null ? [] : list.filter(({ id }) => !known.has(id));
	}
}
