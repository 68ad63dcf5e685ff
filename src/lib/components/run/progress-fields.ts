import type { Json, JsonObject } from '../../protocol';
import { readProgress } from '../ui/progress-reading';

/** Counts that a bar says already, beside its share. */
const COUNTS = ['recordsProcessed', 'totalRecords'];

/** A progress of any shape, taken apart: the bar, the words, and all its other fields. */
export type ProgressParts = {
	hasBar: boolean;
	message: string | null;
	/** Numbers that have a total, beside the one that the bar is about. */
	counts: Count[];
	fields: JsonObject;
};

/** A number and the total that it is a part of. */
export type Count = { name: string; part: number; whole: number };

const NOTHING: ProgressParts = { hasBar: false, message: null, counts: [], fields: {} };

/** Takes a progress apart so that each thing is said once. */
export function progressParts(progress: Json): ProgressParts {
	if (typeof progress !== 'object' || progress === null) {
		return { ...NOTHING, message: progress === null ? null : String(progress) };
	}
	if (Array.isArray(progress)) return { ...NOTHING, fields: { progress } };
	const reading = readProgress(progress);
	const hasBar = reading !== null && reading.percent !== null;
	const { percent: _percent, message, ...rest } = progress;
	const isCounted = hasBar && reading.words.includes('/');
	const counts = countsIn(rest).filter(({ part, whole }) => reading?.words !== words(part, whole));
	const told = new Set(counts.flatMap(({ name }) => [name, ...TOTALS.map((total) => total(name))]));
	const fields = Object.entries(rest).filter(
		([name]) => !told.has(name) && (!isCounted || !COUNTS.includes(name))
	);
	return {
		hasBar,
		message: typeof message === 'string' && message !== '' ? message : null,
		counts,
		fields: Object.fromEntries(fields)
	};
}

const words = (part: number, whole: number) =>
	`${part.toLocaleString()} / ${whole.toLocaleString()}`;

const capital = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** How the total of a number is called: `rows` of `rowsTotal` or `totalRows`. */
const TOTALS = [
	(name: string) => `${name}Total`,
	(name: string) => `total${capital(name)}`,
	(name: string) => `${name}Max`,
	(name: string) => `max${capital(name)}`
];

function countsIn(fields: JsonObject): Count[] {
	return Object.entries(fields).flatMap(([name, part]) => {
		const whole = TOTALS.map((total) => fields[total(name)]).find(
			(value) => typeof value === 'number'
		);
		const isCount = typeof part === 'number' && whole !== undefined && whole > 0;
		return isCount && part >= 0 && part <= whole ? [{ name, part, whole }] : [];
	});
}
