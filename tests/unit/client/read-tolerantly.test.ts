import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readTolerantly } from '../../../src/lib/client/read-tolerantly';
import { changeSchema, summarySchema, toRunRow } from '../../../src/lib/protocol';
import { aRun } from '../support/runs';

const row = (id: string, changed: object = {}) => ({ ...toRunRow(aRun({ id })), ...changed });
const page = (rows: object[]) => ({
	kind: 'runs',
	rows,
	total: rows.length,
	totalExact: true,
	nextCursor: null
});

describe('what a newer server sends', () => {
	it('keeps words that this version does not know, each in its own row', () => {
		const waitingFor = { kind: 'webhook', name: 'paid', since: 1, dueAt: null };
		const rows = [
			row('r1'),
			row('r2', { status: 'hibernating', outcome: 'postponed' }),
			row('r3', { waitingFor })
		];
		const { value, issues } = readTolerantly(changeSchema, page(rows));
		expect(value).toEqual(page(rows));
		expect(issues).toEqual([]);
	});

	it('loses only the rows that cannot be read', () => {
		const rows = [
			row('r1', { status: 'hibernating' }),
			row('r2', { createdAt: 'yesterday', status: 'odd' }),
			row('r3', { status: 'postponed' }),
			row('r4', { generation: 0 }),
			row('r5', { outcome: 'half' })
		];
		const { value, issues } = readTolerantly(changeSchema, page(rows));
		expect(issues.map(({ path }) => path.join('.'))).toEqual([
			'rows.1.createdAt',
			'rows.3.generation'
		]);
		expect(value).toEqual({ ...page([rows[0], rows[2], rows[4]] as object[]), total: 5 });
	});

	it('does not change what it was given', () => {
		const given = page([row('r1', { status: 'hibernating' }), row('r2', { retries: -1 })]);
		const before = structuredClone(given);
		readTolerantly(changeSchema, given);
		expect(given).toEqual(before);
	});

	it('counts the statuses that it knows', () => {
		const summary = {
			counts: { running: 2, hibernating: 1 },
			pendingApprovals: 0,
			agents: 1,
			at: 1
		};
		const { value } = readTolerantly(summarySchema, summary);
		expect(value).toEqual({ ...summary, counts: { running: 2 } });
	});

	it('says that nothing could be read where there is no row to lose', () => {
		expect(readTolerantly(changeSchema, { kind: 'weather', rows: [] }).value).toBeUndefined();
		expect(readTolerantly(changeSchema, { kind: 'runs', rows: 3 }).value).toBeUndefined();
		expect(readTolerantly(z.object({ ok: z.literal(true) }), { ok: 'yes' }).value).toBeUndefined();
	});
});
