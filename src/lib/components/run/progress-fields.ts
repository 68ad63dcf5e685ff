import type { Json, JsonObject } from '../../protocol';
import { readProgress } from '../progress-reading';

/** Counts that a bar says already, beside its share. */
const COUNTS = ['recordsProcessed', 'totalRecords'];

/** A progress of any shape, taken apart: the bar, the words, and all its other fields. */
export type ProgressParts = { hasBar: boolean; message: string | null; fields: JsonObject };

/** Takes a progress apart so that each thing is said once. */
export function progressParts(progress: Json): ProgressParts {
	if (typeof progress !== 'object' || progress === null) {
		return { hasBar: false, message: progress === null ? null : String(progress), fields: {} };
	}
	if (Array.isArray(progress)) return { hasBar: false, message: null, fields: { progress } };
	const reading = readProgress(progress);
	const hasBar = reading !== null && reading.percent !== null;
	const { percent: _percent, message, ...rest } = progress;
	const isCounted = hasBar && reading.words.includes('/');
	const fields = Object.entries(rest).filter(([name]) => !isCounted || !COUNTS.includes(name));
	return {
		hasBar,
		message: typeof message === 'string' && message !== '' ? message : null,
		fields: Object.fromEntries(fields)
	};
}
