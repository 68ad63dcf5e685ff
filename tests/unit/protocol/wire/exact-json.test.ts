import { describe, expect, it } from 'vitest';
import { inexactNumber, parseExactJson } from '../../../../src/lib/protocol';

describe('parseExactJson', () => {
	it('reads what loses nothing', () => {
		for (const text of [
			'{"a":[1,2.5,-0.1,4.9e-7,1e21,9007199254740991,"3544790567247868102"]}',
			'[9007199254740992, 18014398509481984, 3.141592653589793238]',
			'"1234567890123456789"',
			'null'
		]) {
			expect(parseExactJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
		}
	});

	it('refuses each number that would become another, by its field', () => {
		expect(parseExactJson('{"foo":3544790567247868102}')).toMatchObject({
			ok: false,
			errors: [{ path: 'foo', message: expect.stringContaining('3544790567247868102') }]
		});
		const deep = '{"ids":[1,{"a":9007199254740993}],"b":-12345678901234567890,"c":1e999}';
		const read = parseExactJson(deep, 'params');
		expect(read.ok ? [] : read.errors.map(({ path }) => path).toSorted()).toEqual([
			'params.b',
			'params.c',
			'params.ids.1.a'
		]);
	});

	it('throws what JSON.parse throws', () => {
		expect(() => parseExactJson('{"a":12345678901234567890,}')).toThrow(SyntaxError);
	});
});

describe('a number that somebody typed', () => {
	it('is exact or is refused', () => {
		expect(inexactNumber('9007199254740991')).toBeNull();
		expect(inexactNumber(' 4.9e-7 ')).toBeNull();
		expect(inexactNumber('3544790567247868102')).toContain('write it as text');
	});
});
