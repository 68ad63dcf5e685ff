import { z } from 'zod';
import { fieldErrorsText } from '../../../../messages/server/field-errors';
import { ProblemError } from '../../../../protocol';

/** Writes where a page ended as text that nobody needs to read. */
export function encodeCursor(values: (string | number)[]): string {
	const bytes = new TextEncoder().encode(JSON.stringify(values));
	return btoa(String.fromCharCode(...bytes))
		.replaceAll('+', '-')
		.replaceAll('/', '_');
}

/** Reads a cursor. @throws ProblemError `invalid-input` for one that was not handed out here. */
export function decodeCursor(cursor: string): unknown[] {
	try {
		const text = atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
		const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
		const values: unknown = JSON.parse(new TextDecoder().decode(bytes));
		if (Array.isArray(values)) return values;
	} catch {
		// Not base64 or not JSON: refused below like any other stranger.
	}
	throw new ProblemError('invalid-input', fieldErrorsText.cursor);
}

/** Reads a cursor that holds what the schema says. @throws ProblemError as `decodeCursor` */
export function parseCursor<T>(cursor: string, schema: z.ZodType<T>): T {
	const parsed = schema.safeParse(decodeCursor(cursor));
	if (parsed.success) return parsed.data;
	throw new ProblemError('invalid-input', fieldErrorsText.cursor);
}

/** What the cursor of a list by ids holds. */
export const ID_CURSOR = z.tuple([z.number().int()]);
