import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, leafText, leavesOf } from '../../../../src/lib/components/json/json-diff';
import type { Json } from '../../../../src/lib/protocol';

const anyJson = fc.jsonValue() as fc.Arbitrary<Json>;

describe('how two values differ', () => {
	it('is told leaf by leaf: changed, added and gone', () => {
		const before = { order: 'A', amount: 5, lines: [{ sku: 'x' }], gone: true };
		const after = { order: 'A', amount: 7, lines: [{ sku: 'x' }, { sku: 'y' }] };
		expect(changesOf(before, after)).toEqual([
			{ path: 'amount', pointer: '$/amount', before: 5, after: 7, isChanged: true },
			{
				path: 'lines.1.sku',
				pointer: '$/lines/1/sku',
				before: undefined,
				after: 'y',
				isChanged: true
			},
			{ path: 'gone', pointer: '$/gone', before: true, after: undefined, isChanged: true }
		]);
		expect(leavesOf(before, after).filter(({ isChanged }) => !isChanged)).toHaveLength(2);
	});

	it('is one change where a plain value became another kind', () => {
		expect(changesOf({ a: 1 }, { a: { b: 1 } }).map(({ path }) => path)).toEqual(['a']);
		expect(changesOf({ a: {} }, { a: { b: 1 } })).toHaveLength(1);
		expect(changesOf('x', ['x'])).toHaveLength(1);
	});

	it('is nothing for equal values, and something for any others', () => {
		fc.assert(
			fc.property(anyJson, anyJson, (a, b) => {
				expect(changesOf(a, JSON.parse(JSON.stringify(a)) as Json)).toEqual([]);
				const sorted = (value: Json): string =>
					JSON.stringify(value, (_key, inner: unknown) =>
						typeof inner === 'object' && inner !== null && !Array.isArray(inner)
							? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
							: inner
					);
				if (sorted(a) !== sorted(b)) expect(changesOf(a, b).length).toBeGreaterThan(0);
			})
		);
	});

	it('is written on one line', () => {
		expect(leafText('text')).toBe('text');
		expect(leafText([1, 2])).toBe('[1,2]');
		expect(leafText('x'.repeat(300))).toBe(`${'x'.repeat(200)}…`);
		expect(leafText(undefined)).toBe('');
	});
});
