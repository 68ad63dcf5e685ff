import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capJson, isOmitted, jsonSchema, toJson } from '../../../../src/lib/protocol';

describe('toJson', () => {
	it('leaves JSON as it is', () => {
		fc.assert(
			fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
				const plain: unknown = JSON.parse(JSON.stringify(value), (key, entry: unknown) =>
					key === '__proto__' ? undefined : entry
				);
				expect(toJson(value)).toEqual(plain);
			})
		);
	});

	it('drops a key that would be a prototype', () => {
		expect(Object.keys(Object(toJson(JSON.parse('{"__proto__":{"a":1},"b":2}'))))).toEqual(['b']);
	});

	it('writes what JSON has no word for as it would arrive over the wire', () => {
		expect(toJson(undefined)).toBeNull();
		expect(toJson(() => 1)).toBeNull();
		expect(toJson(Symbol('x'))).toBeNull();
		expect(toJson(Number.NaN)).toBeNull();
		expect(toJson(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
		expect(toJson({ a: undefined, b: [undefined], c: new Map([[1, 2]]) })).toEqual({
			b: [null],
			c: {}
		});
	});

	it('gives the text of what cannot be written', () => {
		expect(toJson(12n)).toBe('12');
		expect(toJson({ amount: 12n })).toBe('[object Object]');
		const cycle: unknown[] = [1];
		cycle.push(cycle);
		expect(toJson(cycle)).toBe('1,');
	});

	it('says so when there is no text either', () => {
		const bare: { self?: unknown } = Object.create(null);
		bare.self = bare;
		expect(toJson(bare)).toBe('a value that cannot be written');
	});

	it('never throws, and what it gives is JSON', () => {
		const anything = fc.anything({
			withBigInt: true,
			withDate: true,
			withMap: true,
			withNullPrototype: true,
			withSparseArray: true,
			withTypedArray: true
		});
		fc.assert(
			fc.property(anything, (value) => {
				expect(jsonSchema.safeParse(toJson(value)).success).toBe(true);
			})
		);
	});

	it('survives a nesting too deep to write', () => {
		let deep: unknown = [];
		for (let level = 0; level < 100_000; level += 1) deep = [deep];
		expect(typeof toJson(deep)).toBe('string');
	});
});

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
