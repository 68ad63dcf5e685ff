// Finds text in a JSON value, and opens what must be open to see it.
import { isOmitted, type Json } from '../../protocol';
import {
	CHARACTERS,
	ENTRIES,
	isOpenAtFirst,
	openDepth,
	pathIn,
	ROOT,
	showMore,
	turn,
	type JsonLine,
	type JsonView
} from './json-lines';

/** A place where the text was found: `keys` lead there from the whole value. */
export type JsonMatch = { path: string; keys: readonly string[]; at: number };

export const MAX_MATCHES = 1_000;

/** The places of a text in a value's keys and texts, in order, ignoring case. */
export function searchJson(value: Json, text: string): JsonMatch[] {
	const matches: JsonMatch[] = [];
	const wanted = text.toLowerCase();
	if (wanted === '') return matches;
	const keys: string[] = [];
	const look = (entry: Json) => {
		if (matches.length >= MAX_MATCHES || isOmitted(entry)) return;
		const own = entry === null || typeof entry !== 'object' ? textOf(entry) : '';
		const at = own.toLowerCase().indexOf(wanted);
		if (at >= 0 || keys.at(-1)?.toLowerCase().includes(wanted)) {
			matches.push({ path: keys.reduce(pathIn, ROOT), keys: [...keys], at: Math.max(0, at) });
		}
		if (entry === null || typeof entry !== 'object') return;
		for (const [key, inner] of Object.entries(entry)) {
			keys.push(key);
			look(inner);
			keys.pop();
		}
	};
	look(value);
	return matches;
}

const textOf = (value: string | number | boolean | null) => String(value);

/** The view with everything open that would hide a match. */
export function revealMatch(view: JsonView, value: Json, { keys, at }: JsonMatch): JsonView {
	const opened = openDepth(value);
	let shown = view;
	let here: Json | undefined = value;
	let path = ROOT;
	for (const [depth, key] of keys.entries()) {
		if (typeof here !== 'object' || here === null) return shown;
		const entries = Object.keys(here);
		const isOpen = isOpenAtFirst(depth, entries.length, opened) !== shown.turned.has(path);
		if (!isOpen) shown = turn(shown, path);
		const place = entries.indexOf(key);
		if (place >= (shown.shown.get(path) ?? ENTRIES)) shown = showMore(shown, path, place + ENTRIES);
		here = (here as Record<string, Json>)[key];
		path = pathIn(path, key);
	}
	const isCut = typeof here === 'string' && at >= (shown.shown.get(path) ?? CHARACTERS);
	return isCut ? showMore(shown, path, at + CHARACTERS) : shown;
}

/** The line that shows a match: its own, or the one of the list that is written on one line. */
export function lineOf(lines: readonly JsonLine[], { keys }: JsonMatch): number {
	for (let length = keys.length; length >= 0; length -= 1) {
		const path = keys.slice(0, length).reduce(pathIn, ROOT);
		const index = lines.findIndex((line) => line.path === path);
		if (index >= 0) return index;
	}
	return -1;
}
