// The part of an axis that is seen. A person chooses a range of time; on an axis, whose end may move
// and whose folds may open, that is a lens.
import { shareOf, timeAt, WHOLE, type Lens, type Span, type TimeRange } from './scale';

/** A lens is never narrower than this share. */
const NARROWEST = 1e-7;
/** Less than so long is not told apart from nothing, Ms. */
const SHORTEST_MS = 2;

/** The lens that shows a range of time on an axis; all of it for a range that lies elsewhere. */
export function lensOf(span: Span, range: TimeRange | null): Lens {
	if (!range || range.to - range.from < SHORTEST_MS) return WHOLE;
	const left = Math.min(1, Math.max(0, shareOf(span, range.from)));
	const right = Math.min(1, Math.max(0, shareOf(span, range.to)));
	return right - left < NARROWEST ? WHOLE : { left, right };
}

/** The range of time that a lens shows; null for the whole axis. */
export function rangeOf(span: Span, { left, right }: Lens): TimeRange | null {
	if (left <= 0 && right >= 1) return null;
	const { from, to, folds = [] } = span;
	const whole: Span = { from, to, folds };
	const range = { from: timeAt(whole, left * 100), to: timeAt(whole, right * 100) };
	return range.to - range.from < SHORTEST_MS ? { ...range, to: range.from + SHORTEST_MS } : range;
}

/** The range of the same length that has `at` in sight, near its end. */
export function followed(range: TimeRange, at: number): TimeRange {
	const length = range.to - range.from;
	const to = at + length * 0.1;
	return at >= range.from && to <= range.to ? range : { from: to - length, to };
}

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
