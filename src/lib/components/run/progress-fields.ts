import { uiText } from '$lib/messages/components/ui';
import type { Json, JsonObject } from '../../protocol';
import { readProgress } from '../ui/progress-reading';

/** Counts that the bar already shows. */
const COUNTS = ['recordsProcessed', 'totalRecords'];

export type ProgressParts = {
	hasBar: boolean;
	message: string | null;
	/** Numbers that have a total, except the one in the bar. */
	counts: Count[];
	fields: JsonObject;
};

export type Count = { name: string; part: number; whole: number };

const NOTHING: ProgressParts = { hasBar: false, message: null, counts: [], fields: {} };

/** Splits a progress of any shape into parts that show each value once. */
export function progressParts(progress: Json): ProgressParts {
	if (typeof progress !== 'object' || progress === null) {
		return { ...NOTHING, message: progress === null ? null : String(progress) };
	}
	if (Array.isArray(progress)) return { ...NOTHING, fields: { progress } };
	const reading = readProgress(progress);
	const hasBar = reading !== null && reading.percent !== null;
	const { percent: _percent, message, ...rest } = progress;
	const isCounted = hasBar && reading.text.includes('/');
	const counts = countsIn(rest).filter(
		({ part, whole }) => reading?.text !== uiText.partOfWhole(part, whole)
	);
	const shown = new Set(
		counts.flatMap(({ name }) => [name, ...TOTALS.map((total) => total(name))])
	);
	const fields = Object.entries(rest).filter(
		([name]) => !shown.has(name) && (!isCounted || !COUNTS.includes(name))
	);
	return {
		hasBar,
		message: typeof message === 'string' && message !== '' ? message : null,
		counts,
		fields: Object.fromEntries(fields)
	};
}

const capital = (name: string) => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** Names for the total of a number: `rowsTotal`, `totalRows` and so on. */
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
