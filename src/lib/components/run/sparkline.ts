import { formatNumber } from '$lib/messages/plural';
import { runText } from '$lib/messages/components/run';
import { uiText } from '$lib/messages/components/ui';
import { progressPercent, type ProgressPoint } from '../../protocol';
import { readProgress } from '../ui/progress-reading';

/** One number over time: its name, its latest value as text, and the points of its line. */
export type Spark = { name: string; last: string; line: string };

/** The box that lines are drawn in. */
export const SPARK_BOX = { width: 120, height: 24 } as const;
const MAX_SPARKS = 4;

/** The lines of a progress: its percentage if it has one, else each number that changed. */
export function sparksOf(trail: readonly ProgressPoint[]): Spark[] {
	if (trail.length < 2) return [];
	const shares = trail.flatMap(({ at, values }) => {
		const percent = progressPercent(values) ?? readProgress(values)?.percent ?? null;
		return percent === null ? [] : [{ at, value: percent }];
	});
	if (shares.length >= 2) {
		const last = shares.at(-1)?.value ?? 0;
		return [{ name: runText.progress, last: uiText.percent(last), line: lineOf(shares, 0, 100) }];
	}
	const names = [...new Set(trail.flatMap(({ values }) => Object.keys(values)))];
	return names
		.flatMap((name) => {
			const points = trail.flatMap(({ at, values }) => {
				const value = values[name];
				return value === undefined ? [] : [{ at, value }];
			});
			const found = points.map(({ value }) => value);
			const [least, most] = [Math.min(...found), Math.max(...found)];
			if (points.length < 2 || least === most) return [];
			const last = formatNumber(found.at(-1) ?? 0);
			return [{ name, last, line: lineOf(points, least, most) }];
		})
		.slice(0, MAX_SPARKS);
}

/** The points of a polyline in {@link SPARK_BOX}: time to the right, the number upwards. */
function lineOf(points: readonly { at: number; value: number }[], least: number, most: number) {
	const from = points[0]?.at ?? 0;
	const span = Math.max(1, (points.at(-1)?.at ?? 0) - from);
	const inside = SPARK_BOX.height - 2;
	return points
		.map(({ at, value }) => {
			const x = ((at - from) / span) * SPARK_BOX.width;
			const y = 1 + inside - ((value - least) / (most - least)) * inside;
			return `${x.toFixed(1)},${y.toFixed(1)}`;
		})
		.join(' ');
}
