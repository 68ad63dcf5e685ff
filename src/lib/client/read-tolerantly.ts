// Reads what a server of another version sends. A word that this version does not know (a status, a
// severity) stays as it came, and a row that cannot be read costs only itself.
import type { z } from 'zod';

type Reading<T> = {
	/** Undefined when nothing could be read. */
	value: T | undefined;
	/** Why parts of the value are missing; none when it is whole. */
	issues: readonly z.core.$ZodIssue[];
};

type Path = readonly PropertyKey[];

/** Each round mends every issue that it finds; mending one can bring the next to light. */
const MOST_ROUNDS = 20;

/**
 * Reads by a schema as far as possible. Members with one of several fixed words can hold a word that
 * the type does not name: whoever looks such a word up in a table must expect to find nothing.
 */
export function readTolerantly<S extends z.ZodType>(
	schema: S,
	json: unknown
): Reading<z.output<S>> {
	let parsed = schema.safeParse(json);
	if (parsed.success) return { value: parsed.data, issues: [] };
	const content: unknown = structuredClone(json);
	const words: { path: Path; word: string }[] = [];
	const issues: z.core.$ZodIssue[] = [];
	for (let round = 0; round < MOST_ROUNDS && !parsed.success; round += 1) {
		const unread: Path[] = [];
		for (const issue of parsed.error.issues) {
			const word = unknownWord(issue, content);
			if (word !== null) {
				words.push({ path: issue.path, word });
				setAt(content, issue.path, knownWord(issue));
				continue;
			}
			issues.push(issue);
			if (issue.code === 'unrecognized_keys') {
				for (const key of issue.keys) deleteAt(content, [...issue.path, key]);
			} else if (issue.code === 'invalid_key') {
				deleteAt(content, issue.path);
			} else {
				const row = issue.path.findIndex((part) => typeof part === 'number');
				if (row < 0) return { value: undefined, issues };
				unread.push(issue.path.slice(0, row + 1));
			}
		}
		// Marked first and removed later, so that the other paths still lead where they did.
		for (const path of unread) setAt(content, path, UNREAD);
		for (const path of unread) removeUnread(content, path.slice(0, -1), words);
		parsed = schema.safeParse(content);
	}
	if (!parsed.success) return { value: undefined, issues };
	const value = parsed.data;
	for (const { path, word } of words) setAt(value, path, word);
	return { value, issues };
}

const UNREAD = Symbol('unread');

/** The text that stands where one of several words should. */
function unknownWord(issue: z.core.$ZodIssue, content: unknown): string | null {
	if (issue.code !== 'invalid_value' || issue.values.length < 2) return null;
	const found = getAt(content, issue.path);
	return typeof found === 'string' ? found : null;
}

function knownWord(issue: z.core.$ZodIssue): unknown {
	return issue.code === 'invalid_value' ? issue.values[0] : undefined;
}

function getAt(content: unknown, path: Path): unknown {
	return path.reduce<unknown>(
		(at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined),
		content
	);
}

function setAt(content: unknown, path: Path, value: unknown): void {
	const [parent, key] = [getAt(content, path.slice(0, -1)), path.at(-1)];
	if (typeof parent === 'object' && parent !== null && key !== undefined) {
		Reflect.set(parent, key, value);
	}
}

function deleteAt(content: unknown, path: Path): void {
	const [parent, key] = [getAt(content, path.slice(0, -1)), path.at(-1)];
	if (typeof parent === 'object' && parent !== null && key !== undefined) {
		Reflect.deleteProperty(parent, key);
	}
}

/** Removes marked rows, and moves the words that were found in rows after them. */
function removeUnread(
	content: unknown,
	listPath: Path,
	words: { path: Path; word: string }[]
): void {
	const list = getAt(content, listPath);
	if (!Array.isArray(list)) return;
	for (let index = list.length - 1; index >= 0; index -= 1) {
		if (list[index] !== UNREAD) continue;
		list.splice(index, 1);
		const isIn = ({ path }: { path: Path }) =>
			path.length > listPath.length && listPath.every((key, depth) => path[depth] === key);
		const rowOf = ({ path }: { path: Path }) => Number(path[listPath.length]);
		const kept = words.filter((word) => !isIn(word) || rowOf(word) !== index);
		const moved = kept.map((word) =>
			isIn(word) && rowOf(word) > index
				? { ...word, path: word.path.with(listPath.length, rowOf(word) - 1) }
				: word
		);
		words.splice(0, words.length, ...moved);
	}
}
