// What comparisons and ranges admit.
import { normalizeText } from './metadata';
import type { Comparator, Quantity, QueryValue } from './terms';

/** An interval of numbers; `from` belongs to it when `closed[0]`, `until` when `closed[1]`. */
export type Interval = { from: number; until: number; closed: [boolean, boolean] };

/** The numbers that a comparison or a range admits, at the time `now`. */
export function intervalOf(
	value: Extract<QueryValue, { kind: 'compare' | 'between' }>,
	now: number
): Interval {
	if (value.kind === 'between') {
		const [low, high] = [spanOf(value.low, now), spanOf(value.high, now)];
		if (value.low.unit === 'ago') return { from: high.from, until: low.from, closed: [true, true] };
		return { from: low.from, until: high.until, closed: [true, high.closed] };
	}
	const { from, until, closed } = spanOf(value.quantity, now);
	// "Longer ago than" is earlier: ages and times run in opposite directions.
	const ago = value.quantity.unit === 'ago';
	switch (ago ? flip(value.comparator) : value.comparator) {
		case '=':
			return { from, until, closed: [true, closed] };
		case '>':
			return { from: until, until: Infinity, closed: [!closed, true] };
		case '>=':
			return { from, until: Infinity, closed: [true, true] };
		case '<':
			return { from: -Infinity, until: from, closed: [true, false] };
		case '<=':
			return { from: -Infinity, until, closed: [true, closed] };
	}
}

function flip(comparator: Comparator): Comparator {
	const flipped: Record<Comparator, Comparator> = {
		'=': '=',
		'>': '<',
		'>=': '<=',
		'<': '>',
		'<=': '>='
	};
	return flipped[comparator];
}

function spanOf(quantity: Quantity, now: number): { from: number; until: number; closed: boolean } {
	const point = (value: number) => ({ from: value, until: value, closed: true });
	switch (quantity.unit) {
		case 'number':
			return point(quantity.value);
		case 'duration':
			return point(quantity.ms);
		case 'ago':
			return point(now - quantity.ms);
		case 'time':
			return { from: quantity.from, until: quantity.until, closed: false };
		case 'text':
			return point(NaN);
	}
}

/**
 * Is this metadata text in a range of dates? They are compared as they are stored, and what begins
 * with a date belongs to it: `2026-03-01T09:00Z` is not after `2026-03-01`.
 */
export function isInDates(
	value: Extract<QueryValue, { kind: 'compare' | 'between' }>,
	text: string
): boolean {
	if (value.kind === 'between')
		return text >= dateBound(value.low) && isUpTo(text, dateBound(value.high));
	const date = dateBound(value.quantity);
	switch (value.comparator) {
		case '=':
			return text.startsWith(date);
		case '>':
			return !isUpTo(text, date);
		case '>=':
			return text >= date;
		case '<':
			return text < date;
		case '<=':
			return isUpTo(text, date);
	}
}

function isUpTo(text: string, date: string): boolean {
	return text <= date || text.startsWith(date);
}

/** A date as it is compared with metadata. */
export function dateBound(quantity: Quantity): string {
	return quantity.unit === 'text' ? normalizeText(quantity.text) : '';
}

/** Is this a range of dates in metadata, rather than of numbers? */
export function isOfDates(value: Extract<QueryValue, { kind: 'compare' | 'between' }>): boolean {
	return (value.kind === 'between' ? value.low : value.quantity).unit === 'text';
}
