// A JSON value as the lines that are drawn of it. What is folded costs nothing, a long list or a
// long text is cut with a way to see more, so a value of 1 MB is as quick as a small one.
import { jsonText } from '$lib/messages/components/json';
import {
	isOmitted,
	isSpecialValue,
	type Json,
	type SpecialValue,
	type JsonObject
} from '../../protocol';

/** What the user changed: toggled folds, and how much to show of long values. */
export type JsonView = {
	/** Paths whose fold differs from {@link isOpenAtFirst}. */
	turned: ReadonlySet<string>;
	/** How many entries of a list, or characters of a text, are shown at a path. */
	shown: ReadonlyMap<string, number>;
};

export const FIRST_VIEW: JsonView = { turned: new Set(), shown: new Map() };

/** Entries shown of a list or an object, and how many more at a time. */
export const ENTRIES = 100;
/** Characters shown of a text. */
export const CHARACTERS = 400;
/** A list of plain values is written on one line while it is no longer than this. */
const INLINE = 64;

export const ROOT = '$';

/**
 * The path of an entry. Escaped as in a JSON pointer: a key may hold anything, and a path names one
 * place only.
 */
export function pathIn(path: string, key: string | number): string {
	return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

type Base = { id: string; path: string; depth: number; label: string | null };

export type JsonLine = Base &
	(
		| {
				kind: 'value';
				type: 'string' | 'number' | 'boolean' | 'null' | 'inline' | 'special';
				text: string;
		  }
		/** A text that is cut; `rest` characters are not shown. */
		| { kind: 'long-text'; text: string; rest: number }
		/** `preview` is what can be said of it in a few words while it is closed. */
		| {
				kind: 'fold';
				open: boolean;
				bracket: '[' | '{';
				size: number;
				preview: string;
				/** What the value is where JSON cannot hold it: `Map(1) { a → 1 }`. */
				special?: string;
		  }
		| { kind: 'close'; bracket: ']' | '}' }
		| { kind: 'more'; rest: number; next: number }
		| { kind: 'omitted'; bytes: number }
	);

export function jsonLines(value: Json, view: JsonView = FIRST_VIEW): JsonLine[] {
	const lines: JsonLine[] = [];
	const pen = { view, lines, openDepth: openDepth(value) };
	write(value, { id: ROOT, path: ROOT, depth: 0, label: null }, pen);
	return lines;
}

/** The view after its fold at a path was turned over. */
export function turn(view: JsonView, path: string): JsonView {
	const turned = new Set(view.turned);
	if (!turned.delete(path)) turned.add(path);
	return { ...view, turned };
}

/** The view that shows up to `count` entries or characters at a path. */
export function showMore(view: JsonView, path: string, count: number): JsonView {
	return { ...view, shown: new Map(view.shown).set(path, count) };
}

/** What lines are written with: `openDepth` levels are open unless they were turned over. */
type Pen = { view: JsonView; lines: JsonLine[]; openDepth: number };

function write(value: Json, base: Base, pen: Pen): void {
	const { view, lines } = pen;
	if (isOmitted(value)) {
		lines.push({ ...base, kind: 'omitted', bytes: value.$omitted.bytes });
	} else if (isSpecialValue(value)) {
		writeSpecial(value, base, pen);
	} else if (typeof value === 'string') {
		lines.push(textLine(value, base, view));
	} else if (value === null || typeof value !== 'object') {
		const type = value === null ? 'null' : typeof value === 'number' ? 'number' : 'boolean';
		lines.push({ ...base, kind: 'value', type, text: String(value) });
	} else {
		writeMany(value, base, pen);
	}
}

/** A value that JSON cannot hold: its text, over what it holds where that is JSON. */
function writeSpecial({ text, value }: SpecialValue, base: Base, pen: Pen): void {
	const holds = typeof value === 'object' && value !== null ? value : null;
	const isEmpty = holds === null || Object.keys(holds).length === 0;
	if (isEmpty) pen.lines.push({ ...base, kind: 'value', type: 'special', text });
	else writeMany(holds, base, pen, text);
}

function textLine(text: string, base: Base, view: JsonView): JsonLine {
	const shown = view.shown.get(base.path) ?? CHARACTERS;
	if (text.length <= shown) {
		return { ...base, kind: 'value', type: 'string', text: JSON.stringify(text) };
	}
	const cut = JSON.stringify(text.slice(0, shown)).slice(0, -1);
	return { ...base, kind: 'long-text', text: cut, rest: text.length - shown };
}

function writeMany(value: Json[] | JsonObject, base: Base, pen: Pen, special?: string) {
	const { view, lines, openDepth } = pen;
	const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
	const inline = special === undefined ? inlineText(value, entries.length) : null;
	if (inline !== null) {
		lines.push({ ...base, kind: 'value', type: 'inline', text: inline });
		return;
	}
	const isTurned = view.turned.has(base.path);
	const isOpen = special === undefined && isOpenAtFirst(base.depth, entries.length, openDepth);
	const open = isOpen !== isTurned;
	const bracket = Array.isArray(value) ? '[' : '{';
	const preview = open || special !== undefined ? '' : previewOf(value);
	const said = special === undefined ? {} : { special };
	lines.push({ ...base, kind: 'fold', open, bracket, size: entries.length, preview, ...said });
	if (!open) return;

	const shown = view.shown.get(base.path) ?? ENTRIES;
	const depth = base.depth + 1;
	for (const [key, entry] of entries.slice(0, shown)) {
		const path = pathIn(base.path, key);
		write(entry, { id: path, path, depth, label: String(key) }, pen);
	}
	const end = { path: base.path, label: null };
	const rest = entries.length - shown;
	if (rest > 0) {
		const next = shown + Math.min(rest, ENTRIES * 5);
		lines.push({ ...end, id: `${base.path}…`, depth, kind: 'more', rest, next });
	}
	const closing = bracket === '[' ? ']' : '}';
	lines.push({
		...end,
		id: `${base.path}${closing}`,
		depth: base.depth,
		kind: 'close',
		bracket: closing
	});
}

/** Is a fold open before anybody turned it over? */
export function isOpenAtFirst(depth: number, size: number, openDepth: number): boolean {
	return depth === 0 || (depth < openDepth && size <= LEVEL_SIZE);
}

/** A level that holds more cannot be looked over at once. */
const LEVEL_SIZE = 20;
const DEEPEST = 3;
/** More lines than so many take long to draw. */
const FIRST_LINES = 200;

/** How many levels are open at first: as many as make few enough lines. */
export function openDepth(value: Json): number {
	for (let depth = DEEPEST; depth > 1; depth -= 1) {
		if (countLines(value, 0, depth, FIRST_LINES) <= FIRST_LINES) return depth;
	}
	return 1;
}

/** Counts no further than it has to. */
function countLines(value: Json, depth: number, openTo: number, most: number): number {
	if (value === null || typeof value !== 'object') return 1;
	const entries = Array.isArray(value) ? value : Object.values(value);
	if (!isOpenAtFirst(depth, entries.length, openTo)) return 1;
	let count = 2;
	for (const entry of entries.slice(0, ENTRIES)) {
		if (count > most) break;
		count += countLines(entry, depth + 1, openTo, most - count);
	}
	return count;
}

/** As long as a preview is at most, and how many entries it looks at. */
const PREVIEW = { text: 60, entries: 6 } as const;

/** The first plain values of an object: `sku: "TEA-1", price: 7.9`. */
function previewOf(value: Json[] | JsonObject): string {
	if (Array.isArray(value)) return '';
	const said = Object.entries(value)
		.slice(0, PREVIEW.entries)
		.filter(([, entry]) => entry === null || typeof entry !== 'object')
		.map(([key, entry]) => `${key}: ${JSON.stringify(cut(entry))}`)
		.join(', ');
	return said.length > PREVIEW.text ? `${said.slice(0, PREVIEW.text)}…` : said;
}

const cut = (entry: Json) => (typeof entry === 'string' ? entry.slice(0, PREVIEW.text) : entry);

function inlineText(value: Json[] | JsonObject, size: number): string | null {
	if (size === 0) return Array.isArray(value) ? '[]' : '{}';
	if (!Array.isArray(value) || size > INLINE / 2) return null;
	if (value.some((entry) => typeof entry === 'object' && entry !== null)) return null;
	const text = `[${value.map((entry) => JSON.stringify(entry)).join(', ')}]`;
	return text.length <= INLINE ? text : null;
}

/** `812 B`, `4.1 kB`, `2.3 MB`. */
export function bytesText(bytes: number): string {
	if (bytes < 1_000) return jsonText.bytes(bytes);
	const isSmall = bytes < 1_000_000;
	const size = bytes / (isSmall ? 1_000 : 1_000_000);
	const count = size < 10 ? size.toFixed(1) : String(Math.round(size));
	return isSmall ? jsonText.kilobytes(count) : jsonText.megabytes(count);
}
