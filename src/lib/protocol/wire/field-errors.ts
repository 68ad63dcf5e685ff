import { z } from 'zod';

/** One field that is wrong and why; `path` is dotted: `params.amount`. */
export const fieldErrorSchema = z.object({ path: z.string(), message: z.string() });
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** Says, field by field, what zod found wrong. `root` goes before each path. */
export function fieldErrors(error: z.core.$ZodError, root = ''): FieldError[] {
	return error.issues.flatMap((issue) => errorsOf(issue, root));
}

function errorsOf(issue: z.core.$ZodIssue, root: string): FieldError[] {
	const path = [root, ...issue.path.map(String)].filter(Boolean).join('.');
	const nearest = issue.code === 'invalid_union' ? nearestVariant(issue.errors) : null;
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
