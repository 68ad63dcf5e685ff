/** Finds what is new in a list, each entry once. The entries of the first list are not new. */
export class Arrivals {
	#known: Set<string> | null = null;

	newIn<T extends { id: string }>(list: readonly T[]): T[] {
		const known = this.#known;
		this.#known = new Set([...(known ?? []), ...list.map(({ id }) => id)]);
		return known === null ? [] : list.filter(({ id }) => !known.has(id));
	}
}
