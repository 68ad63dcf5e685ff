// The metadata of a run: what it is found and filtered by, so it is indexed whole and has to stay
// small. Callers from outside are refused beyond the limits; what an Agent's own code gives is cut
// to them, since the run starts either way.
import { valuesText } from '../../messages/server/values';
import {
	bytesOf,
	capJson,
	isDeeperThan,
	jsonObjectSchema,
	type Json,
	type JsonObject,
	type Omitted
} from '../wire/json';
import { refuseRedacted } from '../wire/redact';

/** `bytes` are those of its JSON as UTF-8, `keyLength` characters, `depth` levels below the top. */
export const METADATA_LIMITS = { bytes: 16_384, keys: 100, keyLength: 200, depth: 10 } as const;

/** The key under which {@link fitMetadata} says how much it left out. */
const OMITTED_KEY = '$omitted';

/** Metadata as callers may send it. */
export const metadataSchema = jsonObjectSchema.superRefine((metadata, context) => {
	const problem = problemOf(metadata);
	if (problem) context.addIssue({ code: 'custom', message: problem });
	else refuseRedacted(metadata, context);
});

/**
 * Metadata within {@link METADATA_LIMITS}: entries that fit are kept in their order, and what does
 * not fit is replaced by a marker with its size in bytes.
 */
export function fitMetadata(metadata: JsonObject): JsonObject {
	if (problemOf(metadata) === null) return metadata;
	const room = METADATA_LIMITS.bytes - bytesOf({ [OMITTED_KEY]: omitted(Number.MAX_SAFE_INTEGER) });
	const kept: [key: string, value: Json][] = [];
	let [used, left] = [0, 0];
	for (const [key, value] of Object.entries(metadata)) {
		const entry = isDeeperThan(value, METADATA_LIMITS.depth)
			? omitted(bytesOf(value))
			: capJson(value, METADATA_LIMITS.bytes / 4);
		const bytes = bytesOf({ [key]: entry });
		const isKept =
			kept.length < METADATA_LIMITS.keys - 1 &&
			key.length <= METADATA_LIMITS.keyLength &&
			used + bytes <= room;
		if (isKept) {
			kept.push([key, entry]);
			used += bytes;
		} else {
			left += bytes;
		}
	}
	if (left > 0) kept.push([OMITTED_KEY, { bytes: left }]);
	return Object.fromEntries(kept);
}

function problemOf(metadata: JsonObject): string | null {
	const { keys, keyLength, depth, bytes } = METADATA_LIMITS;
	const names = Object.keys(metadata);
	if (names.length > keys) return valuesText.tooManyKeys(keys);
	if (names.some((name) => name.length > keyLength)) return valuesText.keyTooLong(keyLength);
	if (isDeeperThan(metadata, depth)) return valuesText.tooDeep(depth);
	return bytesOf(metadata) > bytes ? valuesText.tooLarge(bytes) : null;
}

function omitted(bytes: number): Omitted {
	return { $omitted: { bytes } };
}
