import { z } from 'zod';
import { fieldErrors, type FieldError, type Json, type JsonObject } from '../../protocol';

/**
 * Checks a value against a JSON Schema. Rules that a schema cannot express (a sum that must fit, a
 * name that must exist) are checked by the server.
 */
export function validate(schema: JsonObject, value: Json, root = 'params'): FieldError[] {
	const checker = checkerOf(schema);
	const result = checker?.safeParse(value);
	return result?.error ? fieldErrors(result.error, root) : [];
}

const checkers = new WeakMap<JsonObject, z.ZodType | null>();

function checkerOf(schema: JsonObject): z.ZodType | null {
	const known = checkers.get(schema);
	if (known !== undefined) return known;
	const made = makeChecker(schema);
	checkers.set(schema, made);
	return made;
}

function makeChecker(schema: JsonObject): z.ZodType | null {
	try {
		return z.fromJSONSchema(schema);
	} catch {
		// Only the server checks a schema that zod cannot read.
		return null;
	}
}
