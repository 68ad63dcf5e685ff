import { schemaFormText } from '$lib/messages/components/schema-form';
import type { Json, JsonObject } from '../../protocol';

export function isObject(value: Json | undefined): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const textOf = (value: Json | undefined) => (typeof value === 'string' ? value : null);

/** A limit; zod writes the largest safe integer where there is none. */
export function limitOf(value: Json | undefined): number | null {
	return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
}

/** A longer chain of `$ref` is a cycle. */
const MOST_HOPS = 8;

/** Follows `$ref` inside the schema; a broken one gives an empty schema. */
export function resolve(given: Json | undefined, root: JsonObject): JsonObject {
	let schema = given;
	for (let hops = 0; isObject(schema) && typeof schema.$ref === 'string'; hops += 1) {
		const { $ref, ...beside } = schema;
		const target = hops > MOST_HOPS ? undefined : lookUp(root, $ref);
		schema = isObject(target) ? { ...target, ...beside } : {};
	}
	return isObject(schema) ? schema : {};
}

function lookUp(root: JsonObject, ref: string): Json | undefined {
	let at: Json | undefined = root;
	for (const part of ref.split('/').slice(1)) at = isObject(at) ? at[part] : undefined;
	return at;
}

/** The variants of `anyOf`, `oneOf` or several types; null for a plain schema. */
export function variantsOf(schema: JsonObject): Json[] | null {
	const listed = schema.anyOf ?? schema.oneOf;
	if (Array.isArray(listed)) return listed;
	if (!Array.isArray(schema.type)) return null;
	const { default: _default, description: _description, title: _title, ...rest } = schema;
	return schema.type.map((type) => ({ ...rest, type }));
}

const TYPE_NAMES: Record<string, string> = schemaFormText.types;

/** The name of a variant: its title, its constant, the property only it has, or its type. */
export function variantTitle(schema: JsonObject, all: JsonObject[]): string {
	if (typeof schema.title === 'string') return schema.title;
	const properties = isObject(schema.properties) ? schema.properties : {};
	for (const property of Object.values(properties)) {
		if (isObject(property) && property.const !== undefined) return String(property.const);
	}
	const others = all.filter((other) => other !== schema);
	const own = Object.keys(properties).find((name) =>
		others.every((other) => !isObject(other.properties) || !(name in other.properties))
	);
	return own ?? TYPE_NAMES[String(schema.type)] ?? schemaFormText.otherType;
}
