import { schemaFormText } from '$lib/messages/components/schema-form';
import { inexactNumber, parseExactJson, type FieldError, type Json } from '../../protocol';
import type { Draft, DraftOf } from './draft';
import type { Field, FieldOf } from './field';

/** The value of a draft; undefined where nothing is given. */
export type DraftReading = { value: Json | undefined; errors: FieldError[] };

/** Reads the value of a draft. Errors name their field by its dotted path, below `path`. */
export function toValue(field: Field, draft: Draft, path = 'params'): DraftReading {
	const given = read(field, draft, path);
	if (given.value !== undefined || given.errors.length > 0 || !field.required) return given;
	return { value: undefined, errors: [{ path, message: schemaFormText.required }] };
}

function read(field: Field, draft: Draft, path: string): DraftReading {
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

const of = (value: Json | undefined): DraftReading => ({ value, errors: [] });

function readNumber(field: FieldOf<'number'>, text: string, path: string): DraftReading {
	if (text.trim() === '') return of(undefined);
	const value = Number(text);
	const wrong = (message: string) => ({ value: undefined, errors: [{ path, message }] });
	if (!Number.isFinite(value)) return wrong(schemaFormText.notANumber);
	if (field.integer && !Number.isInteger(value)) return wrong(schemaFormText.notAnInteger);
	const inexact = inexactNumber(text);
	return inexact === null ? of(value) : wrong(inexact);
}

function readJson(text: string, path: string): DraftReading {
	if (text.trim() === '') return of(undefined);
	const parsed = parseJson(text);
	return parsed.ok
		? of(parsed.value)
		: { value: undefined, errors: [{ path, message: parsed.message }] };
}

function readList(field: FieldOf<'list'>, draft: DraftOf<'list'>, path: string): DraftReading {
	const readings = draft.items.map((item, index) => toValue(field.item, item, `${path}.${index}`));
	const errors = readings.flatMap((reading) => reading.errors);
	const isGiven = field.required || readings.length > 0;
	return { value: isGiven ? readings.map(({ value }) => value ?? null) : undefined, errors };
}

function readGroup(field: FieldOf<'group'>, draft: DraftOf<'group'>, path: string): DraftReading {
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

/** Parses typed JSON; the message says where it is invalid. */
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
		return { ok: false, message: schemaFormText.notJson(why) };
	}
}
