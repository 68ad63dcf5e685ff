import { timeText as text } from '$lib/messages/components/time';
import { timeZone } from './time-zone.svelte';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * A length of time for tables: `840 ms`, `3.4 s`, `42 s`, `3 m 12 s`, `5 h 03 m`, `3 d 4 h`. `coarse`
 * leaves out milliseconds, for lengths that still grow.
 */
export function formatDuration(ms: number, { coarse = false } = {}): string {
	const length = Math.max(0, ms);
	if (length < SECOND && !coarse) return text.milliseconds(Math.round(length));
	if (length < 10 * SECOND) return text.seconds((Math.floor(length / 100) / 10).toFixed(1));
	if (length < MINUTE) return text.seconds(Math.floor(length / SECOND));
	const minutes = Math.floor(length / MINUTE);
	if (length < HOUR) {
		return text.minutesAndSeconds(minutes, two(Math.floor((length % MINUTE) / SECOND)));
	}
	const hours = Math.floor(length / HOUR);
	if (length < DAY) return text.hoursAndMinutes(hours, two(Math.floor((length % HOUR) / MINUTE)));
	return text.daysAndHours(Math.floor(length / DAY), Math.floor((length % DAY) / HOUR));
}

/** `now`, `12 s ago`, `in 4 min`, `2 h ago`; a date beyond a week. */
export function formatRelative(at: number, now: number): string {
	const distance = Math.abs(now - at);
	if (distance < 2 * SECOND) return text.now;
	if (distance > 7 * DAY) return formatDate(at, now);
	const length = oneUnit(distance);
	return at < now ? text.ago(length) : text.ahead(length);
}

function oneUnit(ms: number): string {
	if (ms < MINUTE) return text.seconds(Math.floor(ms / SECOND));
	if (ms < HOUR) return text.minutes(Math.floor(ms / MINUTE));
	if (ms < DAY) return text.hours(Math.floor(ms / HOUR));
	return text.days(Math.floor(ms / DAY));
}

/** The time in the chosen zone, with the date unless it is today. */
export function formatClock(at: number, now: number): string {
	return withDate(at, now, format(at, SECONDS));
}

/** As {@link formatClock}, to the minute. */
export function formatMinute(at: number, now: number): string {
	return withDate(at, now, format(at, MINUTES));
}

/** Date and time to the millisecond with the zone, for hover texts. */
export function formatExactly(at: number): string {
	return format(at, { ...DATE, year: 'numeric', ...MILLISECONDS }, { isNamed: true });
}

/** Date and time for a column of times, in the chosen zone or in `zone`. */
export function formatDateTime(
	at: number,
	now: number,
	{ zone, precision }: { zone?: string | undefined; precision: 'seconds' | 'milliseconds' }
): string {
	const time = precision === 'milliseconds' ? MILLISECONDS : SECONDS;
	return format(at, { ...DATE, ...yearUnlessNow(at, now, zone), ...time }, { zone });
}

/** ISO 8601; undefined for a time outside the range of dates. */
export function isoOf(at: number): string | undefined {
	const date = new Date(at);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const DATE = { month: 'short', day: 'numeric' } as const;
const MINUTES = { hour: '2-digit', minute: '2-digit' } as const;
const SECONDS = { ...MINUTES, second: '2-digit' } as const;
const MILLISECONDS = { ...SECONDS, fractionalSecondDigits: 3 } as const;

/** To create one costs more than to use it. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Formats in the chosen zone or in `zone`. A zone other than the browser's is named, and so is the
 * browser's in an hour that a change of the clocks repeats.
 */
function format(
	at: number,
	options: Intl.DateTimeFormatOptions,
	{
		zone = timeZone.current ?? undefined,
		isNamed = false
	}: { zone?: string | undefined; isNamed?: boolean } = {}
): string {
	if (Number.isNaN(new Date(at).getTime())) return String(at);
	const named = zone !== undefined || isNamed || isRepeated(at);
	const key = JSON.stringify([options, zone, named]);
	let formatter = formatters.get(key);
	if (!formatter) {
		formatter = new Intl.DateTimeFormat(undefined, {
			...options,
			...(named && options.hour ? { timeZoneName: zone === 'UTC' ? 'short' : 'shortOffset' } : {}),
			...(zone === undefined ? {} : { timeZone: zone })
		});
		formatters.set(key, formatter);
	}
	return formatter.format(at);
}

/** Does the browser's clock show this time twice, since the clocks go back? */
function isRepeated(at: number): boolean {
	const offset = (time: number) => -new Date(time).getTimezoneOffset() * MINUTE;
	const [before, after] = [offset(at - 3 * HOUR), offset(at + 3 * HOUR)];
	const back = before - after;
	if (!(back > 0)) return false;
	return offset(at) === before ? offset(at + back) === after : offset(at - back) === before;
}

function withDate(at: number, now: number, time: string): string {
	const day = { year: 'numeric', ...DATE } as const;
	return format(at, day) === format(now, day) ? time : text.dateAndTime(formatDate(at, now), time);
}

function formatDate(at: number, now: number): string {
	return format(at, { ...DATE, ...yearUnlessNow(at, now) });
}

function yearUnlessNow(at: number, now: number, zone?: string): { year?: 'numeric' } {
	const [year, current] = [at, now].map((time) => format(time, { year: 'numeric' }, { zone }));
	return year === current ? {} : { year: 'numeric' };
}
