import { describe, expect, it } from 'vitest';
import { csvCell } from '../../../../../src/lib/agent/operations/file-stream';
import { exportStream } from '../../../../../src/lib/agent/operations/runs/run-export';
import type { IndexedPage } from '../../../../../src/lib/agent/operations/run-index/run-index';
import type { Run } from '../../../../../src/lib/protocol';

const run = (id: string): Run => ({
	workflow: 'REFUND',
	id,
	generation: 1,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: null,
	status: 'errored',
	outcome: 'failed',
	metadata: { customer: 'Ann, Lee' },
	params: null,
	progress: null,
	step: null,
	startedBy: '=cmd()',
	error: { name: 'Error', message: 'said "no"\nand left' },
	output: null,
	createdAt: 0,
	startedAt: null,
	updatedAt: 0,
	finishedAt: null,
	retries: 0,
	waitingFor: null
});

/** Three runs on two pages. */
function pages({ cursor }: { cursor?: string | undefined }): IndexedPage {
	const runs = cursor === undefined ? [run('a'), run('b')] : [run('c')];
	const nextCursor = cursor === undefined ? 'next' : null;
	return { runs, keys: runs.map(({ id }) => id), total: 3, totalExact: true, nextCursor };
}

async function textOf(format: 'csv' | 'ndjson'): Promise<string> {
	const order = { field: 'created', direction: 'desc' } as const;
	return new Response(exportStream({ q: '', order, format }, pages)).text();
}

describe('an export of runs', () => {
	it('holds every run of every page, one JSON document a line', async () => {
		const lines = (await textOf('ndjson')).trimEnd().split('\n');
		expect(lines.map((line) => JSON.parse(line))).toEqual([run('a'), run('b'), run('c')]);
	});

	it('shows an output that JSON cannot hold by its text', async () => {
		const output = { $type: 'map', text: 'Map(1) { a → 1 }', value: [['a', 1]] };
		const page = (): IndexedPage => ({
			...{ runs: [{ ...run('a'), output }], keys: ['a'] },
			...{ total: 1, totalExact: true, nextCursor: null }
		});
		const order = { field: 'created', direction: 'desc' } as const;
		const stream = exportStream({ q: '', order, format: 'csv' }, page);
		expect(await new Response(stream).text()).toContain(',Map(1) { a → 1 }');
	});

	it('begins with a byte order mark as CSV, so that spreadsheets read it as UTF-8', async () => {
		const order = { field: 'created', direction: 'desc' } as const;
		const stream = exportStream({ q: '', order, format: 'csv' }, pages);
		const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
		expect([...bytes.slice(0, 4)]).toEqual([0xef, 0xbb, 0xbf, 'w'.charCodeAt(0)]);
	});

	it.each([
		'=1+1',
		'+1+1',
		'-1+1',
		'@SUM(A1)',
		'＝1+1',
		'＋1',
		'－1+1',
		'＠x',
		'\n=1+1',
		'\t=1',
		' =1'
	])('neutralizes the formula %j', (text) => {
		expect(csvCell(text).replace(/^"/, '')).toBe(/[\n]/.test(text) ? `'${text}"` : `'${text}`);
	});

	it.each([
		['-5', '-5'],
		['a;b', '"a;b"'],
		['plain', 'plain']
	])('writes %j as %s', (text, cell) => {
		expect(csvCell(text)).toBe(cell);
	});

	it('has one header row as CSV, and quotes what would break a row', async () => {
		const text = await textOf('csv');
		expect(text.match(/^workflow,id,/gm)).toHaveLength(1);
		expect(text).toContain('"Error: said ""no""\nand left"');
		expect(text).toContain('"{""customer"":""Ann, Lee""}"');
		expect(text).toContain('1970-01-01T00:00:00.000Z');
	});

	it('lets no text become a formula in a spreadsheet', () => {
		expect(csvCell('=cmd()')).toBe("'=cmd()");
		expect(csvCell('@x')).toBe("'@x");
		expect(csvCell('-12.5')).toBe('-12.5');
		expect(csvCell('plain')).toBe('plain');
	});
});
