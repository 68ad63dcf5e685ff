/**
 * Does `work` for every item, a few at a time, each lane taking the next one that is left.
 * Gives the results in the items' order; the first failure ends it.
 */
export async function inLanes<Item, Result>(
	items: readonly Item[],
	lanes: number,
	work: (item: Item, index: number) => Promise<Result>
): Promise<Result[]> {
	const results = new Map<number, Result>();
	const queue = items.entries();
	const lane = async () => {
		for (const [index, item] of queue) results.set(index, await work(item, index));
	};
	await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
	return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
