// The one parser of the query language, for the page, the API and saved views.
import { queryErrors } from '../../messages/server/query-errors';
import { scan, type Chunk, type Piece } from './scan';
import {
	QUERY_FIELDS,
	QUERY_LIMITS,
	type ParsedQuery,
	type QueryProblem,
	type QueryTerm,
	type QueryValue
} from './terms';
import { FIELD_READERS, readMetadata, readText } from './values';

/** Before a key, says that it is a metadata key even where a field has the same name. */
export const METADATA_PREFIX = 'metadata.';

/**
 * Reads a query. Never throws: every mistake is a problem with its place in the text and what
 * would be right. The empty text and `*` have no terms and match every run.
 */
export function parseQuery(query: string): ParsedQuery {
	if (query.length > QUERY_LIMITS.characters) {
		const message = queryErrors.tooLong(QUERY_LIMITS.characters, query.length);
		return { ok: false, problems: [{ from: QUERY_LIMITS.characters, to: query.length, message }] };
	}
	const { chunks, problems } = scan(query);
	const terms: QueryTerm[] = [];
	for (const chunk of chunks) {
		const term = readChunk(chunk, problems);
		if (term && terms.push(term) === QUERY_LIMITS.terms + 1) {
			const message = queryErrors.tooManyTerms(QUERY_LIMITS.terms);
			problems.push({ from: chunk.from, to: query.length, message });
		}
	}
	if (problems.length === 0) return { ok: true, terms };
	return { ok: false, problems: problems.toSorted((a, b) => a.from - b.from || a.to - b.to) };
}

function readChunk(chunk: Chunk, problems: QueryProblem[]): QueryTerm | null {
	const fail = (place: { from: number; to: number }, message: string): null => {
		problems.push({ from: place.from, to: Math.max(place.to, place.from + 1), message });
		return null;
	};
	if (chunk.key === null) return readSearch(chunk, fail);
	const key = chunk.key.text;
	if (key === '') return fail(chunk, queryErrors.missingKey);
	if (chunk.values.length > QUERY_LIMITS.values)
		return fail(chunk, queryErrors.tooManyValues(QUERY_LIMITS.values));
	const field = chunk.key.literal.includes(true)
		? undefined
		: QUERY_FIELDS.find((name) => name === key.toLowerCase());
	const read = field ? FIELD_READERS[field] : readMetadata;
	const values: QueryValue[] = [];
	for (const piece of chunk.values) {
		if (piece.from === piece.to) {
			fail({ from: piece.from - 1, to: piece.from }, missing(key));
			continue;
		}
		const value = read(piece);
		if (typeof value === 'string') fail(piece, value);
		else values.push(value);
	}
	const { negated } = chunk;
	if (field) return { kind: 'field', negated, field, values };
	const name = key.startsWith(METADATA_PREFIX) ? key.slice(METADATA_PREFIX.length) : key;
	if (name === '') return fail(chunk.key, queryErrors.missingMetadataKey(METADATA_PREFIX));
	return { kind: 'metadata', negated, key: name, values };
}

function missing(key: string): string {
	const shown = key.length > 40 ? `${key.slice(0, 40)}…` : key;
	return queryErrors.missingValue(shown);
}

function readSearch(chunk: Chunk, fail: (place: Piece, message: string) => null): QueryTerm | null {
	const [piece] = chunk.values;
	if (!piece) return null;
	const value = readText(piece);
	if (typeof value === 'string') return fail(piece, value);
	if (value.kind === 'any') return chunk.negated ? fail(piece, queryErrors.matchesNothing) : null;
	if (value.kind !== 'text' || value.text === '') return fail(piece, queryErrors.emptyText);
	return { kind: 'text', negated: chunk.negated, text: value.text };
}
