import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capJson, isOmitted, toJson } from '../../../../src/lib/protocol';

describe('capJson', () => {
	it('keeps a value up to the limit and replaces a longer one by its length', () => {
		expect(capJson('abc', 5)).toBe('abc');
		expect(capJson('abcd', 5)).toEqual({ $omitted: { bytes: 6 } });
	});

	it('counts bytes, not characters', () => {
		expect(capJson('ééé', 8)).toBe('ééé');
		expect(capJson('ééé', 7)).toEqual({ $omitted: { bytes: 8 } });
		expect(capJson('😀', 5)).toEqual({ $omitted: { bytes: 6 } });
	});

	it('keeps exactly what fits, whatever it is', () => {
		fc.assert(
			fc.property(fc.jsonValue({ noUnicodeString: false }), fc.nat(60), (value, limit) => {
				const json = toJson(value);
				const bytes = new TextEncoder().encode(JSON.stringify(json)).byteLength;
				expect(capJson(json, limit)).toEqual(bytes <= limit ? json : { $omitted: { bytes } });
			})
		);
	});

	it('leaves a mark that is told from a value', () => {
		expect(isOmitted(capJson('a'.repeat(100), 10))).toBe(true);
		for (const value of [null, 'text', {}, { $omitted: 1, other: 2 }, ['$omitted']]) {
			expect(isOmitted(value)).toBe(false);
		}
	});
});
