// What is made of times: quantiles, a table, and whether a target is met.

/** The value below which this share of the values lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** One decimal up to 100, none above. */
export function short(value: number): string {
	return value.toFixed(Math.abs(value) < 100 ? 1 : 0);
}

type Cell = string | number;

/** Prints rows in columns, the first one to the left, the others to the right. */
export function printTable(title: string, heads: readonly string[], rows: readonly Cell[][]): void {
	const texts = [heads, ...rows].map((row) =>
		row.map((cell) => (typeof cell === 'number' ? short(cell) : cell))
	);
	const widths = heads.map((_, at) => Math.max(...texts.map((row) => row[at]?.length ?? 0)));
	console.log(`\n${title}`);
	for (const row of texts) {
		const cells = row.map((text, at) =>
			at === 0 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)
		);
		console.log(`  ${cells.join('  ')}`);
	}
}

const verdicts: boolean[] = [];

/** Prints whether a figure is within its target, and remembers it for {@link missed}. */
export function judge(what: string, value: number, most: number, unit = ''): void {
	const isMet = value <= most;
	verdicts.push(isMet);
	const target = `at most ${short(most)}${unit}`;
	console.log(`  ${isMet ? 'met   ' : 'MISSED'}  ${what}: ${short(value)}${unit}, ${target}`);
}

/** How many targets were missed. */
export function missed(): number {
	return verdicts.filter((isMet) => !isMet).length;
}
