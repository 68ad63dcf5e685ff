import { progressCounts, progressPercent, type Json, type ProgressCounts } from '$lib/protocol';

/** A run's progress as it fits in a line: how far (0 to 100, where it tells), and in words. */
export type ProgressReading = { percent: number | null; words: string };

type Fields = { [key: string]: Json };

/** Reads progress of any shape; null when it says nothing that fits in a line. */
export function readProgress(progress: Json): ProgressReading | null {
	if (progress === null) return null;
	if (typeof progress !== 'object') return { percent: null, words: String(progress) };
	if (Array.isArray(progress)) return null;
	const counts = progressCounts(progress);
	const percent = progressPercent(progress);
	const words = counts ? wordsOfCounts(counts) : wordsOf(progress);
	if (percent === null) return words === null ? null : { percent, words };
	return { percent, words: words ?? `${Math.round(percent)} %` };
}

function wordsOfCounts({ part, whole }: ProgressCounts): string {
	return `${part.toLocaleString()} / ${whole.toLocaleString()}`;
}

function wordsOf(progress: Fields): string | null {
	const said = ['message', 'stage', 'step', 'status', 'phase'].map((key) => progress[key]);
	return said.find((value) => typeof value === 'string' && value !== '')?.toString() ?? null;
}
