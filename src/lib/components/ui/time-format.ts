const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const two = (value: number): string => String(value).padStart(2, '0');

/**
 * A length of time as one reads it in a table: `840 ms`, `3.4 s`, `42 s`, `3 m 12 s`, `5 h 03 m`,
 * `3 d 4 h`. `coarse` leaves milliseconds out, for what is still growing.
 */
export function formatDuration(ms: number, { coarse = false } = {}): string {
	const length = Math.max(0, ms);
	if (length < SECOND && !coarse) return `${Math.round(length)} ms`;
	if (length < 10 * SECOND) return `${(Math.floor(length / 100) / 10).toFixed(1)} s`;
	if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
	const minutes = Math.floor(length / MINUTE);
	if (length < HOUR) return `${minutes} m ${two(Math.floor((length % MINUTE) / SECOND))} s`;
	const hours = Math.floor(length / HOUR);
	if (length < DAY) return `${hours} h ${two(Math.floor((length % HOUR) / MINUTE))} m`;
	return `${Math.floor(length / DAY)} d ${Math.floor((length % DAY) / HOUR)} h`;
}

/** How long ago or how soon: `now`, `12 s ago`, `in 4 min`, `2 h ago`; a date beyond a week. */
export function formatRelative(at: number, now: number): string {
	const distance = Math.abs(now - at);
	if (distance < 2 * SECOND) return 'now';
	if (distance > 7 * DAY) return formatDate(at, now);
	const words = roughly(distance);
	return at < now ? `${words} ago` : `in ${words}`;
}

function roughly(ms: number): string {
	if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
	if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
	if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
	return `${Math.floor(ms / DAY)} d`;
}

/** The clock's time, with the date when it is not today's. */
export function formatClock(at: number, now: number): string {
	const time = new Date(at).toLocaleTimeString(undefined, {
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit'
	});
	return isSameDay(at, now) ? time : `${formatDate(at, now)}, ${time}`;
}

/** The whole of it, to the millisecond and with the zone: what stands in a hover text. */
export function formatExactly(at: number): string {
	return Number.isNaN(new Date(at).getTime()) ? String(at) : exactly.format(at);
}

/** A moment for machines; undefined for a time that no calendar has. */
export function isoOf(at: number): string | undefined {
	const date = new Date(at);
	return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** Made once: it takes longer than all that it is asked for. */
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
