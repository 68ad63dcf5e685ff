import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markedPieces } from '../../../../src/lib/components/search/marks';
import {
	chipsOf,
	complete,
	likelyFields,
	parseQuery,
	removeChip,
	soughtTexts,
	typedAt,
	withoutTyped,
	writtenValue
} from '../../../../src/lib/protocol';

describe('what is typed at the caret', () => {
	it('is a key, or a value of a field or of a metadata key', () => {
		expect(typedAt('sta', 3)).toMatchObject({ kind: 'key', typed: 'sta' });
		expect(typedAt('status:err', 10)).toMatchObject({ field: 'status', typed: 'err' });
		expect(typedAt('status:errored,wa', 17)).toMatchObject({ field: 'status', typed: 'wa' });
		expect(typedAt('customer.name:an', 16)).toMatchObject({ field: null, key: 'customer.name' });
		expect(typedAt('metadata.status:go', 18)).toMatchObject({ field: null, key: 'status' });
		expect(typedAt('-sta', 4)).toMatchObject({ kind: 'key', from: 1, typed: 'sta' });
		expect(typedAt('status:errored ', 15)).toMatchObject({ kind: 'key', typed: '' });
		expect(typedAt('', 0)).toMatchObject({ kind: 'key', typed: '' });
	});

	it('can be completed without a change to the rest', () => {
		const query = 'region:eu sta "card declined"';
		const key = complete(query, typedAt(query, 13), 'status');
		expect(key).toEqual({ query: 'region:eu status: "card declined"', caret: 17 });
		const value = complete(key.query, typedAt(key.query, key.caret), 'errored');
		expect(value.query).toBe('region:eu status:errored "card declined"');
		expect(complete('status:e', typedAt('status:e', 8), 'errored').query).toBe('status:errored ');
	});

	it('is read back as the value that was chosen, whatever that holds', () => {
		fc.assert(
			fc.property(fc.string({ minLength: 1, maxLength: 30 }), (value) => {
				const { query } = complete('region:', typedAt('region:', 7), writtenValue(value));
				expect(parseQuery(query)).toMatchObject({
					ok: true,
					terms: [{ key: 'region', values: [{ text: value }] }]
				});
			})
		);
	});

	it('is found at any caret of any text', () => {
		fc.assert(
			fc.property(fc.string({ maxLength: 60 }), fc.nat(60), (text, at) => {
				const caret = Math.min(at, text.length);
				const piece = typedAt(text, caret);
				expect(piece.from).toBeLessThanOrEqual(caret);
				expect(piece.to).toBeLessThanOrEqual(text.length + 1);
			})
		);
	});
});

describe('a query that is being typed', () => {
	it('holds without the word at the caret', () => {
		const without = (query: string, caret: number) => withoutTyped(query, typedAt(query, caret));
		expect(without('sta', 3)).toBe('');
		expect(without('region:eu -sta "card declined"', 14)).toBe('region:eu "card declined"');
	});

	it('is asked for the texts that it looks for', () => {
		expect(soughtTexts('status:errored ORD-1007 -old order:a*,b amount:>3')).toEqual([
			'errored',
			'ORD-1007',
			'b'
		]);
		expect(soughtTexts('"')).toEqual([]);
	});
});

describe('chips', () => {
	it('are the terms as they are written, also those with a mistake', () => {
		const query = 'status:errord  -region:eu "card declined"';
		expect(chipsOf(query).map(({ text }) => text)).toEqual([
			'status:errord',
			'-region:eu',
			'"card declined"'
		]);
	});

	it('are taken out of the text and leave the others alone', () => {
		const query = 'status:errord -region:eu "card declined"';
		const [, region] = chipsOf(query);
		expect(region && removeChip(query, region)).toBe('status:errord "card declined"');
	});
});

describe('marks', () => {
	it('cover the text once, in order, with each mistake marked', () => {
		const problems = [
			{ from: 3, to: 6, message: '' },
			{ from: 5, to: 8, message: '' }
		];
		const pieces = markedPieces('0123456789', problems);
		expect(pieces.map(({ text }) => text).join('')).toBe('0123456789');
		expect(pieces.map(({ isWrong }) => isWrong)).toEqual([false, true, true, false]);
	});
});

describe('a key that is nearly a field', () => {
	it('is told with the query that was likely meant', () => {
		expect(likelyFields('region:eu -statsu:errored "wrokflow:x"')).toEqual([
			{ key: 'statsu', field: 'status', query: 'region:eu -status:errored "wrokflow:x"' }
		]);
		expect(likelyFields('Worklfow:REFUND')).toMatchObject([{ field: 'workflow' }]);
	});

	it('is no field, no name of its own, and not said to be metadata', () => {
		expect(likelyFields('status:errored plan:pro bi:x metadata.statsu:1 customer.name:x')).toEqual(
			[]
		);
	});
});
