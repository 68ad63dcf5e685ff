// What a query is once it is read. Terms are all that evaluation needs: the page, the API, saved
// views, the index's SQL and the reference evaluator work on these and never on the text.

/** The keys with a meaning of their own; any other key is a metadata key. */
export const QUERY_FIELDS = [
	'status',
	'workflow',
	'agent',
	'id',
	'step',
	'outcome',
	'error',
	'started',
	'created',
	'updated',
	'finished',
	'duration',
	'progress',
	'waiting',
	'retries',
	'parent',
	'by',
	'is'
] as const;
export type QueryField = (typeof QUERY_FIELDS)[number];

/** What `is:` can ask. */
export const RUN_TRAITS = [
	'active',
	'ended',
	'waiting',
	'overdue',
	'approval',
	'child',
	'retried',
	'restarted',
	'rejected',
	'expired',
	'failed',
	'pinned'
] as const;
export type RunTrait = (typeof RUN_TRAITS)[number];

/** The bounds of a query: its text's length, its terms, and the values of one list. */
export const QUERY_LIMITS = { characters: 2000, terms: 20, values: 50 } as const;

/**
 * One end of a range. `time` is a range, as exact as it was written: `2026-03-01` is that whole
 * day. `ago` is how long before now. `text` is a date in metadata, compared as it is stored.
 */
export type Quantity =
	| { unit: 'number'; value: number }
	| { unit: 'duration'; ms: number }
	| { unit: 'ago'; ms: number }
	| { unit: 'time'; text: string; from: number; until: number }
	| { unit: 'text'; text: string };

export type Comparator = '=' | '>' | '>=' | '<' | '<=';

/** One value of a term's list; a term holds when any of its values does. */
export type QueryValue =
	/** `*`: there is a value. */
	| { kind: 'any' }
	/** Text, with anything before it (`*x`) or after it (`x*`) when so marked. */
	| { kind: 'text'; text: string; before: boolean; after: boolean }
	| { kind: 'compare'; comparator: Comparator; quantity: Quantity }
	/** Both ends belong to the range. */
	| { kind: 'between'; low: Quantity; high: Quantity };

export type QueryTerm =
	/** Text that the id, the error or the step contains. */
	| { kind: 'text'; negated: boolean; text: string }
	| { kind: 'field'; negated: boolean; field: QueryField; values: QueryValue[] }
	/** A metadata key; dots lead into nested objects. */
	| { kind: 'metadata'; negated: boolean; key: string; values: QueryValue[] };

/** A mistake in a query's text: `from` up to, not including, `to` (UTF-16 offsets). */
export type QueryProblem = { from: number; to: number; message: string };

export type ParsedQuery =
	{ ok: true; terms: QueryTerm[] } | { ok: false; problems: QueryProblem[] };

/** A text value without wildcards. */
export function exactly(text: string): QueryValue {
	return { kind: 'text', text, before: false, after: false };
}

/** A term on a field, from plain values: `fieldTerm('status', ['errored'])`. */
export function fieldTerm(
	field: QueryField,
	values: readonly string[],
	negated = false
): QueryTerm {
	return { kind: 'field', negated, field, values: values.map(exactly) };
}
