import { formatNumber } from '$lib/messages/plural';
import { searchText } from '$lib/messages/components/search';
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

/** One completion: the inserted text, its label and a note. */
export type Completion = { insert: string; label: string; note: string };

/** Asks the index for values of a field or of a metadata key, for the keys, or for any key's values. */
export type AskIndex = (
	of: { field: QueryField } | { metadata: string } | 'metadata-keys' | 'metadata-values',
	prefix: string
) => Promise<readonly RunSuggestion[]>;

export function askIndex(requests: Requests): AskIndex {
	return async (of, prefix) => {
		// The list of runs asks first: the user waits for it.
		await tick();
		const answer = await requests.ask({ type: 'runs.suggest', of, prefix, limit: MAX_SUGGESTIONS });
		// Without an answer, the box completes what it knows itself.
		return answer.ok ? answer.value : [];
	};
}

const { values } = searchText;

const TIMES = [
	['<15m', values.last15Minutes],
	['<1h', values.lastHour],
	['<24h', values.lastDay],
	['<7d', values.lastWeek],
	['>7d', values.olderThanWeek]
] as const;
const COUNTS = [
	['>0', values.moreThanNone],
	['>=3', values.threeOrMore]
] as const;

/** Values that need no index. */
const KNOWN: Partial<Record<QueryField, readonly (readonly [string, string])[]>> = {
	started: TIMES,
	created: TIMES,
	updated: TIMES,
	finished: [...TIMES, ['*', values.hasFinished]],
	duration: [
		['>1s', values.overSecond],
		['>1m', values.overMinute],
		['>1h', values.overHour],
		['<1s', values.underSecond]
	],
	progress: [
		['>50', values.overHalf],
		['100', values.allDone]
	],
	retries: COUNTS,
	is: RUN_TRAITS.map((trait) => [trait, ''] as const)
};

const FIELD_NOTES: Partial<Record<QueryField, string>> = searchText.fields;

const MAX_SUGGESTIONS = 12;

/** Completions of the typed piece, the likeliest first. */
export async function completionsFor(piece: TypedPiece, ask: AskIndex): Promise<Completion[]> {
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
			note: formatNumber(runs)
		}))
		.slice(0, MAX_SUGGESTIONS);
}

async function keysFor(typed: string, ask: AskIndex): Promise<Completion[]> {
	if (typed.startsWith('"')) return [];
	const wanted = typed.toLowerCase();
	const fields = QUERY_FIELDS.filter((field) => field.startsWith(wanted)).map((field) => ({
		insert: field,
		label: `${field}:`,
		note: FIELD_NOTES[field] ?? ''
	}));
	const keys = await ask('metadata-keys', typed.replace(/^metadata\./, ''));
	const metadata = keys.map(({ value, runs }) => ({
		insert: writtenKey(value),
		label: `${writtenKey(value)}:`,
		note: formatNumber(runs)
	}));
	// An empty box offers both; typing narrows them.
	return [...fields.slice(0, MAX_SUGGESTIONS), ...metadata.slice(0, MAX_SUGGESTIONS)];
}
