/** Rows drawn above and below the visible ones, so that a quick flick shows no gap. */
const MARGIN = 6;

/** Which rows of a long list to draw: from `first` up to, not including, `end`. */
export function visibleRows(view: {
	count: number;
	rowHeight: number;
	scrollTop: number;
	viewHeight: number;
}): { first: number; end: number } {
	const { count, rowHeight, scrollTop, viewHeight } = view;
	const top = Math.floor(scrollTop / rowHeight);
	const seen = Math.ceil(viewHeight / rowHeight);
	const first = Math.max(0, Math.min(top, count - seen) - MARGIN);
	return { first, end: Math.min(count, Math.max(0, top) + seen + MARGIN) };
}

/** The most rows drawn at once: that many elements are reused. */
export function maxDrawnRows({ rowHeight, viewHeight }: { rowHeight: number; viewHeight: number }) {
	return Math.ceil(viewHeight / rowHeight) + 1 + 2 * MARGIN;
}

/** Where to scroll so that a row is fully visible; the same place if it already is. */
export function scrollToRow(
	index: number,
	view: { rowHeight: number; scrollTop: number; viewHeight: number }
): number {
	const { rowHeight, scrollTop, viewHeight } = view;
	const top = index * rowHeight;
	if (top < scrollTop) return top;
	return Math.max(scrollTop, top + rowHeight - viewHeight);
}

/** The row that a key moves the selection to; undefined for keys that move nothing. */
export function moveSelection(
	key: string,
	index: number,
	count: number,
	page: number
): number | undefined {
	if (count === 0) return undefined;
	const clamp = (to: number) => Math.min(count - 1, Math.max(0, to));
	switch (key) {
		case 'ArrowDown':
			return clamp(index + 1);
		case 'ArrowUp':
			return index < 0 ? count - 1 : clamp(index - 1);
		case 'PageDown':
			return clamp(index + page);
		case 'PageUp':
			return clamp(index - page);
		case 'Home':
			return 0;
		case 'End':
			return count - 1;
		default:
			return undefined;
	}
}
