import { progressPercent, type ProgressPoint } from '../../protocol';
import { readProgress } from '../ui/progress-reading';

/** One number's way: its name, its last value in words, and the line that draws it. */
export type Spark = { name: string; last: string; line: string };

/** The box that lines are drawn in. */
export const SPARK_BOX = { width: 120, height: 24 } as const;
/** A page draws no more of them. */
const MOST_SPARKS = 4;

/**
 * The ways of a run's progress: of its share where it tells one, else of each number that moved.
 */
export function sparksOf(trail: readonly ProgressPoint[]): Spark[] {
	if (trail.length < 2) return [];
	const shares = trail.flatMap(({ at, values }) => {
		const percent = progressPercent(values) ?? readProgress(values)?.percent ?? null;
		return percent === null ? [] : [{ at, value: percent }];
	});
	if (shares.length >= 2) {
		const last = shares.at(-1)?.value ?? 0;
		return [{ name: 'Progress', last: `${Math.round(last)} %`, line: lineOf(shares, 0, 100) }];
	}
	const names = [...new Set(trail.flatMap(({ values }) => Object.keys(values)))];
	return names
		.flatMap((name) => {
			const way = trail.flatMap(({ at, values }) => {
				const value = values[name];
				return value === undefined ? [] : [{ at, value }];
			});
			const found = way.map(({ value }) => value);
			const [least, most] = [Math.min(...found), Math.max(...found)];
			if (way.length < 2 || least === most) return [];
			const last = (found.at(-1) ?? 0).toLocaleString('en');
			return [{ name, last, line: lineOf(way, least, most) }];
		})
		.slice(0, MOST_SPARKS);
}

/** The points of a polyline in {@link SPARK_BOX}: time to the right, the number upwards. */
function lineOf(way: readonly { at: number; value: number }[], least: number, most: number) {
	const from = way[0]?.at ?? 0;
	const span = Math.max(1, (way.at(-1)?.at ?? 0) - from);
	const inside = SPARK_BOX.height - 2;
	return way
		.map(({ at, value }) => {
			const x = ((at - from) / span) * SPARK_BOX.width;
			const y = 1 + inside - ((value - least) / (most - least)) * inside;
			return `${x.toFixed(1)},${y.toFixed(1)}`;
		})
		.join(' ');
}
