import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIRST_VIEW, jsonLines } from '../../../../src/lib/components/json/json-lines';
import {
	lineOf,
	MAX_MATCHES,
	revealMatch,
	searchJson
} from '../../../../src/lib/components/json/json-search';
import type { Json } from '../../../../src/lib/protocol';

const rows: Json = Array.from({ length: 12_000 }, (_, index) => ({
	sku: `SKU-${index}`,
	tags: ['a', 'b'],
	deep: { note: index === 11_900 ? 'The lost umbrella' : 'nothing' }
}));

describe('a search in a value of 1 MB', () => {
	it('finds keys and texts, whatever the case', () => {
		expect(searchJson(rows, 'LOST UMBRELLA').map(({ path }) => path)).toEqual([
			'$/11900/deep/note'
		]);
		expect(searchJson({ Total: 12, a: { totals: null } }, 'total').map(({ path }) => path)).toEqual(
			['$/Total', '$/a/totals']
		);
		expect(searchJson([1, 12, true, null], '12')).toHaveLength(1);
		expect(searchJson(rows, '')).toEqual([]);
		expect(searchJson(rows, 'sku')).toHaveLength(MAX_MATCHES);
	});

	it('opens all that hides a match, and no more', () => {
		const [match] = searchJson(rows, 'umbrella');
		if (!match) throw new Error('not found');
		const lines = jsonLines(rows, revealMatch(FIRST_VIEW, rows, match));
		expect(lines[lineOf(lines, match)]).toMatchObject({
			label: 'note',
			text: '"The lost umbrella"'
		});
	});

	it('shows a long text as far as the match', () => {
		const value = { text: `${'x'.repeat(50_000)}needle${'x'.repeat(50_000)}` };
		const [match] = searchJson(value, 'needle');
		if (!match) throw new Error('not found');
		const lines = jsonLines(value, revealMatch(FIRST_VIEW, value, match));
		const line = lines[lineOf(lines, match)];
		expect(line && 'text' in line && line.text).toContain('needle');
	});

	it('leads to the line of a list that is written on one line', () => {
		const value = { tags: ['alpha', 'beta'] };
		const [match] = searchJson(value, 'beta');
		if (!match) throw new Error('not found');
		const lines = jsonLines(value);
		expect(lines[lineOf(lines, match)]).toMatchObject({ label: 'tags' });
	});
});

it('every match has its line, whatever the value is', () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.string({ minLength: 1, maxLength: 2 }), (given, text) => {
			const value = JSON.parse(JSON.stringify(given)) as Json;
			for (const match of searchJson(value, text)) {
				const lines = jsonLines(value, revealMatch(FIRST_VIEW, value, match));
				const line = lines[lineOf(lines, match)];
				expect(
					line?.path === match.path || (line?.kind === 'value' && line.type === 'inline')
				).toBe(true);
			}
		})
	);
});

it('a wide and deep value opens so far that it is drawn at once', () => {
	const wide = (depth: number): Json =>
		depth === 0
			? 1
			: Object.fromEntries(Array.from({ length: 20 }, (_, key) => [`k${key}`, wide(depth - 1)]));
	expect(jsonLines(wide(4)).length).toBeLessThan(600);
	expect(jsonLines(Array.from({ length: 90 }, () => wide(2))).length).toBeLessThan(600);
});
