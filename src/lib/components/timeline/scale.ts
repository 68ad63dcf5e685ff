// Time to place, as plain numbers. A scale is a window on time, in which idle stretches may be folded
// to a narrow band, seen through a lens that zooms and pans.

/** A window on time, in Ms. `to` is after `from`. */
export type Span = {
	from: number;
	to: number;
	/** Stretches inside of it that are folded, in their order. */
	folds?: readonly Stretch[];
	/** The part that is seen. */
	lens?: Lens;
};

export type Stretch = { from: number; to: number };

/** What share of the whole axis is seen: from `left` to `right`, both between 0 and 1. */
export type Lens = { left: number; right: number };

export const WHOLE: Lens = { left: 0, right: 1 };

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

/**
 * Ticks at round lengths of time since `zero`, inside what is seen of the span, labelled by that
 * length. After a fold they count from its end, `+5 s`.
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
	{ from, to, zero, isFirst }: Stretch & { zero: number; isFirst: boolean },
	step: number
): Tick[] {
	const first = Math.max(Math.ceil((from - zero) / step), isFirst ? -Infinity : 1);
	const last = Math.floor((to - zero) / step);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
		const since = (first + index) * step;
		const hasRoom = zero + since + step * LABEL_ROOM <= to;
		const label = `${isFirst ? '' : '+'}${tickLabel(since)}`;
		return { at: zero + since, label: hasRoom ? label : '' };
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

/**
 * Where an axis ends whose last fold still grows: right after it, so that the picture stands still
 * while the fold gets longer.
 */
export function endAfter(from: number, folds: readonly Stretch[]): number {
	const folded = folds.reduce((sum, fold) => sum + fold.to - fold.from, 0);
	const end = folds.at(-1)?.to ?? from;
	return end + Math.max(1, (end - from - folded) * 0.06);
}

/** Where a time lies in what is seen of the span, in percent; outside of it, the nearer edge. */
export function place(span: Span, at: number): number {
	const { left, right } = span.lens ?? WHOLE;
	const share = (shareOf(span, at) - left) / (right - left);
	return Math.min(1, Math.max(0, share)) * 100;
}

/** The time at a place, in percent of what is seen. */
export function timeAt(span: Span, percent: number): number {
	const { left, right } = span.lens ?? WHOLE;
	const share = left + (percent / 100) * (right - left);
	const pieces = piecesOf(span);
	const piece = pieces.find(({ start, width }) => share <= start + width) ?? pieces.at(-1);
	if (!piece || piece.width === 0) return span.from;
	return piece.from + ((share - piece.start) / piece.width) * (piece.to - piece.from);
}

/** What a folded stretch takes of the whole axis, and what all of them take at most. */
const FOLD = { one: 0.07, all: 0.42 } as const;

/** A piece of the axis: its time, and where it starts and how wide it is as shares of the whole. */
type Piece = Stretch & { start: number; width: number; isFold: boolean };

const known = new WeakMap<Span, readonly Piece[]>();

function piecesOf(span: Span): readonly Piece[] {
	const found = known.get(span);
	if (found) return found;
	const made = makePieces(span);
	known.set(span, made);
	return made;
}

function makePieces({ from, to, folds = [] }: Span): Piece[] {
	const inside = folds.filter((fold) => fold.from >= from && fold.to <= to && fold.to > fold.from);
	const foldWidth = inside.length === 0 ? 0 : Math.min(FOLD.one, FOLD.all / inside.length);
	const folded = inside.reduce((sum, fold) => sum + fold.to - fold.from, 0);
	const openShare = (1 - foldWidth * inside.length) / Math.max(1, to - from - folded);
	const pieces: Piece[] = [];
	let end = { time: from, share: 0 };
	const add = (until: number, width: number, isFold: boolean) => {
		pieces.push({ from: end.time, to: until, start: end.share, width, isFold });
		end = { time: until, share: end.share + width };
	};
	for (const fold of inside) {
		add(fold.from, (fold.from - end.time) * openShare, false);
		add(fold.to, foldWidth, true);
	}
	add(to, 1 - end.share, false);
	return pieces;
}

function shareOf(span: Span, at: number): number {
	if (!span.folds?.length) return (at - span.from) / (span.to - span.from);
	const pieces = piecesOf(span);
	const piece = pieces.find(({ to }) => at <= to) ?? pieces.at(-1);
	if (!piece || piece.to === piece.from) return piece?.start ?? 0;
	return piece.start + ((at - piece.from) / (piece.to - piece.from)) * piece.width;
}

/** A lens is never narrower than this share. */
const NARROWEST = 1 / 20_000;

/** The lens after zooming by `factor` (above 1 comes nearer) around a place in percent. */
export function zoomed({ left, right }: Lens, factor: number, percent = 50): Lens {
	const width = Math.min(1, Math.max(NARROWEST, (right - left) / factor));
	const held = left + ((right - left) * percent) / 100;
	return moved({
		left: held - (width * percent) / 100,
		right: held - (width * percent) / 100 + width
	});
}

/** The lens after panning by so many percent of what is seen. */
export function panned({ left, right }: Lens, percent: number): Lens {
	const by = ((right - left) * percent) / 100;
	return moved({ left: left + by, right: right + by });
}

/** Moves a lens that reaches beyond an end back inside. */
function moved({ left, right }: Lens): Lens {
	const by = left < 0 ? -left : right > 1 ? 1 - right : 0;
	return { left: Math.max(0, left + by), right: Math.min(1, right + by) };
}
