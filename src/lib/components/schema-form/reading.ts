import { inexactNumber, parseExactJson, type FieldError, type Json } from '../../protocol';
import type { Draft, DraftOf } from './draft';
import type { Field, FieldOf } from './field';

/** What a draft says. `value` is undefined where nothing is given. */
export type Reading = { value: Json | undefined; errors: FieldError[] };

/** Reads the JSON out of a draft. Errors name their field by its dotted path, below `path`. */
export function toValue(field: Field, draft: Draft, path = 'params'): Reading {
	const given = read(field, draft, path);
	if (given.value !== undefined || given.errors.length > 0 || !field.required) return given;
	return { value: undefined, errors: [{ path, message: 'is required' }] };
}

function read(field: Field, draft: Draft, path: string): Reading {
	if (field.kind === 'text' && draft.kind === 'text') {
		const isGiven = draft.text !== '' || (field.required && field.minLength === 0);
		return of(isGiven ? draft.text : undefined);
	}
	if (field.kind === 'number' && draft.kind === 'number')
		return readNumber(field, draft.text, path);
	if (field.kind === 'boolean' && draft.kind === 'boolean') return of(draft.value ?? undefined);
	if (field.kind === 'choice' && draft.kind === 'choice') return of(field.options[draft.index]);
	if (field.kind === 'fixed') return of(field.required ? field.value : undefined);
	if (field.kind === 'list' && draft.kind === 'list') return readList(field, draft, path);
	if (field.kind === 'group' && draft.kind === 'group') return readGroup(field, draft, path);
	if (field.kind === 'union' && draft.kind === 'union') {
		const variant = field.variants[draft.index];
		const own = draft.drafts[draft.index];
		return variant && own ? toValue(variant, own, path) : of(undefined);
	}
	return draft.kind === 'json' ? readJson(draft.text, path) : of(undefined);
}

const of = (value: Json | undefined): Reading => ({ value, errors: [] });

function readNumber(field: FieldOf<'number'>, text: string, path: string): Reading {
	if (text.trim() === '') return of(undefined);
	const value = Number(text);
	const wrong = (message: string) => ({ value: undefined, errors: [{ path, message }] });
	if (!Number.isFinite(value)) return wrong('must be a number');
	if (field.integer && !Number.isInteger(value)) return wrong('must be a whole number');
	const inexact = inexactNumber(text);
	return inexact === null ? of(value) : wrong(inexact);
}

function readJson(text: string, path: string): Reading {
	if (text.trim() === '') return of(undefined);
	const parsed = parseJson(text);
	return parsed.ok
		? of(parsed.value)
		: { value: undefined, errors: [{ path, message: parsed.message }] };
}

function readList(field: FieldOf<'list'>, draft: DraftOf<'list'>, path: string): Reading {
	const readings = draft.items.map((item, index) => toValue(field.item, item, `${path}.${index}`));
	const errors = readings.flatMap((reading) => reading.errors);
	const isGiven = field.required || readings.length > 0;
	return { value: isGiven ? readings.map(({ value }) => value ?? null) : undefined, errors };
}

function readGroup(field: FieldOf<'group'>, draft: DraftOf<'group'>, path: string): Reading {
	if (!draft.given) return of(undefined);
	const readings = field.properties.map(({ name, field: property }) => {
		const own = draft.drafts[name];
		return { name, ...(own ? toValue(property, own, `${path}.${name}`) : of(undefined)) };
	});
	const given = readings.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]]));
	return {
		value: Object.fromEntries(given),
		errors: readings.flatMap((reading) => reading.errors)
	};
}

/** Reads JSON that a person typed; says in words where it breaks. */
export function parseJson(
	text: string
): { ok: true; value: Json } | { ok: false; message: string } {
	try {
		const parsed = parseExactJson(text);
		if (parsed.ok) return { ok: true, value: parsed.value as Json }; // JSON.parse gives nothing else
		const [first] = parsed.errors;
		return {
			ok: false,
			message: first?.path ? `${first.path}: ${first.message}` : (first?.message ?? '')
		};
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { ok: false, message: `is not JSON: ${why}` };
	}
}
