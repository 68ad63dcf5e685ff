import { z } from 'zod';

/** Any JSON value: what params, progress, outputs and payloads are made of. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object: metadata and facts. */
export type JsonObject = { [key: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.json();
export const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** Milliseconds since the epoch, as the server's clock had it. */
export const timestampSchema = z.number().int().nonnegative();

/**
 * Turns any value into JSON, as it would arrive over the wire: `undefined`, functions and
 * symbols become `null`, dates become ISO text, and what cannot be written (a cycle, a BigInt)
 * becomes its text.
 */
export function toJson(value: unknown): Json {
	if (value === undefined) return null;
	try {
		return jsonSchema.parse(JSON.parse(JSON.stringify(value) ?? 'null'));
	} catch {
		// JSON.stringify throws on cycles and BigInts only; their text is the best that can be shown.
		return String(value);
	}
}

/** Stands in for a value that was too large to keep or to send. */
export type Omitted = { $omitted: { bytes: number } };

/** Replaces a value whose JSON is longer than `maxBytes` by a marker that says how long it was. */
export function capJson(value: Json, maxBytes: number): Json {
	const bytes = JSON.stringify(value).length;
	return bytes > maxBytes ? { $omitted: { bytes } } : value;
}

/** Is this the marker that {@link capJson} leaves? */
export function isOmitted(value: unknown): value is Omitted {
	return (
		typeof value === 'object' && value !== null && '$omitted' in value && Object.keys(value).length === 1
	);
}
