// What a person has typed so far, field by field. A draft always fits its field, half-written
// numbers and all; reading.ts gets the JSON out of it and says what is missing.
import type { Json } from '../../protocol';
import type { Field, FieldOf } from './field';
import { isObject } from './json-schema';

export type Draft =
	| { kind: 'text'; text: string }
	| { kind: 'number'; text: string }
	| { kind: 'boolean'; value: boolean | null }
	/** The place of the chosen option; -1 for none. */
	| { kind: 'choice'; index: number }
	| { kind: 'fixed' }
	| { kind: 'list'; items: Draft[] }
	/** A group that one may leave out is filled in once it is given. */
	| { kind: 'group'; given: boolean; drafts: Record<string, Draft> }
	/** The place of the chosen variant, -1 for none, and what was typed in each. */
	| { kind: 'union'; index: number; drafts: Draft[] }
	| { kind: 'json'; text: string };

export type DraftOf<K extends Draft['kind']> = Extract<Draft, { kind: K }>;

/** A draft that says the value; without one, what stands by default or nothing at all. */
export function toDraft(field: Field, given?: Json): Draft {
	const value = given === undefined ? field.fallback : given;
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
			return { kind: 'json', text: value === undefined ? '' : JSON.stringify(value, null, 2) };
	}
}

/** One has to answer yes or no: "no" is where it begins. One who need not begins with neither. */
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

/** Can the field hold the value? It looks at the shape only: limits are the schema's to check. */
export function fits(field: Field, value: Json): boolean {
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
