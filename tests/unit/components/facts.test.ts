import { describe, expect, it } from 'vitest';
import { readFacts } from '../../../src/lib/components/approvals/facts';
import { metadataLinks } from '../../../src/lib/components/run/metadata-links';
import { progressFields } from '../../../src/lib/components/run/progress-fields';

describe('the facts of an approval', () => {
	it('are words where they fit in a line', () => {
		expect(readFacts({ amount: 12500.5, urgent: true, note: null, tags: ['a', 'b'] })).toEqual([
			{ name: 'amount', kind: 'text', text: '12,500.5' },
			{ name: 'urgent', kind: 'text', text: 'yes' },
			{ name: 'note', kind: 'text', text: 'none' },
			{ name: 'tags', kind: 'text', text: 'a, b' }
		]);
	});

	it('that are rows alike are a table, with a column for every key', () => {
		expect(
			readFacts({
				bad: [
					{ line: 3, why: ['no sku', 'no price'] },
					{ line: 9, row: 'x' }
				]
			})
		).toEqual([
			{
				name: 'bad',
				kind: 'table',
				columns: ['line', 'why', 'row'],
				rows: [
					['3', 'no sku, no price', ''],
					['9', '', 'x']
				]
			}
		]);
	});

	it('of any other shape are JSON', () => {
		const facts = readFacts({ deep: [{ a: { b: 1 } }], object: { a: 1 }, empty: [] });
		expect(facts.map(({ kind }) => kind)).toEqual(['json', 'json', 'text']);
	});
});

it('each value of metadata leads to the runs that have it', () => {
	expect(
		metadataLinks({ region: 'eu', order: { id: 'A 1' }, tags: ['x', 2], status: 'vip' })
	).toEqual([
		{ key: 'region', value: 'eu', href: '/runs?q=region:eu' },
		{ key: 'order.id', value: 'A 1', href: '/runs?q=order.id:%22A%201%22' },
		{ key: 'tags', value: 'x', href: '/runs?q=tags:x' },
		{ key: 'tags', value: '2', href: '/runs?q=tags:2' },
		{ key: 'status', value: 'vip', href: '/runs?q=metadata.status:vip' }
	]);
});

it('progress of any shape is shown whole, without what the bar says already', () => {
	expect(
		progressFields({ percent: 0.5, message: 'half', stage: 'load', rejected: 1200, by: { a: 1 } })
	).toEqual([
		{ name: 'stage', text: 'load' },
		{ name: 'rejected', text: '1,200' },
		{ name: 'by', value: { a: 1 } }
	]);
	expect(progressFields('half')).toEqual([]);
	expect(progressFields([1])).toEqual([{ name: 'progress', value: [1] }]);
});
