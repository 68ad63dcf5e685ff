// What a person is typing: which piece of the text the caret stands in, what would replace it, and
// the terms as chips. Like the edits, it works where the text has mistakes too.
import { formatKey, formatValue } from './format';
import { parseQuery } from './parse';
import { nearest } from './nearest';
import { scan } from './scan';
import { exactly, QUERY_FIELDS, type QueryField } from './terms';

/** The piece of a query that the caret stands in; `from` to `to` is what a completion replaces. */
export type TypedPiece = { from: number; to: number; typed: string } & (
	| { kind: 'key' }
	/** `field` is null for a metadata key. */
	| { kind: 'value'; key: string; field: QueryField | null }
);

/** A term of the text; `text` is how it is written. */
export type QueryChip = { from: number; to: number; text: string };

const METADATA = /^metadata\./;
/** Shorter keys are near to everything. */
const SHORTEST_NAME = 4;

/** What is typed where the caret stands. */
export function typedAt(query: string, caret: number): TypedPiece {
	const chunk = scan(query).chunks.find(({ from, to }) => from < caret && caret <= to);
	if (!chunk) return { kind: 'key', from: caret, to: caret, typed: '' };
	const { key, values, negated } = chunk;
	if (!key || caret <= key.to) {
		const from = chunk.from + (negated ? 1 : 0);
		const typed = query.slice(from, Math.max(from, caret));
		return { kind: 'key', from, to: key ? key.to + 1 : chunk.to, typed };
	}
	const value = values.find((piece) => caret <= piece.to) ?? values.at(-1);
	const from = value?.from ?? caret;
	const field = QUERY_FIELDS.find((name) => name === key.text.toLowerCase()) ?? null;
	return {
		kind: 'value',
		key: field ?? key.text.replace(METADATA, ''),
		field,
		from,
		to: value?.to ?? caret,
		typed: query.slice(from, caret).replace(/^"/, '')
	};
}

/** The text with the typed piece completed, and where the caret is then. */
export function complete(
	query: string,
	piece: TypedPiece,
	chosen: string
): { query: string; caret: number } {
	const rest = query.slice(piece.to);
	const word = piece.kind === 'key' ? `${chosen}:` : chosen;
	const isDone = piece.kind === 'value' && !/^[,\s]/.test(rest);
	const text = `${word}${isDone ? ' ' : ''}`;
	return { query: query.slice(0, piece.from) + text + rest, caret: piece.from + text.length };
}

/** A metadata key as a query writes it. */
export function writtenKey(key: string): string {
	return formatKey(key);
}

/** A value as a query writes it: quoted where it has to be. */
export function writtenValue(value: string): string {
	return formatValue(exactly(value));
}

/** The terms of the text in their order, readable or not. */
export function chipsOf(query: string): QueryChip[] {
	return scan(query).chunks.map(({ from, to }) => ({ from, to, text: query.slice(from, to) }));
}

/** The texts that a readable query looks for as they are, in its words and in exact values. */
export function soughtTexts(query: string): string[] {
	const parsed = parseQuery(query);
	const terms = parsed.ok ? parsed.terms.filter(({ negated }) => !negated) : [];
	return terms.flatMap((term) => {
		if (term.kind === 'text') return [term.text];
		return term.values.flatMap((value) =>
			value.kind === 'text' && !value.before && !value.after ? [value.text] : []
		);
	});
}

/**
 * The query that holds while a piece of it is being typed: without a word that may yet become a
 * key, so that a half-typed key does not empty the list.
 */
export function withoutTyped(query: string, { from, to }: TypedPiece): string {
	return `${query.slice(0, from).replace(/-$/, '').trimEnd()} ${query.slice(to).trimStart()}`.trim();
}

/** The text without one of its terms; everything else stays as it was typed. */
export function removeChip(query: string, { from, to }: QueryChip): string {
	return `${query.slice(0, from).trimEnd()} ${query.slice(to).trimStart()}`.trim();
}

/** A metadata key that a field may have been meant by, and the query with the field in its place. */
export type LikelyField = { key: string; field: QueryField; query: string };

/** Keys that are nearly the name of a field, such as `statsu`. To be asked where nothing matches. */
export function likelyFields(query: string): LikelyField[] {
	return scan(query).chunks.flatMap(({ key }) => {
		if (!key || key.text.length < SHORTEST_NAME || METADATA.test(key.text)) return [];
		if (QUERY_FIELDS.some((name) => name === key.text.toLowerCase())) return [];
		const field = nearest(key.text, QUERY_FIELDS);
		if (!field || query.slice(key.from, key.to) !== key.text) return [];
		return [
			{ key: key.text, field, query: query.slice(0, key.from) + field + query.slice(key.to) }
		];
	});
}
