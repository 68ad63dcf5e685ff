import { z } from 'zod';

/** Any JSON value: what params, progress, outputs and payloads are made of. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** A JSON object: metadata and facts. */
export type JsonObject = { [key: string]: Json };

export const jsonSchema: z.ZodType<Json> = z.json();
export const jsonObjectSchema = z.record(z.string(), jsonSchema);

/** Milliseconds since the epoch, as the server's clock had it. */
export const timestampSchema = z.number().int().nonnegative();

/** Stands in for a value that was too large to keep or to send. */
export type Omitted = { $omitted: { bytes: number } };

/** A UTF-16 unit takes at most so many bytes of UTF-8. */
const MOST_BYTES = 3;

/** Replaces a value whose JSON is longer than `maxBytes` by a marker that says how long it was. */
export function capJson(value: Json, maxBytes: number): Json {
	const text = JSON.stringify(value);
	if (text.length * MOST_BYTES <= maxBytes) return value;
	const bytes = new TextEncoder().encode(text).byteLength;
	return bytes > maxBytes ? { $omitted: { bytes } } : value;
}

/** How long a value is as JSON, bytes of UTF-8. */
export function bytesOf(value: Json): number {
	return new TextEncoder().encode(JSON.stringify(value)).byteLength;
}

/** Is this the marker that {@link capJson} leaves? */
export function isOmitted(value: unknown): value is Omitted {
	return (
		typeof value === 'object' &&
		value !== null &&
		'$omitted' in value &&
		Object.keys(value).length === 1
	);
}

/** How deep JSON from outside may be nested: what the engine and the schemas read without trouble. */
export const MAX_JSON_DEPTH = 100;

/** The largest frame that a client may send, and the largest body unless its route says more, bytes. */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** Is a value nested deeper than so many arrays and objects? */
export function isDeeperThan(value: unknown, depth: number): boolean {
	let level: unknown[] = [value];
	for (let left = depth; left >= 0; left -= 1) {
		level = level.flatMap((each) => (typeof each === 'object' && each ? Object.values(each) : []));
		if (level.length === 0) return false;
	}
	return true;
}
