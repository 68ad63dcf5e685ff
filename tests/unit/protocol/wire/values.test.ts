import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	isSpecialValue,
	jsonSchema,
	MAX_DEPTH,
	parseEngineEvent,
	toJson,
	valueToJson
} from '../../../../src/lib/protocol';

const special = (type: string, text: string) => expect.objectContaining({ $type: type, text });

/** Values that a structured clone can hold. */
const clones = fc.anything({
	withBigInt: true,
	withDate: true,
	withMap: true,
	withSet: true,
	withSparseArray: true,
	withTypedArray: true,
	maxDepth: 5
});

/** Every big integer in a value, at any depth. */
function bigintsIn(value: unknown, seen = new Set<object>()): bigint[] {
	if (typeof value === 'bigint') return [value];
	if (typeof value !== 'object' || value === null || seen.has(value)) return [];
	if (ArrayBuffer.isView(value)) return [];
	seen.add(value);
	const held =
		value instanceof Map
			? [...value.keys(), ...value.values()]
			: value instanceof Set
				? [...value]
				: Object.values(value);
	return held.flatMap((each) => bigintsIn(each, seen));
}

describe('valueToJson', () => {
	it('leaves JSON as it is', () => {
		fc.assert(
			fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
				const text = JSON.stringify(value);
				// JSON itself writes -0 as 0; here it stays what it was.
				fc.pre(!text.includes('__proto__') && JSON.stringify(valueToJson(value)).length > 0);
				const json = valueToJson(value);
				if (!/"\$type"/.test(JSON.stringify(json))) expect(JSON.stringify(json)).toBe(text);
			})
		);
	});

	it.each([
		[12345678901234567890n, special('bigint', '12345678901234567890')],
		[Number.NaN, special('number', 'NaN')],
		[-Infinity, special('number', '-Infinity')],
		[-0, special('number', '-0')],
		[undefined, special('undefined', 'undefined')],
		[new Map([['a', 1]]), { $type: 'map', text: 'Map(1) { a → 1 }', value: [['a', 1]] }],
		[new Map(), special('map', 'Map(0) {}')],
		[new Set(['x', 2n]), special('set', 'Set(2) { x, 2 }')],
		[/a+/giu, special('regexp', '/a+/giu')],
		[new Date(0), '1970-01-01T00:00:00.000Z'],
		[new Date(Number.NaN), special('date', 'Invalid Date')],
		[new Uint8Array(300_000), special('bytes', '300,000 bytes')],
		[new ArrayBuffer(1), special('bytes', '1 byte')],
		[new DataView(new ArrayBuffer(2)), special('bytes', '2 bytes')],
		[new Float64Array([1.5, 2]), special('array', 'Float64Array(2) [ 1.5, 2 ]')],
		[new BigInt64Array([7n]), special('array', 'BigInt64Array(1) [ 7 ]')],
		[new ReadableStream(), special('object', 'ReadableStream')],
		[new Boolean(true), true]
	])('shows %o as what it is', (value, expected) => {
		expect(valueToJson(value)).toEqual(expected);
	});

	it('shows an error with its name, message, cause and other fields', () => {
		const error = Object.assign(new TypeError('no card', { cause: 5n }), { code: 'E_CARD' });
		expect(valueToJson(error)).toEqual({
			$type: 'error',
			text: 'TypeError: no card',
			value: {
				name: 'TypeError',
				message: 'no card',
				cause: { $type: 'bigint', text: '5' },
				code: 'E_CARD'
			}
		});
	});

	it('keeps what surrounds a value that JSON cannot hold', () => {
		expect(valueToJson({ total: 1n, name: 'rows', list: [undefined, 2] })).toEqual({
			total: special('bigint', '1'),
			name: 'rows',
			list: [special('undefined', 'undefined'), 2]
		});
	});

	it('marks a cycle where it closes, and shows a shared object twice', () => {
		const shared = { a: 1 };
		const cycle: Record<string, unknown> = { one: shared, two: shared };
		cycle['self'] = cycle;
		expect(valueToJson(cycle)).toEqual({
			one: { a: 1 },
			two: { a: 1 },
			self: expect.objectContaining({ $type: 'cycle' })
		});
	});

	it('cuts a nesting that is too deep, and keeps the levels above', () => {
		let deep: unknown = 'bottom';
		for (let level = 0; level < 100_000; level += 1) deep = { deep };
		const text = JSON.stringify(valueToJson(deep));
		expect(text).toContain(`nested more than ${MAX_DEPTH} levels deep`);
		expect(text.split('"deep":').length).toBeGreaterThan(MAX_DEPTH - 2);
	});

	it('loses only the member that throws when it is read', () => {
		const value = {
			good: 1,
			get bad(): never {
				throw new Error('gone');
			}
		};
		const json = valueToJson({ inner: value, beside: 2 });
		expect(json).toEqual({ inner: special('unreadable', 'cannot be read: gone'), beside: 2 });
	});

	it('never throws, gives JSON, and keeps every digit of every big integer', () => {
		fc.assert(
			fc.property(clones, (value) => {
				const json = valueToJson(value);
				expect(jsonSchema.safeParse(json).success).toBe(true);
				const text = JSON.stringify(json);
				for (const big of bigintsIn(value)) expect(text).toContain(String(big));
			})
		);
	});

	it('never turns a value into an empty object or null that was neither', () => {
		fc.assert(
			fc.property(clones, (value) => {
				const json = valueToJson(value);
				if (json === null) expect(value).toBeNull();
				const isEmpty = typeof json === 'object' && json !== null && !Array.isArray(json);
				if (isEmpty && Object.keys(json).length === 0) {
					expect(Object.prototype.toString.call(value)).toBe('[object Object]');
					expect(Object.keys(Object(value))).toEqual([]);
				}
			})
		);
	});

	it('keeps a key named __proto__ as a key', () => {
		const json = valueToJson(JSON.parse('{"__proto__":{"a":1},"b":2}'));
		expect(JSON.stringify(json)).toBe('{"__proto__":{"a":1},"b":2}');
		expect(Object.getPrototypeOf(json)).toBe(Object.prototype);
	});
});

describe('toJson', () => {
	it('leaves out what JSON leaves out', () => {
		expect(toJson(undefined)).toBeNull();
		expect(toJson(() => 1)).toBeNull();
		expect(toJson({ a: undefined, b: [undefined], c: new URL('http://localhost/x') })).toEqual({
			b: [null],
			c: 'http://localhost/x'
		});
	});

	it('shows a value that JSON cannot hold as what it is', () => {
		expect(toJson({ amount: 12n })).toEqual({ amount: special('bigint', '12') });
	});
});

describe('isSpecialValue', () => {
	it('tells a marker from a value', () => {
		expect(isSpecialValue(valueToJson(1n))).toBe(true);
		for (const value of [null, 'x', [], {}, { $type: 'map' }, { $type: 1, text: 'x' }]) {
			expect(isSpecialValue(value)).toBe(false);
		}
	});
});

describe('parseEngineEvent', () => {
	it('reads an event whose output holds what JSON cannot', () => {
		const event = parseEngineEvent({
			eventId: 3,
			timestamp: 5,
			type: 'step_completed',
			stepName: 'count-1',
			output: { total: 12345678901234567890n, name: 'rows' }
		});
		expect(event).toMatchObject({
			type: 'step_completed',
			output: { total: special('bigint', '12345678901234567890'), name: 'rows' }
		});
	});

	it('keeps the name and message of an error that arrives as an Error', () => {
		const head = { eventId: 3, timestamp: 5, type: 'workflow_errored' };
		expect(parseEngineEvent({ ...head, error: new RangeError('too far') })).toMatchObject({
			error: { name: 'RangeError', message: 'too far' }
		});
	});
});
