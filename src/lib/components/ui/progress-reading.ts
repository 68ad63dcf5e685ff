import { uiText } from '$lib/messages/components/ui';
import { progressCounts, progressPercent, type Json } from '$lib/protocol';

/** A progress in one line: percent (0 to 100) if it has one, and a text. */
export type ProgressReading = { percent: number | null; text: string };

type Fields = { [key: string]: Json };

/** Reads progress of any shape; null when nothing in it fits in a line. */
export function readProgress(progress: Json): ProgressReading | null {
	if (progress === null) return null;
	if (typeof progress !== 'object') return { percent: null, text: String(progress) };
	if (Array.isArray(progress)) return null;
	const counts = progressCounts(progress);
	const percent = progressPercent(progress);
	const text = counts ? uiText.partOfWhole(counts.part, counts.whole) : messageOf(progress);
	if (percent === null) return text === null ? null : { percent, text };
	return { percent, text: text ?? uiText.percent(percent) };
}

function messageOf(progress: Fields): string | null {
	const texts = ['message', 'stage', 'step', 'status', 'phase'].map((key) => progress[key]);
	return texts.find((value) => typeof value === 'string' && value !== '')?.toString() ?? null;
}
