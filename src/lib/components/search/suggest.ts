import {
	QUERY_FIELDS,
	RUN_TRAITS,
	writtenKey,
	writtenValue,
	type QueryField,
	type RunSuggestion,
	type TypedPiece
} from '$lib/protocol';
import type { Requests } from '$lib/client';
import { tick } from 'svelte';

/** One line of the completion list: what is put in, and what is said about it. */
export type Completion = { insert: string; label: string; note: string };

/** Asks the index for words: a field's values, a metadata key's, or the keys. */
export type AskWords = (
	of: { field: QueryField } | { metadata: string } | 'metadata-keys',
	prefix: string
) => Promise<readonly RunSuggestion[]>;

/** Asks the fleet's index. */
export function askIndex(requests: Requests): AskWords {
	return async (of, prefix) => {
		// The list asks first: what it shows is what is waited for.
		await tick();
		const answer = await requests.ask({ type: 'runs.suggest', of, prefix, limit: MOST });
		// Without an answer the box completes what it knows by itself.
		return answer.ok ? answer.value : [];
	};
}

const TIMES = [
	['<15m', 'within the last 15 minutes'],
	['<1h', 'within the last hour'],
	['<24h', 'within the last 24 hours'],
	['<7d', 'within the last 7 days'],
	['>7d', 'longer ago than 7 days']
] as const;
const COUNTS = [
	['>0', 'more than none'],
	['>=3', 'three or more']
] as const;

/** Values that need no index. */
const KNOWN: Partial<Record<QueryField, readonly (readonly [string, string])[]>> = {
	started: TIMES,
	created: TIMES,
	updated: TIMES,
	finished: [...TIMES, ['*', 'has finished']],
	duration: [
		['>1s', 'longer than a second'],
		['>1m', 'longer than a minute'],
		['>1h', 'longer than an hour'],
		['<1s', 'shorter than a second']
	],
	progress: [
		['>50', 'more than half'],
		['100', 'all done']
	],
	retries: COUNTS,
	is: RUN_TRAITS.map((trait) => [trait, ''] as const)
};

const WORDS: Partial<Record<QueryField, string>> = {
	status: 'where it stands',
	workflow: 'the binding’s name',
	agent: 'the Agent that started it',
	error: 'part of its error',
	created: 'a time',
	duration: 'how long it took',
	is: 'overdue, approval, retried …'
};

const MOST = 12;

/** What the typed piece can become, the likeliest first. */
export async function completionsFor(piece: TypedPiece, ask: AskWords): Promise<Completion[]> {
	if (piece.kind === 'key') return keysFor(piece.typed, ask);
	const { field, key, typed } = piece;
	const known = field ? KNOWN[field] : undefined;
	if (known) {
		return known
			.filter(([value]) => value.startsWith(typed.toLowerCase()) && value !== typed)
			.map(([value, note]) => ({ insert: value, label: value, note }));
	}
	const words = await ask(field ? { field } : { metadata: key }, typed);
	return words
		.map(({ value, runs }) => ({
			insert: writtenValue(value),
			label: value,
			note: runs.toLocaleString()
		}))
		.slice(0, MOST);
}

async function keysFor(typed: string, ask: AskWords): Promise<Completion[]> {
	if (typed.startsWith('"')) return [];
	const wanted = typed.toLowerCase();
	const fields = QUERY_FIELDS.filter((field) => field.startsWith(wanted)).map((field) => ({
		insert: field,
		label: `${field}:`,
		note: WORDS[field] ?? ''
	}));
	const keys = await ask('metadata-keys', typed.replace(/^metadata\./, ''));
	const metadata = keys.map(({ value, runs }) => ({
		insert: writtenKey(value),
		label: `${writtenKey(value)}:`,
		note: runs.toLocaleString()
	}));
	// An empty box offers both; what one types narrows them.
	return [...fields.slice(0, MOST), ...metadata.slice(0, MOST)];
}
