// What is compared, and how: one spelling of text and one reading of metadata, shared by the index
// that stores them and the evaluator that compares them, so that the two cannot disagree.
import type { Json, JsonObject } from '../wire/json';
import type { Run } from '../run/run';

/** How much of one text is compared, and how many metadata values of one run. */
const COMPARED = { characters: 1000, values: 200, depth: 8 } as const;

/** Text of an identity as it is compared: well-formed, not endlessly long, and with its case. */
export function exactText(text: string): string {
	return text.slice(0, COMPARED.characters).toWellFormed().replaceAll('\0', '\uFFFD');
}

/** Other text as it is compared: also without case, and composed (NFC), so that é is always é. */
export function normalizeText(text: string): string {
	return exactText(text.normalize('NFC')).toLowerCase();
}

/** One scalar of a run's metadata; `number` is set for numbers only. */
export type MetadataValue = {
	key: string;
	path: string;
	text: string;
	shown: string;
	number: number | null;
};

/**
 * A run's metadata as `key → value` pairs: nested objects become dotted keys, and each element of
 * a list is a value of the list's key. `key` and `text` are normalized, `path` and `shown` are as written.
 */
export function metadataValues(metadata: JsonObject): MetadataValue[] {
	const found = new Map<string, MetadataValue>();
	const visit = (key: string, value: Json, depth: number): void => {
		if (found.size >= COMPARED.values || depth > COMPARED.depth) return;
		if (Array.isArray(value)) for (const element of value) visit(key, element, depth + 1);
		else if (value !== null && typeof value === 'object')
			for (const [name, inner] of Object.entries(value))
				visit(key === '' ? name : `${key}.${name}`, inner, depth + 1);
		else {
			const entry = {
				key: normalizeText(key),
				path: key,
				shown: String(value).slice(0, COMPARED.characters),
				text: normalizeText(String(value)),
				number: typeof value === 'number' ? value : null
			};
			found.set(`${entry.key}\0${entry.number === null}\0${entry.text}`, entry);
		}
	};
	visit('', metadata, 0);
	return [...found.values()];
}

/** What text search looks at beside id, error, step and metadata: Agent, subject and progress. */
export function noteText({
	agent,
	subject,
	progress
}: Pick<Run, 'agent' | 'subject' | 'progress'>): string {
	const isRecord = progress !== null && typeof progress === 'object' && !Array.isArray(progress);
	const told = isRecord ? Object.values(progress) : [progress];
	const texts = told.filter((value) => typeof value === 'string');
	return [agent.path, subject ?? '', ...texts].join('\n').slice(0, COMPARED.characters);
}

/** What `error:` and text search look at: `TypeError: x is not a function`. */
export function errorText(run: Pick<Run, 'error'>): string | null {
	return run.error === null ? null : `${run.error.name}: ${run.error.message}`;
}

/** When this generation of a run began itself; null before it did. */
export function beganAt({
	startedAt,
	restartedAt
}: Pick<Run, 'startedAt' | 'restartedAt'>): number | null {
	return restartedAt ?? startedAt;
}

/** How long this generation of a run took, or has taken so far; null before it began. */
export function durationOf(
	run: Pick<Run, 'startedAt' | 'restartedAt' | 'finishedAt'>,
	now: number
): number | null {
	const began = beganAt(run);
	return began === null ? null : (run.finishedAt ?? now) - began;
}
