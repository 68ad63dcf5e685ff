// Time to place, as plain numbers. A scale is a window on time; zooming and panning will be other
// windows on the same rows.

/** A window on time, in Ms. `to` is after `from`. */
export type Span = { from: number; to: number };

/** A tick too near the end to have room for its label has none. */
export type Tick = { at: number; label: string };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks that read well as lengths of time. */
const STEPS: readonly number[] = [
	...[1, 2, 5, 10, 20, 50, 100, 200, 500],
	...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
	...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
	...[1, 2, 3, 6, 12].map((count) => count * HOUR),
	...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY)
];

/** The smallest good distance that cuts `spanMs` into at most `most` pieces. */
export function tickStep(spanMs: number, most: number): number {
	const wanted = spanMs / Math.max(1, most);
	return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / (365 * DAY)) * 365 * DAY;
}

/** What a label takes of the distance to the next tick, at most. */
const LABEL_ROOM = 0.7;

/** Ticks at round lengths of time since `zero`, inside the span, labelled by that length. */
export function ticks(span: Span, zero: number, most: number): Tick[] {
	const step = tickStep(span.to - span.from, most);
	const first = Math.ceil((span.from - zero) / step);
	const last = Math.floor((span.to - zero) / step);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
		const since = (first + index) * step;
		const hasRoom = zero + since + step * LABEL_ROOM <= span.to;
		return { at: zero + since, label: hasRoom ? tickLabel(since) : '' };
	});
}

const UNITS: readonly [ms: number, unit: string][] = [
	[DAY, 'd'],
	[HOUR, 'h'],
	[MINUTE, 'm'],
	[SECOND, 's'],
	[1, 'ms']
];

/** `0`, `200 ms`, `1 m 30 s`, `2 d 12 h`: exact, in at most two units. */
function tickLabel(ms: number): string {
	if (ms === 0) return '0';
	const start = UNITS.findIndex(([size]) => Math.abs(ms) >= size);
	const [size, unit] = UNITS[start] ?? [1, 'ms'];
	const [smaller, smallUnit] = UNITS[start + 1] ?? [1, 'ms'];
	if (size <= SECOND) return `${ms / size} ${unit}`;
	const rest = Math.round((ms % size) / smaller);
	return [`${Math.trunc(ms / size)} ${unit}`, rest ? `${rest} ${smallUnit}` : '']
		.filter(Boolean)
		.join(' ');
}

/**
 * The window on a run: from its beginning to its end. While it lasts the end lies a little ahead
 * and moves by whole ticks, so that bars grow in a picture that otherwise stands still.
 */
export function spanOf(run: { from: number; to: number | null }, now: number): Span {
	const { from } = run;
	if (run.to !== null) return { from, to: Math.max(run.to, from + 1) };
	const lasted = Math.max(SECOND, (now - from) * 1.04);
	const step = tickStep(lasted, 8);
	return { from, to: from + Math.ceil(lasted / step) * step };
}

/** Where a time lies in the span, in percent; outside of it, the nearer edge. */
export function place(span: Span, at: number): number {
	const share = (at - span.from) / (span.to - span.from);
	return Math.min(1, Math.max(0, share)) * 100;
}
