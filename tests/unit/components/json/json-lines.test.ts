import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	bytesText,
	FIRST_VIEW,
	jsonLines,
	showMore,
	turn
} from '../../../../src/lib/components/json/json-lines';
import { capJson } from '../../../../src/lib/protocol';

const kinds = (value: Parameters<typeof jsonLines>[0], view = FIRST_VIEW) =>
	jsonLines(value, view).map((line) => line.kind);

describe('JSON as lines', () => {
	it('shows a small value whole', () => {
		expect(jsonLines({ a: 'x', b: [1, 2], c: {}, d: { e: null } })).toMatchObject([
			{ kind: 'fold', open: true, size: 4, depth: 0 },
			{ kind: 'value', label: 'a', type: 'string', text: '"x"', depth: 1 },
			{ kind: 'value', label: 'b', type: 'inline', text: '[1, 2]' },
			{ kind: 'value', label: 'c', type: 'inline', text: '{}' },
			{ kind: 'fold', label: 'd', open: true },
			{ kind: 'value', label: 'e', type: 'null', depth: 2 },
			{ kind: 'close', bracket: '}', depth: 1 },
			{ kind: 'close', bracket: '}', depth: 0 }
		]);
		expect(jsonLines(null)).toMatchObject([{ kind: 'value', text: 'null' }]);
	});

	it('shows what JSON cannot hold by its text, over what it holds', () => {
		const value = {
			total: { $type: 'bigint', text: '12345678901234567890' },
			map: { $type: 'map', text: 'Map(1) { a → 1 }', value: [['a', 1]] }
		};
		const lines = jsonLines(value);
		expect(lines[1]).toMatchObject({ type: 'special', text: '12345678901234567890' });
		expect(lines[2]).toMatchObject({ kind: 'fold', open: false, special: 'Map(1) { a → 1 }' });
		expect(lines).toHaveLength(4);
		expect(jsonLines(value, turn(FIRST_VIEW, '$/map'))[3]).toMatchObject({ text: '["a", 1]' });
	});

	it('folds and unfolds', () => {
		const value = { a: { b: 1 } };
		const folded = turn(FIRST_VIEW, '$/a');
		expect(kinds(value, folded)).toEqual(['fold', 'fold', 'close']);
		expect(kinds(value, turn(folded, '$/a'))).toEqual(kinds(value));
	});

	it('shows a long list in parts', () => {
		const value = Array.from({ length: 1_000 }, (_, index) => ({ index }));
		const lines = jsonLines(value);
		const more = lines.at(-2);
		expect(more).toMatchObject({ kind: 'more', rest: 900, next: 600, path: '$' });
		expect(jsonLines(value, showMore(FIRST_VIEW, '$', 600)).length).toBeGreaterThan(lines.length);
	});

	it('cuts a long text and shows all of it when asked', () => {
		const text = 'x'.repeat(5_000);
		expect(jsonLines(text)).toMatchObject([{ kind: 'long-text', rest: 4_600 }]);
		expect(jsonLines(text, showMore(FIRST_VIEW, '$', Infinity))).toMatchObject([
			{ kind: 'value', text: JSON.stringify(text) }
		]);
	});

	it('says how large a value was that was too large to keep', () => {
		const value = { big: capJson('x'.repeat(2_000), 100) };
		expect(jsonLines(value)[1]).toEqual({
			id: '$/big',
			path: '$/big',
			depth: 1,
			label: 'big',
			kind: 'omitted',
			bytes: 2002
		});
	});

	it('gives every line an id of its own, whatever the keys are', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				const json = JSON.parse(JSON.stringify(value));
				const ids = jsonLines(json).map(({ id }) => id);
				expect(new Set(ids).size).toBe(ids.length);
			})
		);
		const ids = jsonLines({ 'a/b': 1, a: { b: 1 }, 'a~1b': 1, '…': 1 }).map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('makes few lines of a value of 1 MB', () => {
		const rows = Array.from({ length: 12_000 }, (_, index) => ({
			sku: `SKU-${index}`,
			price: index,
			tags: ['a', 'b'],
			name: 'A name of some length here'
		}));
		expect(JSON.stringify(rows).length).toBeGreaterThan(1_000_000);
		expect(jsonLines({ rows }).length).toBeLessThan(2_000);
	});
});

it('sizes are said in the unit that reads best', () => {
	expect([12, 4_096, 52_000, 2_300_000].map(bytesText)).toEqual([
		'12 B',
		'4.1 kB',
		'52 kB',
		'2.3 MB'
	]);
});
