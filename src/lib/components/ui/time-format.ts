import { timeText as text } from '$lib/messages/components/time';

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

/** The local time, with the date unless it is today. */
export function formatClock(at: number, now: number): string {
	const time = new Date(at).toLocaleTimeString(undefined, {
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit'
	});
	return isSameDay(at, now) ? time : text.dateAndTime(formatDate(at, now), time);
}

/** Date and time to the millisecond with the zone, for hover texts. */
export function formatExactly(at: number): string {
	return Number.isNaN(new Date(at).getTime()) ? String(at) : exactly.format(at);
}

/** ISO 8601; undefined for a time outside the range of dates. */
export function isoOf(at: number): string | undefined {
	const date = new Date(at);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Created once: creating it costs more than using it. */
const exactly = new Intl.DateTimeFormat(undefined, {
	year: 'numeric',
	month: 'short',
	day: 'numeric',
	hour: '2-digit',
	minute: '2-digit',
	second: '2-digit',
	fractionalSecondDigits: 3,
	timeZoneName: 'short'
});

function formatDate(at: number, now: number): string {
	const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
	return new Date(at).toLocaleDateString(undefined, {
		month: 'short',
		day: 'numeric',
		...(isThisYear ? {} : { year: 'numeric' })
	});
}

function isSameDay(a: number, b: number): boolean {
	return new Date(a).toDateString() === new Date(b).toDateString();
}
