// From characters to chunks: where a term begins and ends, what its key is, where its list is cut.
// Nothing here knows a field. Chunks keep their place in the text, so that mistakes can be
// underlined and edits leave the rest of the text as it was typed.
import { queryErrors } from '../../messages/server/query-errors';
import type { QueryProblem } from './terms';

/** A piece of text; `literal[i]` tells a quoted or escaped character from one that may mean more. */
export type Piece = { text: string; literal: boolean[]; from: number; to: number };

/** One term of the text. `key` is null for text to search. */
export type Chunk = {
	from: number;
	to: number;
	negated: boolean;
	key: Piece | null;
	values: Piece[];
};

const SPACE = /\s/;

/** Cuts a query's text into chunks. Never throws; what cannot be read is a problem. */
export function scan(query: string): { chunks: Chunk[]; problems: QueryProblem[] } {
	const problems: QueryProblem[] = [];
	const chunks: Chunk[] = [];
	let at = 0;

	const space = (): boolean => SPACE.test(query[at] ?? '');

	function quoted(piece: Piece): void {
		const open = at;
		at += 1;
		while (at < query.length && query[at] !== '"') {
			if (query[at] === '\\') at += 1;
			if (at < query.length) push(piece, true);
		}
		if (at >= query.length) {
			problems.push({
				from: open,
				to: query.length,
				message: queryErrors.unclosedQuote
			});
		}
		at += 1;
	}

	function push(piece: Piece, literal: boolean): void {
		piece.text += query[at];
		piece.literal.push(literal);
		at += 1;
	}

	/** Reads up to a space, or one of `ends` that is neither quoted nor escaped. */
	function read(ends: string): Piece {
		const piece: Piece = { text: '', literal: [], from: at, to: at };
		while (at < query.length && !space() && !ends.includes(query[at] ?? ' ')) {
			if (query[at] === '"') quoted(piece);
			else if (query[at] !== '\\') push(piece, false);
			else if (at + 1 < query.length) {
				at += 1;
				push(piece, true);
			} else {
				problems.push({ from: at, to: at + 1, message: queryErrors.trailingBackslash });
				at += 1;
			}
		}
		at = Math.min(at, query.length);
		piece.to = at;
		return piece;
	}

	while (at < query.length) {
		if (space()) {
			at += 1;
			continue;
		}
		const from = at;
		const negated = query[at] === '-' && at + 1 < query.length && !SPACE.test(query[at + 1] ?? ' ');
		if (negated) at += 1;
		const head = read(':');
		if (query[at] !== ':') {
			chunks.push({ from, to: at, negated, key: null, values: [head] });
			continue;
		}
		const values: Piece[] = [];
		do {
			at += 1;
			values.push(read(','));
		} while (query[at] === ',');
		chunks.push({ from, to: at, negated, key: head, values });
	}
	return { chunks, problems };
}
