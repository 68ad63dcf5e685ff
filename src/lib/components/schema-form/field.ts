// Reads a JSON Schema as form fields. What a form cannot show well becomes a JSON field, so a form can
// send every value that its schema accepts.
import type { Json, JsonObject } from '../../protocol';
import { isObject, limitOf, resolve, textOf, variantsOf, variantTitle } from './json-schema';

type Common = {
	title: string;
	description: string | null;
	required: boolean;
	/** The value when nothing is given. */
	fallback: Json | undefined;
};

export type Field = Common &
	/** `long` has several lines; `file` is rather loaded than typed. */
	(
		| { kind: 'text'; long: boolean; file: boolean; format: string | null; minLength: number }
		| { kind: 'number'; integer: boolean; min: number | null; max: number | null }
		| { kind: 'boolean' }
		| { kind: 'choice'; options: Json[] }
		| { kind: 'fixed'; value: Json }
		| { kind: 'list'; item: Field; minItems: number; maxItems: number | null }
		| { kind: 'group'; properties: Property[] }
		| { kind: 'union'; variants: Field[] }
		| { kind: 'json' }
	);

type FieldKind = Field['kind'];
export type FieldOf<K extends FieldKind> = Extract<Field, { kind: K }>;
export type Property = { name: string; field: Field };

/** A place in a schema: the property's name, and a title for schemas that have none. */
type Place = { name: string; title?: string; required: boolean; root: JsonObject; depth: number };

/** Deeper levels become JSON fields: a recursive schema never ends. */
const MAX_FORM_DEPTH = 6;

/** Reads a schema as a field. */
export function toField(schema: JsonObject, name = ''): Field {
	return read(schema, { name, required: true, root: schema, depth: 0 });
}

function read(given: Json | undefined, place: Place): Field {
	const schema = resolve(given, place.root);
	const common: Common = {
		title: textOf(schema.title) ?? place.title ?? place.name,
		description: textOf(schema.description),
		required: place.required,
		fallback: schema.default
	};
	if (place.depth > MAX_FORM_DEPTH) return { ...common, kind: 'json' };
	if (schema.const !== undefined) return { ...common, kind: 'fixed', value: schema.const };
	if (Array.isArray(schema.enum)) return { ...common, kind: 'choice', options: schema.enum };
	const variants = variantsOf(schema);
	return variants ? readUnion(variants, common, place) : readType(schema, common, place);
}

function readType(schema: JsonObject, common: Common, place: Place): Field {
	switch (schema.type) {
		case 'string':
			return readText(schema, common, place);
		case 'integer':
		case 'number': {
			const [min, max] = [limitOf(schema.minimum), limitOf(schema.maximum)];
			return { ...common, kind: 'number', integer: schema.type === 'integer', min, max };
		}
		case 'boolean':
			return { ...common, kind: 'boolean' };
		case 'null':
			return { ...common, kind: 'fixed', value: null };
		case 'array':
			return readList(schema, common, place);
		case 'object':
			return readGroup(schema, common, place);
		default:
			return { ...common, kind: 'json' };
	}
}

/** Names of long texts, where the schema does not limit the length. */
const PROSE_NAME = /^(comment|description|message|note|prompt)$/i;
const FILE_NAME = /^(body|content|csv|data|document|markdown|script|text)$/i;

function readText(schema: JsonObject, common: Common, { name }: Place): Field {
	const format = textOf(schema.format);
	const maxLength = limitOf(schema.maxLength);
	const isSaid = format === 'textarea' || schema.contentMediaType !== undefined;
	const isFree = (format === null || isSaid) && schema.pattern === undefined;
	const isFile = isSaid || (isFree && maxLength === null && FILE_NAME.test(name));
	const isProse = maxLength === null ? PROSE_NAME.test(name) : maxLength > 500;
	// An email address or a code is never empty, even if its schema allows that.
	const minLength = limitOf(schema.minLength) ?? (isFree ? 0 : 1);
	const long = isFile || (isFree && isProse);
	return { ...common, kind: 'text', long, file: isFile, format, minLength };
}

function readList(schema: JsonObject, common: Common, place: Place): Field {
	if (!isObject(schema.items)) return { ...common, kind: 'json' };
	return {
		...common,
		kind: 'list',
		item: read(schema.items, {
			name: '',
			required: true,
			root: place.root,
			depth: place.depth + 1
		}),
		minItems: limitOf(schema.minItems) ?? 0,
		maxItems: limitOf(schema.maxItems)
	};
}

function readGroup(schema: JsonObject, common: Common, place: Place): Field {
	if (!isObject(schema.properties)) return { ...common, kind: 'json' };
	const needed = Array.isArray(schema.required) ? schema.required : [];
	const inside = { root: place.root, depth: place.depth + 1 };
	const properties = Object.entries(schema.properties).map(([name, property]) => ({
		name,
		field: read(property, { ...inside, name, required: needed.includes(name) })
	}));
	return { ...common, kind: 'group', properties };
}

function readUnion(given: Json[], common: Common, place: Place): Field {
	const schemas = given.map((variant) => resolve(variant, place.root));
	const constants = schemas.flatMap(({ const: value }) => (value === undefined ? [] : [value]));
	if (constants.length === schemas.length) return { ...common, kind: 'choice', options: constants };
	const variants = schemas.map((schema) => {
		const title = variantTitle(schema, schemas);
		return read(schema, { ...place, title, required: true, depth: place.depth + 1 });
	});
	return { ...common, kind: 'union', variants };
}
