import { progressPercent, type Json } from '$lib/protocol';

/** A run's progress as it fits in a line: how far (0 to 100, where it tells), and in words. */
export type ProgressReading = { percent: number | null; words: string };

type Fields = { [key: string]: Json };
type Counts = { part: number; whole: number };

/** Reads progress of any shape; null when it says nothing that fits in a line. */
export function readProgress(progress: Json): ProgressReading | null {
	if (progress === null) return null;
	if (typeof progress !== 'object') return { percent: null, words: String(progress) };
	if (Array.isArray(progress)) return null;
	const counts = countsOf(progress);
	const percent = progressPercent(progress) ?? (counts && (counts.part / counts.whole) * 100);
	const words = counts ? wordsOfCounts(counts) : wordsOf(progress);
	if (percent === null) return words === null ? null : { percent, words };
	return { percent, words: words ?? `${Math.round(percent)} %` };
}

/** `3 of 5` by whatever names: a total and what is before it, or a pair such as `bay` and `bays`. */
function countsOf(progress: Fields): Counts | null {
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

function toCounts(part: number | undefined, whole: number | undefined): Counts | null {
	if (part === undefined || whole === undefined) return null;
	return part >= 0 && part <= whole && whole > 0 ? { part, whole } : null;
}

function wordsOfCounts({ part, whole }: Counts): string {
	return `${part.toLocaleString()} / ${whole.toLocaleString()}`;
}

function wordsOf(progress: Fields): string | null {
	const said = ['message', 'stage', 'step', 'status', 'phase'].map((key) => progress[key]);
	return said.find((value) => typeof value === 'string' && value !== '')?.toString() ?? null;
}
