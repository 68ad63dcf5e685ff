// Converts between the time range that the user chose and the lens on an axis whose end may move and
// whose folds may open.
import { shareOf, timeAt, WHOLE, type Lens, type Span, type TimeRange } from './scale';

const MIN_LENS_WIDTH = 1e-7;
/** A shorter range counts as none. */
const MIN_RANGE_MS = 2;

/** The lens that shows a time range; the whole axis for a range outside of it. */
export function lensOf(span: Span, range: TimeRange | null): Lens {
	if (!range || range.to - range.from < MIN_RANGE_MS) return WHOLE;
	const left = Math.min(1, Math.max(0, shareOf(span, range.from)));
	const right = Math.min(1, Math.max(0, shareOf(span, range.to)));
	return right - left < MIN_LENS_WIDTH ? WHOLE : { left, right };
}

/** The time range that a lens shows; null for the whole axis. */
export function rangeOf(span: Span, { left, right }: Lens): TimeRange | null {
	if (left <= 0 && right >= 1) return null;
	const { from, to, folds = [] } = span;
	const whole: Span = { from, to, folds };
	const range = { from: timeAt(whole, left * 100), to: timeAt(whole, right * 100) };
	return range.to - range.from < MIN_RANGE_MS ? { ...range, to: range.from + MIN_RANGE_MS } : range;
}

/** A range of the same length with `at` near its end. */
export function followed(range: TimeRange, at: number): TimeRange {
	const length = range.to - range.from;
	const to = at + length * 0.1;
	return at >= range.from && to <= range.to ? range : { from: to - length, to };
}

/** The lens after zooming by `factor` (above 1 zooms in) around a place in percent. */
export function zoomed({ left, right }: Lens, factor: number, percent = 50): Lens {
	const width = Math.min(1, Math.max(MIN_LENS_WIDTH, (right - left) / factor));
	const held = left + ((right - left) * percent) / 100;
	return moved({
		left: held - (width * percent) / 100,
		right: held - (width * percent) / 100 + width
	});
}

/** The lens after panning by a percentage of the visible part. */
export function panned({ left, right }: Lens, percent: number): Lens {
	const by = ((right - left) * percent) / 100;
	return moved({ left: left + by, right: right + by });
}

/** Moves a lens back inside the axis. */
function moved({ left, right }: Lens): Lens {
	const by = left < 0 ? -left : right > 1 ? 1 - right : 0;
	return { left: Math.max(0, left + by), right: Math.min(1, right + by) };
}
