import { describe, expect, it } from 'vitest';
import { readFacts } from '../../../../src/lib/components/facts/facts';
import { metadataLinks } from '../../../../src/lib/components/run/metadata-links';
import { progressParts } from '../../../../src/lib/components/run/progress-fields';

describe('facts', () => {
	it('are words where they fit in a line', () => {
		expect(readFacts({ amount: 12500.5, urgent: true, note: null, tags: ['a', 'b'] })).toEqual([
			{ name: 'amount', kind: 'text', text: '12500.5' },
			{ name: 'urgent', kind: 'text', text: 'yes' },
			{ name: 'note', kind: 'text', text: 'none' },
			{ name: 'tags', kind: 'text', text: 'a, b' }
		]);
	});

	it('have their numbers digit for digit', () => {
		const facts = readFacts({ rate: 4.9e-7, order: 100234, years: [2025, 2026] });
		expect(facts.map((fact) => fact.kind === 'text' && fact.text)).toEqual([
			'4.9e-7',
			'100234',
			'2025, 2026'
		]);
	});

	it('show what JSON cannot hold as what it is', () => {
		const map = { $type: 'map', text: 'Map(1) { a → 1 }', value: [['a', 1]] };
		const facts = readFacts({ map, rows: [{ total: { $type: 'bigint', text: '123' } }] });
		expect(facts).toEqual([
			{ name: 'map', kind: 'text', text: 'Map(1) { a → 1 }' },
			{ name: 'rows', kind: 'table', columns: ['total'], rows: [['123']] }
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

	it('are times where their names say so', () => {
		expect(readFacts({ dueAt: 1_795_159_908_555, count: 1_795_159_908_555, at: 3 })).toEqual([
			{ name: 'dueAt', kind: 'time', at: 1_795_159_908_555 },
			{ name: 'count', kind: 'text', text: '1795159908555' },
			{ name: 'at', kind: 'text', text: '3' }
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

describe('progress of any shape', () => {
	it('is taken apart so that each thing is said once', () => {
		expect(
			progressParts({ percent: 0.5, message: 'half', stage: 'load', rejected: 12, by: { a: 1 } })
		).toEqual({
			hasBar: true,
			counts: [],
			message: 'half',
			fields: { stage: 'load', rejected: 12, by: { a: 1 } }
		});
		expect(
			progressParts({ stage: 'load', recordsProcessed: 5, totalRecords: 10, rejected: 1 })
		).toEqual({ hasBar: true, counts: [], message: null, fields: { stage: 'load', rejected: 1 } });
	});

	it('keeps names that say more than a share does', () => {
		const fields = { checked: 2, total: 4 };
		expect(progressParts(fields)).toEqual({ hasBar: true, counts: [], message: null, fields });
	});

	it('needs neither a share nor an object', () => {
		expect(progressParts('half way')).toEqual({
			hasBar: false,
			counts: [],
			message: 'half way',
			fields: {}
		});
		expect(progressParts([1])).toEqual({
			hasBar: false,
			counts: [],
			message: null,
			fields: { progress: [1] }
		});
		expect(progressParts(null)).toEqual({ hasBar: false, counts: [], message: null, fields: {} });
	});
});
