// The input so far, field by field. A draft always fits its field, even with half-typed numbers;
// reading.ts reads the value and finds what is missing.
import { z } from 'zod';
import { isRedacted, withoutRedacted, type Json } from '../../protocol';
import type { Field, FieldOf } from './field';
import { isObject } from './json-schema';

export const draftSchema: z.ZodType<Draft> = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('text'), text: z.string() }),
	z.object({ kind: z.literal('number'), text: z.string() }),
	z.object({ kind: z.literal('boolean'), value: z.boolean().nullable() }),
	z.object({ kind: z.literal('choice'), index: z.int() }),
	z.object({ kind: z.literal('fixed') }),
	z.object({ kind: z.literal('list'), items: z.array(z.lazy(() => draftSchema)) }),
	z.object({
		kind: z.literal('group'),
		given: z.boolean(),
		drafts: z.record(
			z.string(),
			z.lazy(() => draftSchema)
		)
	}),
	z.object({
		kind: z.literal('union'),
		index: z.int(),
		drafts: z.array(z.lazy(() => draftSchema))
	}),
	z.object({ kind: z.literal('json'), text: z.string() })
]);

export type Draft =
	| { kind: 'text'; text: string }
	| { kind: 'number'; text: string }
	| { kind: 'boolean'; value: boolean | null }
	/** The index of the selected option; -1 for none. */
	| { kind: 'choice'; index: number }
	| { kind: 'fixed' }
	| { kind: 'list'; items: Draft[] }
	/** An optional group counts only once it is given. */
	| { kind: 'group'; given: boolean; drafts: Record<string, Draft> }
	/** The index of the selected variant, -1 for none, and the input of each. */
	| { kind: 'union'; index: number; drafts: Draft[] }
	| { kind: 'json'; text: string };

export type DraftOf<K extends Draft['kind']> = Extract<Draft, { kind: K }>;

/** A draft of a value; without one, of the default or empty. */
export function toDraft(field: Field, given?: Json): Draft {
	const value = given === undefined ? field.fallback : isRedacted(given) ? undefined : given;
	switch (field.kind) {
		case 'text':
			return { kind: 'text', text: typeof value === 'string' ? value : '' };
		case 'number':
			return { kind: 'number', text: typeof value === 'number' ? String(value) : '' };
		case 'boolean':
			return { kind: 'boolean', value: typeof value === 'boolean' ? value : firstAnswer(field) };
		case 'choice':
			return { kind: 'choice', index: field.options.findIndex((option) => isSame(option, value)) };
		case 'fixed':
			return { kind: 'fixed' };
		case 'list':
			return {
				kind: 'list',
				items: Array.isArray(value)
					? value.map((item) => toDraft(field.item, item))
					: Array.from({ length: field.minItems }, () => toDraft(field.item))
			};
		case 'group':
			return {
				kind: 'group',
				given: field.required || isObject(value),
				drafts: Object.fromEntries(
					field.properties.map(({ name, field: property }) => [
						name,
						toDraft(property, isObject(value) ? value[name] : undefined)
					])
				)
			};
		case 'union':
			return unionDraft(field, value);
		case 'json':
			return {
				kind: 'json',
				text: value === undefined ? '' : JSON.stringify(withoutRedacted(value), null, 2)
			};
	}
}

/**
 * Is this a draft of the field? What was kept may have been made for an older version of the
 * workflow, which had other fields.
 */
export function isDraftOf(field: Field, draft: Draft | undefined): draft is Draft {
	if (draft?.kind !== field.kind) return false;
	if (field.kind === 'choice' && draft.kind === 'choice') return draft.index < field.options.length;
	if (field.kind === 'list' && draft.kind === 'list') {
		return draft.items.every((item) => isDraftOf(field.item, item));
	}
	if (field.kind === 'group' && draft.kind === 'group') {
		return field.properties.every(({ name, field: own }) => isDraftOf(own, draft.drafts[name]));
	}
	if (field.kind === 'union' && draft.kind === 'union') {
		const { variants } = field;
		const isEach = variants.every((variant, index) => isDraftOf(variant, draft.drafts[index]));
		return isEach && draft.index < variants.length;
	}
	return true;
}

/** A required answer starts with "no", an optional one with neither. */
function firstAnswer(field: Field): boolean | null {
	return field.required ? false : null;
}

function unionDraft(field: FieldOf<'union'>, value: Json | undefined): Draft {
	const fitting =
		value === undefined ? -1 : field.variants.findIndex((variant) => fits(variant, value));
	return {
		kind: 'union',
		index: fitting < 0 && field.required ? 0 : fitting,
		drafts: field.variants.map((variant, index) =>
			toDraft(variant, index === fitting ? value : undefined)
		)
	};
}

const isSame = (a: Json, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** Can the field hold the value? Checks the shape only; the schema checks limits. */
export function fits(field: Field, value: Json): boolean {
	if (isRedacted(value)) return true;
	switch (field.kind) {
		case 'text':
			return typeof value === 'string';
		case 'number':
			return typeof value === 'number' && (!field.integer || Number.isInteger(value));
		case 'boolean':
			return typeof value === 'boolean';
		case 'choice':
			return field.options.some((option) => isSame(option, value));
		case 'fixed':
			return isSame(field.value, value);
		case 'list':
			return Array.isArray(value) && value.every((item) => fits(field.item, item));
		case 'group':
			return isObject(value) && fitsGroup(field, value);
		case 'union':
			return field.variants.some((variant) => fits(variant, value));
		case 'json':
			return true;
	}
}

function fitsGroup(field: FieldOf<'group'>, value: Record<string, Json>): boolean {
	const known = field.properties.every(({ name, field: property }) => {
		const own = value[name];
		return own === undefined ? !property.required : fits(property, own);
	});
	return known && Object.keys(value).every((key) => field.properties.some((p) => p.name === key));
}
