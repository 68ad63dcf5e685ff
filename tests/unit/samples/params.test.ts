import { describe, expect, it, vi } from 'vitest';

// The classes need workerd; what the catalogue says of them does not.
vi.mock('agents/workflows', () => ({ AgentWorkflow: vi.fn() }));
vi.mock('cloudflare:workflows', () => ({ NonRetryableError: Error }));

const { catalogue } = await import('../../../src/worker/catalogue');

const problemsOf = (workflow: string, params: unknown) => {
	const checked = catalogue.get(workflow)?.params.safeParse(params);
	return checked?.error?.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) ?? [];
};

describe('the samples', () => {
	it('are the bindings that people script against', () => {
		expect(catalogue.list().map(({ workflow }) => workflow)).toEqual(
			expect.arrayContaining([
				'CATALOG_IMPORT',
				'REFUND',
				'LINK_AUDIT',
				'STOCK_COUNT',
				'AISLE_COUNT',
				'FOLLOW_UP'
			])
		);
	});

	it('name each field that is wrong', () => {
		expect(problemsOf('REFUND', { order: '', amount: -1, currency: 'euro', x: 1 })).toEqual([
			'order: must not be empty',
			'amount: must be more than 0',
			'currency: must be a currency code of three capital letters, such as EUR',
			'reason: is required',
			'requestedBy: is required',
			expect.stringContaining('x')
		]);
	});
});

describe('params', () => {
	const refund = { order: 'O-1', currency: 'EUR', reason: 'late', requestedBy: 'ana' };

	it.each([0.01, 0.1, 19.99, 100, 149.9, 1_000_000])('of a refund take %d', (amount) => {
		expect(problemsOf('REFUND', { ...refund, amount })).toEqual([]);
	});

	it.each([0, -5, 0.001, 12.345, 1_000_001, '5', null])('of a refund refuse %j', (amount) => {
		expect(problemsOf('REFUND', { ...refund, amount })).toEqual([
			expect.stringMatching(/^amount: must /)
		]);
	});

	it.each([
		[{ url: 'ftp://x.org/a' }, 'source.url: must be an http or https URL'],
		[{ url: 'data:text/csv,a' }, 'source.url: must be an http or https URL'],
		[{ text: '' }, 'source.text: must not be empty'],
		[{ text: 'é'.repeat(500_001) }, expect.stringMatching(/^source.text: must be at most/)],
		[{ file: 'x' }, 'source: must be { "text": "…" } or { "url": "https://…" }'],
		['text', 'source: must be { "text": "…" } or { "url": "https://…" }']
	])('of an import refuse the source %o', (source, problem) => {
		expect(problemsOf('CATALOG_IMPORT', { source, format: 'csv' })).toEqual([problem]);
	});

	it.each([0, 1.5, 5001])('of an import refuse a batch of %d', (batchSize) => {
		const source = { url: 'https://example.com/a.csv' };
		expect(problemsOf('CATALOG_IMPORT', { source, format: 'csv', batchSize })).toHaveLength(1);
	});

	it.each(['10 seconds', 1000, '1 minute', undefined])(
		'of a link audit take the timeout %j',
		(timeout) => {
			expect(problemsOf('LINK_AUDIT', { urls: ['http://example.com'], timeout })).toEqual([]);
		}
	);

	it.each(['500 ms', '2 minutes', 50, null])('of a link audit refuse the timeout %j', (timeout) => {
		expect(problemsOf('LINK_AUDIT', { urls: ['http://example.com'], timeout })).toEqual([
			expect.stringMatching(/^timeout: must be /)
		]);
	});

	it('of a link audit take 1 to 200 addresses', () => {
		const urls = (count: number) => Array.from({ length: count }, (_, n) => `https://a.org/${n}`);
		expect(problemsOf('LINK_AUDIT', { urls: urls(200) })).toEqual([]);
		expect(problemsOf('LINK_AUDIT', { urls: urls(201) })).toEqual([
			'urls: must hold at most 200 addresses'
		]);
		expect(problemsOf('LINK_AUDIT', { urls: [] })).toHaveLength(1);
		expect(problemsOf('LINK_AUDIT', { urls: ['https://a.org', 'file:///etc'] })).toEqual([
			'urls.1: must be an http or https URL'
		]);
	});

	it('of a stock count take each aisle once', () => {
		expect(problemsOf('STOCK_COUNT', { aisles: ['dairy', '7'] })).toEqual([]);
		expect(problemsOf('STOCK_COUNT', { aisles: ['a', 'a'] })).toEqual([
			'aisles: must name each aisle once'
		]);
		expect(problemsOf('STOCK_COUNT', { aisles: [] })).toHaveLength(1);
		expect(problemsOf('STOCK_COUNT', { aisles: ['-', 'a b'] })).toHaveLength(2);
		const many = Array.from({ length: 51 }, (_, n) => `a${n}`);
		expect(problemsOf('STOCK_COUNT', { aisles: many })).toHaveLength(1);
	});

	it.each(['30 seconds', '2s', '365 days', 2000, 0])('of a follow-up take %j', (after) => {
		expect(problemsOf('FOLLOW_UP', { message: 'hi', after })).toEqual([]);
	});

	it.each([
		'2999-01-01T00:00:00Z',
		'2020-01-01T00:00:00Z',
		'tomorrow',
		'',
		'2 years',
		'400 days',
		-1,
		null
	])('of a follow-up refuse %j', (after) => {
		expect(problemsOf('FOLLOW_UP', { message: 'hi', after })).toEqual([
			expect.stringMatching(/^after: must be /)
		]);
	});

	it('of a follow-up take a time within a year', () => {
		const after = new Date(Date.now() + 3_600_000).toISOString();
		expect(problemsOf('FOLLOW_UP', { message: 'hi', after })).toEqual([]);
	});
});
