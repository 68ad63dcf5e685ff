// Workflows hand out structured clones, which hold more than JSON: big integers, maps, bytes, cycles.
// Here such a value becomes JSON that says what it was. Nothing is dropped silently, nothing throws.
import type { Json } from './json';

/** The deepest nesting that is kept; engines, parsers and pages recurse over values. */
export const MAX_DEPTH = 100;

/** How many entries of a map, set or typed array its text names. */
const PREVIEWED = 20;
/** The longest text of one previewed entry, UTF-16 units. */
const PREVIEW_LENGTH = 80;

/** Stands in for a value that JSON cannot hold, such as a `Map`, bytes or `NaN`. */
export type SpecialValue = {
	/** What it is, in lower case: `bigint`, `map`, `bytes`, `number`, `undefined`, … */
	$type: string;
	/** How it is shown: `Map(1) { a → 1 }`, `300,000 bytes`, `NaN`. */
	text: string;
	/** What it holds, where that is JSON: the entries of a map, the items of a set. */
	value?: Json;
};

/** Is this what {@link valueToJson} leaves for a value that JSON cannot hold? */
export function isSpecialValue(value: unknown): value is SpecialValue {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
	if (!('$type' in value) || !('text' in value)) return false;
	const keys = Object.keys(value).length;
	return (
		typeof value.$type === 'string' &&
		typeof value.text === 'string' &&
		keys === ('value' in value ? 3 : 2)
	);
}

type Walk = {
	/** The objects around the present one, to notice a cycle. */
	around: Set<object>;
	/** JSON leaves out members that are `undefined`; a value of a workflow shows them. */
	showsUndefined: boolean;
};

const special = ($type: string, text: string, value?: Json): SpecialValue =>
	value === undefined ? { $type, text } : { $type, text, value };

/** Turns a value that a workflow handed out into JSON that shows it as what it is. */
export function valueToJson(value: unknown): Json {
	return walk(value, { around: new Set(), showsUndefined: true });
}

/**
 * Turns any value of our own into JSON as `JSON.stringify` does (members that are `undefined` are
 * left out, dates become ISO text), but never throws: see {@link valueToJson} for the rest.
 */
export function toJson(value: unknown): Json {
	if (value === undefined || typeof value === 'function' || typeof value === 'symbol') return null;
	return walk(value, { around: new Set(), showsUndefined: false });
}

function walk(value: unknown, state: Walk): Json {
	switch (typeof value) {
		case 'string':
		case 'boolean':
			return value;
		case 'number':
			return Number.isFinite(value) && !Object.is(value, -0)
				? value
				: special('number', Object.is(value, -0) ? '-0' : String(value));
		case 'bigint':
			return special('bigint', String(value));
		case 'undefined':
			return special('undefined', 'undefined');
		case 'function':
			return special('function', `function ${value.name}`.trim());
		case 'symbol':
			return special('symbol', value.toString());
		case 'object':
			return value === null ? null : walkObject(value, state);
	}
}

function walkObject(value: object, state: Walk): Json {
	if (state.around.has(value)) return special('cycle', 'a reference to an object around it');
	if (state.around.size >= MAX_DEPTH) {
		return special('deep', `nested more than ${MAX_DEPTH} levels deep`);
	}
	state.around.add(value);
	try {
		return describe(value, state);
	} catch (error) {
		// A getter, a proxy or a revoked stub threw: only this value is lost.
		const why = error instanceof Error ? error.message : 'unknown error';
		return special('unreadable', `cannot be read: ${why}`);
	} finally {
		state.around.delete(value);
	}
}

function describe(value: object, state: Walk): Json {
	if (Array.isArray(value)) {
		return Array.from(value, (item: unknown) =>
			!state.showsUndefined && isLeftOut(item) ? null : walk(item, state)
		);
	}
	if (value instanceof Date) {
		return Number.isNaN(value.getTime()) ? special('date', 'Invalid Date') : value.toISOString();
	}
	if (value instanceof Map) return mapToJson(value, state);
	if (value instanceof Set) return setToJson(value, state);
	if (value instanceof RegExp) return special('regexp', String(value));
	if (value instanceof Error) return errorToJson(value, state);
	if (value instanceof ArrayBuffer || isSharedBuffer(value)) return bytes(value.byteLength);
	if (ArrayBuffer.isView(value)) return viewToJson(value);
	if (value instanceof Number || value instanceof String || value instanceof Boolean) {
		return walk(value.valueOf(), state);
	}
	const tag = tagOf(value);
	if (tag === 'BigInt' || tag === 'Symbol') return walk(value.valueOf(), state);
	if (!state.showsUndefined && 'toJSON' in value && typeof value.toJSON === 'function') {
		return walk(value.toJSON(), state);
	}
	const entries = Object.entries(value);
	// A stream, a stub, a promise: nothing of it is its own, so its name is all there is to show.
	if (entries.length === 0 && tag !== 'Object') return special('object', tag);
	return membersToJson(entries, state);
}

function membersToJson(entries: [string, unknown][], state: Walk): Json {
	const members: { [key: string]: Json } = {};
	for (const [key, member] of entries) {
		if (!state.showsUndefined && isLeftOut(member)) continue;
		// Defined and not set: `__proto__` is a key like any other.
		Object.defineProperty(members, key, {
			value: walk(member, state),
			enumerable: true,
			configurable: true,
			writable: true
		});
	}
	return members;
}

function isLeftOut(member: unknown): boolean {
	return member === undefined || typeof member === 'function' || typeof member === 'symbol';
}

function mapToJson(map: Map<unknown, unknown>, state: Walk): Json {
	const entries = Array.from(
		map,
		([key, value]) => [walk(key, state), walk(value, state)] as const
	);
	const shown = entries
		.slice(0, PREVIEWED)
		.map(([key, value]) => `${preview(key)} → ${preview(value)}`);
	const value = entries.map(([key, held]) => [key, held]);
	return special('map', `Map(${map.size}) ${braces(shown, entries.length)}`, value);
}

function setToJson(set: Set<unknown>, state: Walk): Json {
	const items = Array.from(set, (item) => walk(item, state));
	const shown = items.slice(0, PREVIEWED).map(preview);
	return special('set', `Set(${set.size}) ${braces(shown, items.length)}`, items);
}

function errorToJson(error: Error, state: Walk): Json {
	const held = Object.entries(error).filter(([key]) => key !== 'name' && key !== 'message');
	const { name, message } = error;
	const cause = error.cause === undefined ? [] : ([['cause', error.cause]] as [string, unknown][]);
	const value = membersToJson([['name', name], ['message', message], ...cause, ...held], state);
	return special('error', `${name}: ${message}`, value);
}

function viewToJson(view: ArrayBufferView): Json {
	if (view instanceof DataView || view instanceof Uint8Array || view instanceof Uint8ClampedArray) {
		return bytes(view.byteLength);
	}
	const items = Array.from(view as Iterable<number | bigint> & ArrayBufferView, String); // typed array
	const shown = items.slice(0, PREVIEWED);
	return special('array', `${tagOf(view)}(${items.length}) ${braces(shown, items.length, '[]')}`);
}

function bytes(count: number): Json {
	return special('bytes', `${count.toLocaleString('en')} ${count === 1 ? 'byte' : 'bytes'}`);
}

function isSharedBuffer(value: object): value is SharedArrayBuffer {
	return typeof SharedArrayBuffer !== 'undefined' && value instanceof SharedArrayBuffer;
}

function tagOf(value: object): string {
	return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

function braces(shown: string[], all: number, [open, close] = '{}'): string {
	if (all === 0) return `${open}${close}`;
	const rest = all > shown.length ? [`… ${(all - shown.length).toLocaleString('en')} more`] : [];
	return `${open} ${[...shown, ...rest].join(', ')} ${close}`;
}

function preview(value: Json): string {
	const text =
		typeof value === 'string' ? value : isSpecialValue(value) ? value.text : JSON.stringify(value);
	return text.length > PREVIEW_LENGTH ? `${text.slice(0, PREVIEW_LENGTH)}…` : text;
}
