import { z } from 'zod';
import { timestampSchema, type Json } from '../wire/json';

/** The numbers that a run reported at one time, so that their way can be drawn. */
export const progressPointSchema = z.object({
	at: timestampSchema,
	values: z.record(z.string(), z.number())
});
export type ProgressPoint = z.infer<typeof progressPointSchema>;

/** Numbers beyond this many are not kept. */
const MOST_NUMBERS = 8;

/** The numbers of a progress of any shape by their names; a bare number is called `progress`. */
export function progressNumbers(progress: Json): Record<string, number> {
	if (typeof progress === 'number') return { progress };
	if (typeof progress !== 'object' || progress === null || Array.isArray(progress)) return {};
	const numbers = Object.entries(progress).filter(
		(entry): entry is [string, number] => typeof entry[1] === 'number'
	);
	return Object.fromEntries(numbers.slice(0, MOST_NUMBERS));
}
