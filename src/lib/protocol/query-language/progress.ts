// How far a run has come, as its own report tells it: one reading for the index that stores it, the
// evaluator that compares it, and the bar that shows it.
import type { Json } from '../wire/json';

/** So many of so many. */
export type ProgressCounts = { part: number; whole: number };

/**
 * `3 of 5` by whatever names: a total and what is before it (`recordsProcessed` of `totalRecords`,
 * `current` of `total`), or a pair such as `bay` and `bays`. Null when there is no such pair, or
 * when its part is none of the whole.
 */
export function progressCounts(progress: Json): ProgressCounts | null {
	if (progress === null || typeof progress !== 'object' || Array.isArray(progress)) return null;
	const numbers = Object.entries(progress).filter(
		(entry): entry is [string, number] => typeof entry[1] === 'number'
	);
	const known = new Map(numbers);
	const whole = known.get('totalRecords') ?? known.get('total');
	const part = known.get('recordsProcessed') ?? known.get('current');
	if (whole !== undefined) {
		const first = numbers.find(([name]) => name !== 'totalRecords' && name !== 'total');
		return toCounts(part ?? first?.[1], whole);
	}
	const pair = numbers.find(([name]) => known.has(`${name}s`));
	return pair ? toCounts(pair[1], known.get(`${pair[0]}s`)) : null;
}

function toCounts(part: number | undefined, whole: number | undefined): ProgressCounts | null {
	if (part === undefined || whole === undefined) return null;
	return part >= 0 && part <= whole && whole > 0 ? { part, whole } : null;
}

/**
 * How far a run has come, 0 to 100: its counts where it has any, for those are what is shown, else
 * `percent` (0 to 1, as the SDK has it, or up to 100). Null when it tells neither.
 */
export function progressPercent(progress: Json): number | null {
	const counts = progressCounts(progress);
	if (counts) return (counts.part / counts.whole) * 100;
	if (progress === null || typeof progress !== 'object' || Array.isArray(progress)) return null;
	const { percent } = progress;
	if (typeof percent !== 'number') return null;
	return Math.min(100, Math.max(0, percent <= 1 ? percent * 100 : percent));
}
