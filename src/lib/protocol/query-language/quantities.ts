import type { Quantity } from './terms';

const DAY = 86_400_000;
const UNIT_MS: Record<string, number> = {
	ms: 1,
	s: 1000,
	m: 60_000,
	h: 3_600_000,
	d: DAY,
	w: 7 * DAY
};
/** A thousand years: what is longer is a slip of the finger, and still counts exactly. */
const LONGEST_MS = 365_250 * DAY;

/** `500ms`, `2s`, `5m`, `3h`, `1.5d`, `2w`, to whole milliseconds; null for anything else. */
export function parseDuration(text: string): number | null {
	const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/i.exec(text);
	if (!found) return null;
	const ms = Math.round(Number(found[1]) * (UNIT_MS[(found[2] ?? '').toLowerCase()] ?? NaN));
	return ms <= LONGEST_MS ? ms : null;
}

/** Text that reads back as this duration, as people say it: `90m`, `24h`, `7d`. */
export function writeDuration(ms: number): string {
	const unit =
		ms === 0
			? 's'
			: ms % DAY === 0 && ms > DAY
				? 'd'
				: (['h', 'm', 's'].find((name) => ms % (UNIT_MS[name] ?? 1) === 0) ?? 'ms');
	return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}

/** A decimal number, with an exponent if need be; null for anything else, the infinite too. */
export function parseNumber(text: string): number | null {
	if (!/^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return null;
	const value = Number(text);
	return Number.isFinite(value) ? value + 0 : null;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME =
	/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?(Z|[+-]\d{2}:\d{2})$/i;

/**
 * An ISO date (a day in UTC) or a date-time with its zone. It stands for the whole range that it
 * names: a day, a minute, a second or a millisecond. Null for anything else.
 */
export function parseTime(text: string): Extract<Quantity, { unit: 'time' }> | null {
	if (DATE.test(text)) {
		const from = Date.parse(`${text}T00:00:00Z`);
		const real = !Number.isNaN(from) && new Date(from).toISOString().startsWith(text);
		return real && from >= 0 ? { unit: 'time', text, from, until: from + DAY } : null;
	}
	const found = DATE_TIME.exec(text);
	if (!found) return null;
	const [, day = '', minute = '', second, fraction, zone = ''] = found;
	const from = Date.parse(
		`${day}T${minute}:${second ?? '00'}.${(fraction ?? '').padEnd(3, '0')}${zone.toUpperCase()}`
	);
	if (Number.isNaN(from) || from < 0 || parseTime(day) === null) return null;
	const exactness = second === undefined ? 60_000 : 1000 / 10 ** (fraction?.length ?? 0);
	return { unit: 'time', text: text.toUpperCase(), from, until: from + exactness };
}

/** Does this text look like somebody meant a date? */
export function looksLikeDate(text: string): boolean {
	return /^\d{4}-\d/.test(text);
}
