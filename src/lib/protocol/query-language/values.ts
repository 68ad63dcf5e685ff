// What a field's values may look like. A reader turns one piece of text into a value or says what
// would be right; it never throws.
import { queryErrors } from '../../messages/server/query-errors';
import { RUN_OUTCOMES, RUN_STATUSES } from '../run/status';
import { nearest } from './nearest';
import { looksLikeDate, parseDuration, parseNumber, parseTime } from './quantities';
import type { Piece } from './scan';
import {
	exactly,
	RUN_TRAITS,
	type Comparator,
	type Quantity,
	type QueryField,
	type QueryValue
} from './terms';

/** A value, or the message that says what would be right. */
type Read = QueryValue | string;
type Reader = (piece: Piece) => Read;
type ReadQuantity = (text: string) => Quantity | string;

function plain(piece: Piece, index: number, character: string): boolean {
	return piece.text[index] === character && piece.literal[index] === false;
}

function cut(piece: Piece, start: number, end: number = piece.text.length): Piece {
	return { ...piece, text: piece.text.slice(start, end), literal: piece.literal.slice(start, end) };
}

/** Text, in which `*` at either end stands for anything. */
export const readText: Reader = (piece) => {
	const before = plain(piece, 0, '*');
	if (before && piece.text.length === 1) return { kind: 'any' };
	const after = plain(piece, piece.text.length - 1, '*');
	const inner = cut(piece, before ? 1 : 0, piece.text.length - (after ? 1 : 0));
	if (inner.literal.some((_, index) => plain(inner, index, '*'))) return queryErrors.starInside;
	if (inner.text === '' && (before || after)) return { kind: 'any' };
	return { kind: 'text', text: inner.text, before, after };
};

/** One of a list of words, whatever its case. */
function oneOf(words: readonly string[]): Reader {
	return (piece) => {
		if (plain(piece, 0, '*') && piece.text.length === 1) return { kind: 'any' };
		const word = words.find((known) => known.toLowerCase() === piece.text.toLowerCase());
		if (word) return exactly(word);
		const meant = nearest(piece.text, words);
		return queryErrors.notOneOf(short(piece.text), words.join(', '), meant ?? null);
	};
}

function short(text: string): string {
	return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}

/** Where an unquoted `..` begins, or -1. A date-time's own dots never come in pairs. */
function rangeAt(piece: Piece): number {
	return piece.literal.findIndex(
		(_, index) => plain(piece, index, '.') && plain(piece, index + 1, '.')
	);
}

const COMPARATORS: readonly Comparator[] = ['>=', '<=', '>', '<'];

function comparatorOf(piece: Piece): Comparator | null {
	const found = COMPARATORS.find((comparator) =>
		[...comparator].every((character, index) => plain(piece, index, character))
	);
	return found ?? null;
}

/** A quantity alone, after a comparator, or two of them around `..`. */
function compared(readQuantity: ReadQuantity): Reader {
	return (piece) => {
		if (plain(piece, 0, '*') && piece.text.length === 1) return { kind: 'any' };
		const comparator = comparatorOf(piece);
		if (comparator) return single(comparator, piece.text.slice(comparator.length), readQuantity);
		const dots = rangeAt(piece);
		if (dots < 0) return single('=', piece.text, readQuantity);
		const [low, high] = [piece.text.slice(0, dots), piece.text.slice(dots + 2)];
		if (low === '') return single('<=', high, readQuantity);
		if (high === '') return single('>=', low, readQuantity);
		return between(readQuantity(low), readQuantity(high));
	};
}

function single(comparator: Comparator, text: string, readQuantity: ReadQuantity): Read {
	const quantity = readQuantity(text);
	if (typeof quantity === 'string') return quantity;
	if (comparator === '=' && quantity.unit === 'ago') return queryErrors.agoNeedsDirection;
	return { kind: 'compare', comparator, quantity };
}

function between(low: Quantity | string, high: Quantity | string): Read {
	if (typeof low === 'string') return low;
	if (typeof high === 'string') return high;
	if (low.unit !== high.unit) return queryErrors.mixedRange;
	if (endOf(high) < endOf(low)) return queryErrors.emptyRange;
	return { kind: 'between', low, high };
}

function endOf(quantity: Quantity): number | string {
	switch (quantity.unit) {
		case 'number':
			return quantity.value;
		case 'duration':
		case 'ago':
			return quantity.ms;
		case 'time':
			return quantity.from;
		case 'text':
			return quantity.text;
	}
}

const readTime: ReadQuantity = (text) => {
	const ms = parseDuration(text);
	if (ms !== null) return { unit: 'ago', ms };
	if (/^\d{4}-\d\d-\d\dT[\d:.]+$/i.test(text)) return queryErrors.zoneMissing(short(text));
	return parseTime(text) ?? queryErrors.notATime(short(text));
};

const readDuration: ReadQuantity = (text) => {
	const ms = parseDuration(text);
	if (ms !== null) return { unit: 'duration', ms };
	return queryErrors.notADuration(short(text));
};

const readNumber: ReadQuantity = (text) => {
	const value = parseNumber(text);
	if (value !== null) return { unit: 'number', value };
	return queryErrors.notANumber(short(text));
};

const readPercent: ReadQuantity = (text) =>
	readNumber(text.endsWith('%') ? text.slice(0, -1) : text);

/** Ranges of metadata go by what is stored: numbers among numbers, dates among texts. */
const readMetadataBound: ReadQuantity = (text) => {
	if (looksLikeDate(text) && parseTime(text) !== null) return { unit: 'text', text };
	if (parseNumber(text) !== null) return readNumber(text);
	return queryErrors.notComparable(short(text));
};

/** A metadata value: a range when it is written as one, else text. */
export const readMetadata: Reader = (piece) =>
	comparatorOf(piece) !== null || rangeAt(piece) >= 0
		? compared(readMetadataBound)(piece)
		: readText(piece);

/** How each field reads its values. */
export const FIELD_READERS: Record<QueryField, Reader> = {
	status: oneOf(RUN_STATUSES),
	workflow: readText,
	agent: readText,
	id: readText,
	step: readText,
	outcome: oneOf(RUN_OUTCOMES),
	error: readText,
	started: compared(readTime),
	created: compared(readTime),
	updated: compared(readTime),
	finished: compared(readTime),
	duration: compared(readDuration),
	progress: compared(readPercent),
	waiting: readText,
	retries: compared(readNumber),
	parent: readText,
	by: readText,
	is: oneOf(RUN_TRAITS)
};
