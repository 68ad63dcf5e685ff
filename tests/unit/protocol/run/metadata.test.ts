import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitMetadata, METADATA_LIMITS, metadataSchema } from '../../../../src/lib/protocol';
import type { Json, JsonObject } from '../../../../src/lib/protocol';

const { bytes, keys, keyLength, depth } = METADATA_LIMITS;

function nested(levels: number): Json {
	let value: Json = 1;
	for (let level = 0; level < levels; level += 1) value = { inner: value };
	return value;
}

const tooMuch: [string, JsonObject, string][] = [
	['many keys', Object.fromEntries([...Array(keys + 1).keys()].map((n) => [`k${n}`, n])), 'keys'],
	['a long key', { ['k'.repeat(keyLength + 1)]: 1 }, 'characters'],
	['deep nesting', { a: nested(depth + 1) }, 'levels'],
	['one large value', { order: 'ORD-1', blob: 'x'.repeat(5_000_000) }, 'bytes'],
	[
		'many values',
		Object.fromEntries([...'abcdefgh'].map((key) => [key, 'é'.repeat(1500)])),
		'bytes'
	]
];

describe('metadata of a request', () => {
	test.each(tooMuch)('is refused with %s', (_, metadata, limit) => {
		const parsed = metadataSchema.safeParse(metadata);
		expect(parsed.error?.issues).toMatchObject([{ message: expect.stringContaining(limit) }]);
	});

	test('is accepted at the limits', () => {
		expect(metadataSchema.safeParse({ a: nested(depth - 1) }).success).toBe(true);
		expect(metadataSchema.safeParse({ a: 'x'.repeat(bytes - 8) }).success).toBe(true);
		expect(metadataSchema.safeParse({ a: 'x'.repeat(bytes - 7) }).success).toBe(false);
	});
});

describe('fitMetadata', () => {
	test.each(tooMuch)('cuts %s to what a request may have', (_, metadata) => {
		const fitted = fitMetadata(metadata);
		expect(metadataSchema.safeParse(fitted).success).toBe(true);
		expect(JSON.stringify(fitted)).toContain('$omitted');
	});

	test('keeps what fits, and says how large the rest was', () => {
		const fitted = fitMetadata({ order: 'ORD-1', blob: 'x'.repeat(5_000_000), amount: 5 });
		expect(fitted).toEqual({ order: 'ORD-1', blob: { $omitted: { bytes: 5_000_002 } }, amount: 5 });
	});

	test('fits any metadata, and changes none that fits', () => {
		fc.assert(
			fc.property(
				fc.dictionary(
					fc.string({ maxLength: 300 }),
					fc.oneof(fc.jsonValue(), fc.string({ maxLength: 6000, unit: 'grapheme' })),
					{ maxKeys: 150 }
				),
				(any) => {
					const metadata: JsonObject = JSON.parse(JSON.stringify(any));
					const fitted = fitMetadata(metadata);
					expect(metadataSchema.safeParse(fitted).success).toBe(true);
					if (metadataSchema.safeParse(metadata).success) expect(fitted).toBe(metadata);
				}
			),
			{ numRuns: 60 }
		);
	});
});
