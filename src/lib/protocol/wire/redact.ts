// Masks values that must not be shown, by the name of the key that holds them. It runs on the server,
// before a value is stored, sent or exported.
import type { Json } from './json';

/** What stands in for a masked value: the word that the Workflows engine uses itself. */
export const REDACTED = '[REDACTED]';

/**
 * Keys whose values are masked everywhere. A key matches when it ends in one of them, whatever its
 * case and separators: `password`, `db_password`, `Access-Token`.
 */
export const SENSITIVE_KEYS: readonly string[] = [
	'password',
	'passwd',
	'passphrase',
	'secret',
	'token',
	'authorization',
	'apikey',
	'accesskey',
	'privatekey',
	'secretkey',
	'credential',
	'credentials',
	'cookie',
	'cvv',
	'cvc'
];

const normalized = (key: string) => key.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

// The parts of `key=value` in a text. Each is bounded, so that no text is slow to read.
const KEY_START = String.raw`(?<![\p{L}\p{N}])[\p{L}\p{N}_.-]{0,48}?`;
const BETWEEN = String.raw`["']?\s{0,3}[=:]\s{0,3}`;
const VALUE = String.raw`("(?:[^"\\]|\\.){0,4096}"|'[^']{0,4096}'|\[REDACTED\]|[^\s"',;&{}[\]()]{1,4096})`;

/** Masks the values of sensitive keys in JSON and in texts such as error messages. */
export class Redactor {
	readonly #endings: readonly string[];
	readonly #pairs: RegExp;

	/** @param keys Keys that are sensitive besides {@link SENSITIVE_KEYS}. */
	constructor(keys: readonly string[] = []) {
		this.#endings = [...SENSITIVE_KEYS, ...keys].map(normalized).filter((key) => key !== '');
		const endings = this.#endings.map((ending) => [...ending].join('[_.-]?')).join('|');
		this.#pairs = new RegExp(`${KEY_START}(?:${endings})${BETWEEN}${VALUE}`, 'giu');
	}

	/** Is what a key of this name holds masked? */
	masksKey(key: string): boolean {
		const plain = normalized(key);
		return this.#endings.some((ending) => plain.endsWith(ending));
	}

	/** The value with every sensitive member masked, at any depth, and its texts as `maskText` has them. */
	mask(value: Json): Json {
		if (typeof value === 'string') return this.maskText(value);
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map((item) => this.mask(item));
		const members = Object.entries(value).map(([key, held]): [string, Json] => [
			key,
			held !== null && this.masksKey(key) ? REDACTED : this.mask(held)
		]);
		return Object.fromEntries(members);
	}

	/**
	 * Masks `key=value`, `key: value`, `"key":"value"` and authorization schemes inside a text, as they
	 * stand in error messages, URLs and JSON that was written into a text.
	 */
	maskText(text: string): string {
		return text
			.replaceAll(/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`)
			.replaceAll(
				this.#pairs,
				(pair: string, value: string) =>
					pair.slice(0, -value.length) + (value.startsWith('"') ? `"${REDACTED}"` : REDACTED)
			);
	}
}
