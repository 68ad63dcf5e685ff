// The end of an axis and the labels along it.
import { timeText } from '$lib/messages/components/time';
import { piecesOf, timeAt, type Span, type TimeRange } from './scale';

/** The label is empty for a tick too near the end. */
export type Tick = { at: number; label: string };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks, in ms. */
const STEPS: readonly number[] = [
	...[1, 2, 5, 10, 20, 50, 100, 200, 500],
	...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
	...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
	...[1, 2, 3, 6, 12].map((count) => count * HOUR),
	...[1, 2, 7, 14, 30, 90, 365].map((count) => count * DAY)
];

/** The smallest of these distances that cuts `spanMs` into at most `most` pieces. */
export function tickStep(spanMs: number, most: number): number {
	const wanted = spanMs / Math.max(1, most);
	return STEPS.find((step) => step >= wanted) ?? Math.ceil(wanted / (365 * DAY)) * 365 * DAY;
}

/** The share of the distance to the next tick that a label may take. */
const LABEL_ROOM = 0.7;

/**
 * Ticks at round times since `zero` in the visible part of the span. After a fold they count from its
 * end, `+5 s`.
 */
export function ticks(span: Span, zero: number, most: number): Tick[] {
	const seen = { from: timeAt(span, 0), to: timeAt(span, 100) };
	const open = piecesOf(span).filter(({ isFold }) => !isFold);
	const parts = open
		.map(({ from, to }, index) => ({
			from: Math.max(from, seen.from),
			to: Math.min(to, seen.to),
			zero: index === 0 ? zero : from,
			isFirst: index === 0
		}))
		.filter(({ from, to }) => to > from);
	const step = tickStep(
		parts.reduce((sum, { from, to }) => sum + to - from, 0),
		most
	);
	return parts.flatMap((part) => ticksOf(part, step));
}

function ticksOf(
	{ from, to, zero, isFirst }: TimeRange & { zero: number; isFirst: boolean },
	step: number
): Tick[] {
	const first = Math.max(Math.ceil((from - zero) / step), isFirst ? -Infinity : 1);
	const last = Math.floor((to - zero) / step);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
		const since = (first + index) * step;
		const hasRoom = zero + since + step * LABEL_ROOM <= to;
		const label = `${isFirst ? '' : '+'}${tickLabel(since, step)}`;
		return { at: zero + since, label: hasRoom ? label : '' };
	});
}

const UNITS: readonly [ms: number, unit: string][] = [
	[DAY, timeText.unit.day],
	[HOUR, timeText.unit.hour],
	[MINUTE, timeText.unit.minute],
	[SECOND, timeText.unit.second],
	[1, timeText.unit.millisecond]
];

/** `0`, `200 ms`, `1 m 30 s`, `2 d 12 h`, `4 m 2.05 s`: as exact as ticks so far apart need it. */
function tickLabel(ms: number, step: number): string {
	if (ms === 0) return '0';
	const length = Math.abs(ms);
	const sign = ms < 0 ? '−' : '';
	const start = UNITS.findIndex(([size]) => length >= size);
	const [size, unit] = UNITS[start] ?? [1, timeText.unit.millisecond];
	if (size <= SECOND) return `${sign}${round(length / size)} ${unit}`;
	const parts = [`${Math.trunc(length / size)} ${unit}`];
	let rest = length % size;
	for (const [smaller, word] of UNITS.slice(start + 1, -1)) {
		const isLast = smaller <= step || smaller === SECOND;
		const count = isLast ? round(rest / smaller) : Math.trunc(rest / smaller);
		if (count > 0) parts.push(`${count} ${word}`);
		if (isLast) break;
		rest %= smaller;
	}
	return sign + parts.join(' ');
}

const round = (value: number) => Math.round(value * 1_000) / 1_000;

/**
 * The span of a run, from start to end. While the run is active, the end lies a little ahead and
 * moves by whole ticks, so that only bars move.
 */
export function spanOf(run: { from: number; to: number | null }, now: number): Span {
	const { from } = run;
	if (run.to !== null) return { from, to: Math.max(run.to, from + 1) };
	const lasted = Math.max(SECOND, (now - from) * 1.04);
	const step = tickStep(lasted, 8);
	return { from, to: from + Math.ceil(lasted / step) * step };
}

/** The end of an axis whose last fold still grows: right after it, so that nothing moves. */
export function endAfter(from: number, folds: readonly TimeRange[]): number {
	const folded = folds.reduce((sum, fold) => sum + fold.to - fold.from, 0);
	const end = folds.at(-1)?.to ?? from;
	return end + Math.max(1, (end - from - folded) * 0.06);
}
