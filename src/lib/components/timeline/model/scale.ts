// Maps times to places. A span can have idle periods folded to narrow bands, and a lens that zooms
// and pans.

/** A time range to draw, in ms. `to` is after `from`. */
export type Span = {
	from: number;
	to: number;
	/** Folded ranges inside it, in order. */
	folds?: readonly TimeRange[];
	/** The visible part; all of it by default. */
	lens?: Lens;
};

export type TimeRange = { from: number; to: number };

/** The visible share of the whole axis: from `left` to `right`, both between 0 and 1. */
export type Lens = { left: number; right: number };

export const WHOLE: Lens = { left: 0, right: 1 };

/** The place of a time in the visible part, in percent; outside of it, the nearer edge. */
export function place(span: Span, at: number): number {
	const { left, right } = span.lens ?? WHOLE;
	const share = (shareOf(span, at) - left) / (right - left);
	return Math.min(1, Math.max(0, share)) * 100;
}

/** The time at a place, in percent of the visible part. */
export function timeAt(span: Span, percent: number): number {
	const { left, right } = span.lens ?? WHOLE;
	const share = left + (percent / 100) * (right - left);
	const pieces = piecesOf(span);
	const piece = pieces.find(({ start, width }) => share <= start + width) ?? pieces.at(-1);
	if (!piece || piece.width === 0) return span.from;
	return piece.from + ((share - piece.start) / piece.width) * (piece.to - piece.from);
}

/** The share of the axis that one fold takes, and that all folds take at most. */
const FOLD = { one: 0.07, all: 0.42 } as const;

/** A piece of the axis: its time range, and its start and width as shares of the whole. */
export type AxisPiece = TimeRange & { start: number; width: number; isFold: boolean };

const known = new WeakMap<Span, readonly AxisPiece[]>();

/** The pieces of the whole axis, open and folded by turns. */
export function piecesOf(span: Span): readonly AxisPiece[] {
	const found = known.get(span);
	if (found) return found;
	const made = makePieces(span);
	known.set(span, made);
	return made;
}

function makePieces({ from, to, folds = [] }: Span): AxisPiece[] {
	const inside = folds.filter((fold) => fold.from >= from && fold.to <= to && fold.to > fold.from);
	const foldWidth = inside.length === 0 ? 0 : Math.min(FOLD.one, FOLD.all / inside.length);
	const folded = inside.reduce((sum, fold) => sum + fold.to - fold.from, 0);
	const openShare = (1 - foldWidth * inside.length) / Math.max(1, to - from - folded);
	const pieces: AxisPiece[] = [];
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

/** The place of a time on the whole axis, as a share of it. */
export function shareOf(span: Span, at: number): number {
	if (!span.folds?.length) return (at - span.from) / (span.to - span.from);
	const pieces = piecesOf(span);
	const piece = pieces.find(({ to }) => at <= to) ?? pieces.at(-1);
	if (!piece || piece.to === piece.from) return piece?.start ?? 0;
	return piece.start + ((at - piece.from) / (piece.to - piece.from)) * piece.width;
}
