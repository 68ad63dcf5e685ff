import { z } from 'zod';
import type { FieldError, Json, JsonObject } from '../../protocol';

/**
 * Checks a value against a JSON Schema and says what is wrong, field by field. What the schema
 * cannot say (a sum that must fit, a name that must exist) the server says when it is asked.
 */
export function validate(schema: JsonObject, value: Json, root = 'params'): FieldError[] {
	const checker = checkerOf(schema);
	const result = checker?.safeParse(value);
	return result?.error ? result.error.issues.flatMap((issue) => errorsOf(issue, root)) : [];
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
		// A schema that zod cannot read is checked by the server alone.
		return null;
	}
}

function errorsOf(issue: z.core.$ZodIssue, root: string): FieldError[] {
	const path = [root, ...issue.path.map(String)].join('.');
	if (issue.code !== 'invalid_union') return [{ path, message: issue.message }];
	const nearest = nearestVariant(issue.errors);
	return nearest?.flatMap((inner) => errorsOf(inner, path)) ?? [{ path, message: issue.message }];
}

/**
 * Of a union's variants, the one that was meant: the only one whose errors lie inside the value.
 * Null when it is not clear.
 */
function nearestVariant(variants: z.core.$ZodIssue[][]): z.core.$ZodIssue[] | null {
	const isInside = (issue: z.core.$ZodIssue) =>
		issue.path.length > 0 && issue.code !== 'unrecognized_keys';
	const meant = variants.filter((issues) => issues.length > 0 && issues.every(isInside));
	const sorted = meant.toSorted((a, b) => a.length - b.length);
	const [best, next] = sorted;
	return best && best.length !== next?.length ? best : null;
}
