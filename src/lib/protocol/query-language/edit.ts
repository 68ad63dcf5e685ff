// Chips and menus edit the text that the person typed: they replace or remove the terms of one key
// and leave every other character alone, even where the text has mistakes.
import { formatKey, formatTerm, formatValue } from './format';
import { scan, type Chunk } from './scan';
import { exactly, type QueryField, type QueryTerm } from './terms';

/** A term's key as a query writes it; null for text to search. */
function keyOf(term: QueryTerm): string | null {
	if (term.kind === 'text') return null;
	return term.kind === 'field' ? term.field : formatKey(term.key);
}

function holdsKey(chunk: Chunk, query: string, key: string): boolean {
	if (chunk.key === null) return false;
	const written = query.slice(chunk.key.from, chunk.key.to);
	return written === key || written.toLowerCase() === key.toLowerCase();
}

function without(query: string, chunks: readonly Chunk[]): string {
	const kept = chunks.reduceRight(
		(text, chunk) => `${text.slice(0, chunk.from).trimEnd()} ${text.slice(chunk.to).trimStart()}`,
		query
	);
	return chunks.length > 0 ? kept.trim() : query;
}

/** Removes every term with this key (`status`, `region`), negated ones too. */
export function removeTerm(query: string, key: string): string {
	return without(
		query,
		scan(query).chunks.filter((chunk) => holdsKey(chunk, query, key))
	);
}

/** Puts a term in the place of all others with its key, or at the end. */
export function setTerm(query: string, term: QueryTerm): string {
	const key = keyOf(term);
	const text = formatTerm(term);
	const same = scan(query).chunks.filter((chunk) => key !== null && holdsKey(chunk, query, key));
	const [first, ...others] = same;
	if (!first) return `${removeEverything(query)} ${text}`.trim();
	const rest = without(query.slice(first.to), []);
	const after = without(
		rest,
		others.map((chunk) => ({ ...chunk, from: chunk.from - first.to, to: chunk.to - first.to }))
	);
	return `${query.slice(0, first.from)}${text}${others.length > 0 ? ` ${after}` : after}`.trim();
}

/** A lone `*` says "everything", which is no longer so once a term is added. */
function removeEverything(query: string): string {
	return query.trim() === '*' ? '' : query.trimEnd();
}

/** Adds a value to a field's list, or takes it out when it is there; an empty list goes away. */
export function toggleValue(query: string, field: QueryField, value: string): string {
	const chunk = scan(query).chunks.find((found) => !found.negated && holdsKey(found, query, field));
	const written = chunk ? chunk.values.map((piece) => query.slice(piece.from, piece.to)) : [];
	const text = formatValue(exactly(value));
	const same = (other: string): boolean => other.toLowerCase() === text.toLowerCase();
	const values = written.some(same) ? written.filter((other) => !same(other)) : [...written, text];
	if (!chunk) return `${removeEverything(query)} ${field}:${text}`.trim();
	if (values.length === 0) return without(query, [chunk]);
	return `${query.slice(0, chunk.from)}${field}:${values.join(',')}${query.slice(chunk.to)}`;
}
