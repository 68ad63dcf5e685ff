// Masks values that nobody may see, by the name of the key that holds them. It runs on the server.
import type { z } from 'zod';
import { fieldErrorsText } from '../../messages/server/field-errors';
import { jsonSchema, type Json, type JsonObject } from './json';
import { isSpecialValue, toJson, type SpecialValue } from './values';

/** What stands in for a masked value: the word that the Workflows engine uses itself. */
export const REDACTED = '[REDACTED]';

/**
 * Keys whose values are masked everywhere. A key matches when it ends in one of them, whatever its
 * case and separators: `password`, `db_password`, `Access-Token`.
 */
export const SENSITIVE_KEYS: readonly string[] = [
	'password',
	'passwd',
	'pwd',
	'passphrase',
	'secret',
	'token',
	'jwt',
	'authorization',
	'apikey',
	'accesskey',
	'privatekey',
	'secretkey',
	'signingkey',
	'credential',
	'credentials',
	'cookie',
	'cookies',
	'sessionid',
	'cvv',
	'cvc'
];

const normalized = (key: string) => key.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

// The parts of `key=value` in a text. Each is bounded, so that no text is slow to read. Quotes may be
// escaped: JSON is often written into another text.
const KEY_START = String.raw`(?<![\p{L}\p{N}])[\p{L}\p{N}_.-]{0,48}?`;
const BETWEEN = String.raw`(?:\\{0,3}["'])?\s{0,3}(?:=>|[=:])\s{0,3}`;
const VALUE = [
	String.raw`\\{1,3}"[^"\\]{0,4096}\\{1,3}"`,
	String.raw`"(?:[^"\\]|\\.){0,4096}"?`,
	String.raw`'[^']{0,4096}'?`,
	String.raw`\[REDACTED\]`,
	String.raw`[^\s"',;&{}[\]()\\]{1,4096}`
].join('|');

/** Headers whose values contain spaces and separators, up to the end of the line or text in quotes. */
const HEADERS =
	/(?<![\p{L}\p{N}])((?:set-)?cookie|(?:proxy-)?authorization)\s{0,3}:\s{0,3}(?!\[REDACTED\])[^\r\n"'\\{}[\]]{1,8192}/giu;
/** An HTTP authorization scheme with its credentials; not a sentence about one. */
const SCHEMES =
	/\b(Bearer|Basic)\s{1,3}(?!(?:tokens?|auth\w*|scheme|realm|challenge)\b)[\w.~+/=-]{6,8192}/gi;
/** Name and password in a URL. */
const URL_CREDENTIALS = /:\/\/[^\s/?#@:"']{0,256}:[^\s/?#@"']{1,1024}@/g;

/** A text without any of these has nothing to mask. */
const MAYBE = /[=:]|\b(?:bearer|basic)\s/i;

/** Masks the values of sensitive keys in JSON and in texts such as error messages. */
export class Redactor {
	readonly #endings: readonly string[];
	readonly #pairs: RegExp;
	/** Finds the words that `#pairs` looks for: most texts have none, and this is quicker. */
	readonly #words: RegExp;
	/** Whether keys are sensitive: most values have the same few keys. */
	readonly #known = new Map<string, boolean>();

	/** @param keys Keys that are sensitive besides {@link SENSITIVE_KEYS}. */
	constructor(keys: readonly string[] = []) {
		this.#endings = [...SENSITIVE_KEYS, ...keys].map(normalized).filter((key) => key !== '');
		const endings = this.#endings.map((ending) => [...ending].join('[_.-]?')).join('|');
		this.#words = new RegExp(endings, 'iu');
		this.#pairs = new RegExp(`(${KEY_START}(?:${endings})${BETWEEN})(${VALUE})`, 'giu');
	}

	/** Is what a key of this name holds masked? */
	masksKey(key: string): boolean {
		const known = this.#known.get(key);
		if (known !== undefined) return known;
		const plain = normalized(key);
		const isMasked = this.#endings.some((ending) => plain.endsWith(ending));
		if (this.#known.size < 5_000) this.#known.set(key, isMasked);
		return isMasked;
	}

	/**
	 * The value with every sensitive member masked, at any depth, and its texts as `maskText` has them.
	 * The value of an entry that names its key (`{ name: 'Cookie', value: … }`) counts as its member.
	 * A value without anything to mask is returned itself.
	 */
	mask<T extends Json>(value: T): T;
	mask(value: Json): Json {
		if (typeof value === 'string') return this.maskText(value);
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) {
			const items = value.map((item) => this.mask(item));
			return items.some((item, index) => item !== value[index]) ? items : value;
		}
		if (isSpecialValue(value)) return this.#special(value);
		const isNamed = [value['name'], value['key']].some(
			(name) => typeof name === 'string' && this.masksKey(name)
		);
		return this.#withMembers(value, (key, held) =>
			this.masksKey(key) || (isNamed && key === 'value') ? REDACTED : this.mask(held)
		);
	}

	/**
	 * A JSON Schema with the sample values of sensitive properties left out: the property itself stays.
	 */
	maskSchema(schema: JsonObject): JsonObject {
		return this.#schema(schema, false) as JsonObject; // of an object, an object
	}

	/**
	 * Masks `key=value`, `key: value`, `"key":"value"`, authorization schemes and passwords of URLs
	 * inside a text, as they stand in error messages, and in JSON that was written into a text.
	 */
	maskText(text: string): string {
		if (!MAYBE.test(text)) return text;
		const masked = text
			.replaceAll(HEADERS, `$1: ${REDACTED}`)
			.replaceAll(SCHEMES, `$1 ${REDACTED}`)
			.replaceAll(URL_CREDENTIALS, `://${REDACTED}@`);
		if (!this.#words.test(masked)) return masked;
		return masked.replaceAll(this.#pairs, (_pair, before: string, value: string) => {
			const [quote = ''] = /^\\*["']/.exec(value) ?? [];
			return `${before}${quote}${REDACTED}${quote}`;
		});
	}

	/** A map or set is shown by a text with its entries in it, which is written again. */
	#special(value: SpecialValue): Json {
		const { $type, value: held } = value;
		if (!Array.isArray(held)) return this.#withMembers(value, (_key, member) => this.mask(member));
		const entries = held.map((entry): Json => {
			if ($type !== 'map' || !Array.isArray(entry)) return this.mask(entry);
			const [key = null, member = null] = entry;
			const isMasked = typeof key === 'string' && member !== null && this.masksKey(key);
			return [this.mask(key), isMasked ? REDACTED : this.mask(member)];
		});
		if (JSON.stringify(entries) === JSON.stringify(held)) return value;
		return toJson($type === 'map' ? new Map(entries as [Json, Json][]) : new Set(entries)); // pairs, as above
	}

	#schema(value: Json, isSensitive: boolean): Json {
		if (typeof value === 'string') return this.maskText(value);
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map((item) => this.#schema(item, isSensitive));
		const members = Object.entries(value).flatMap(([key, held]): [string, Json][] => {
			if (isSensitive && SAMPLES.has(key)) return [];
			if (
				!PROPERTIES.has(key) ||
				typeof held !== 'object' ||
				held === null ||
				Array.isArray(held)
			) {
				return [[key, SAMPLES.has(key) ? this.mask(held) : this.#schema(held, isSensitive)]];
			}
			const properties = Object.entries(held).map(([name, property]): [string, Json] => [
				name,
				this.#schema(property, isSensitive || this.masksKey(name))
			]);
			return [[key, Object.fromEntries(properties)]];
		});
		return Object.fromEntries(members);
	}

	/** Null says nothing, so it stays. */
	#withMembers(value: JsonObject, masked: (key: string, held: Json) => Json): JsonObject {
		let isChanged = false;
		const members = Object.entries(value).map(([key, held]): [string, Json] => {
			const member = held === null ? null : masked(key, held);
			isChanged ||= member !== held;
			return [key, member];
		});
		return isChanged ? Object.fromEntries(members) : value;
	}
}

/** Keywords of JSON Schema whose members are named by the schema's author. */
const PROPERTIES: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs']);
/** Keywords of JSON Schema that hold values. */
const SAMPLES: ReadonlySet<string> = new Set(['default', 'examples', 'const', 'enum']);

/** Is this a text in which something was masked? */
export function isRedacted(value: Json): boolean {
	return typeof value === 'string' && value.includes(REDACTED);
}

/** Where a value holds what stands for a masked one. */
function redactedPaths(value: Json, path: PropertyKey[] = []): PropertyKey[][] {
	if (isRedacted(value)) return [path];
	if (typeof value !== 'object' || value === null) return [];
	return Array.isArray(value)
		? value.flatMap((item, index) => redactedPaths(item, [...path, index]))
		: Object.entries(value).flatMap(([key, held]) => redactedPaths(held, [...path, key]));
}

/** Refuses a value that was copied from where it was masked, so that it is never taken for the real one. */
export function refuseRedacted(value: Json, context: z.RefinementCtx): void {
	for (const path of redactedPaths(value)) {
		context.addIssue({ code: 'custom', path, message: fieldErrorsText.redacted(REDACTED) });
	}
}

/** A JSON value that somebody sends to a workflow. */
export const sentJsonSchema = jsonSchema.superRefine(refuseRedacted);

/** A value without what stands for masked ones: members are left out, items of lists are emptied. */
export function withoutRedacted(value: Json): Json | undefined {
	if (isRedacted(value)) return undefined;
	if (typeof value !== 'object' || value === null) return value;
	if (Array.isArray(value)) return value.map((item) => withoutRedacted(item) ?? '');
	const members = Object.entries(value).flatMap(([key, held]): [string, Json][] => {
		const left = withoutRedacted(held);
		return left === undefined ? [] : [[key, left]];
	});
	return Object.fromEntries(members);
}
