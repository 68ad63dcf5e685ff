// `JSON.parse` rounds an integer beyond 2^53 without a word: order 3544790567247868102 would become
// another order. Here such a number is refused, by the name of its field.
import type { FieldError } from './field-errors';

/** JSON that lost nothing, or the fields whose numbers JavaScript cannot hold. */
export type ExactJson = { ok: true; value: unknown } | { ok: false; errors: FieldError[] };

/** A number in a JSON text that `JSON.parse` would change. */
class InexactNumber {
	readonly source: string;

	constructor(source: string) {
		this.source = source;
	}
}

/** Only a long number, or one with a long exponent, can be inexact: most texts have none. */
const MAYBE_INEXACT = /\d{16}|[eE]\+?\d{2}/;

/**
 * Parses JSON and refuses numbers that would be changed. `root` goes before each path.
 * @throws SyntaxError when the text is not JSON
 */
export function parseExactJson(text: string, root = ''): ExactJson {
	if (!MAYBE_INEXACT.test(text)) return { ok: true, value: JSON.parse(text) };
	const errors: FieldError[] = [];
	const value: unknown = JSON.parse(text, markInexact);
	findInexact(value, root, errors);
	return errors.length > 0 ? { ok: false, errors } : { ok: true, value };
}

/**
 * The fields of a JSON text whose numbers would be changed. A text without a long number is not parsed.
 * @throws SyntaxError when a text with a long number is not JSON
 */
export function inexactFields(text: string): FieldError[] {
	if (!MAYBE_INEXACT.test(text)) return [];
	const parsed = parseExactJson(text);
	return parsed.ok ? [] : parsed.errors;
}

/** Why a number as it was written cannot be taken; null when it can. */
export function inexactNumber(source: string): string | null {
	return isExact(source, Number(source)) ? null : inexact(source);
}

function inexact(source: string): string {
	const shown = source.length > 40 ? `${source.slice(0, 40)}…` : source;
	return `${shown} has more digits than a number can hold: write it as text, "${shown}"`;
}

function markInexact(_key: string, value: unknown, context?: { source?: string }): unknown {
	const source = context?.source;
	if (typeof value !== 'number' || source === undefined || isExact(source, value)) return value;
	return new InexactNumber(source);
}

function isExact(source: string, value: number): boolean {
	if (!Number.isFinite(value)) return false;
	if (Number.isSafeInteger(value) || !Number.isInteger(value)) return true;
	const digits = /^\s*(-?\d+)(?:\.0+)?\s*$/.exec(source)?.[1];
	// With an exponent nobody expects each digit; without one, all of them count.
	return digits === undefined
		? !/\d\.\d/.test(source) || /[eE]/.test(source)
		: BigInt(digits) === BigInt(value);
}

function findInexact(value: unknown, path: string, errors: FieldError[]): void {
	const open: { value: unknown; path: string }[] = [{ value, path }];
	for (let next = open.pop(); next; next = open.pop()) {
		if (next.value instanceof InexactNumber) {
			errors.push({ path: next.path, message: inexact(next.value.source) });
		} else if (typeof next.value === 'object' && next.value !== null) {
			for (const [key, member] of Object.entries(next.value)) {
				open.push({ value: member, path: next.path === '' ? key : `${next.path}.${key}` });
			}
		}
	}
}
