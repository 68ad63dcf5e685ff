// What watching costs, in rows: bounds, so that no change makes a run dearer without a word.
import { describe, expect, test } from 'vitest';
import type { Run } from '../../src/lib/protocol';
import type { MeteredRows } from '../support/row-meter';
import { eventually } from './support/eventually';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

/** A report in each second that a run takes costs no more than this, rows. */
const ROWS_A_SECOND = 15;

type MeterEnv = { OperationsAgent: DurableObjectNamespace };

async function takeRows(): Promise<MeteredRows[]> {
	const env = await signalbox.harness.getWorker<MeterEnv>().getEnv();
	const stub: unknown = env.OperationsAgent.getByName('main');
	return (stub as { takeRows(): Promise<MeteredRows[]> }).takeRows();
}

/** The Agent has nothing to do and nothing planned: every run of it has ended and is reported. */
async function hasSettled(store: string): Promise<boolean> {
	const worker = signalbox.harness.getWorker();
	const storage = await worker.getDurableObjectStorage('StoreAgent', { name: store });
	const tables = ['cf_agents_jobs', 'monitor_outbox', 'monitor_mends'];
	const counts = tables.map((table) => `(SELECT count(*) FROM ${table})`).join(' + ');
	const [row] = await storage.exec(
		`SELECT ${counts} + (SELECT count(*) FROM monitor_runs WHERE active = 1) AS n`
	);
	return row?.['n'] === 0;
}

/** Rows that were written, without those of the SDK and of the meter's own reads. */
async function written(): Promise<number> {
	const rows = await takeRows();
	return rows
		.filter(({ table }) => table !== 'cf_agents_workflows')
		.reduce((sum, row) => sum + row.written, 0);
}

/** Starts a run in an Agent that has had one, and counts what is written until all is quiet. */
async function rowsOf(store: string, input: { workflow: string; params: object }) {
	const agent = `store-agent/${store}`;
	const once = async (): Promise<Run> => {
		const run = await signalbox.as().start({ ...input, agent });
		// The engine is asked: to ask Signalbox would have it report.
		await signalbox.engine.history(run);
		await eventually(() => hasSettled(store), Boolean);
		return signalbox.as().run(run);
	};
	await once();
	await takeRows();
	const { createdAt, finishedAt } = await once();
	const seconds = Math.floor(((finishedAt ?? createdAt) - createdAt) / 1_000);
	return { rows: await written(), allowance: seconds * ROWS_A_SECOND };
}

describe('rows of a run that nobody watches', () => {
	const params = { currency: 'EUR', reason: 'x', requestedBy: 'ana', amount: 5 };

	test('are at most 70, with its metadata and the audit of its start', async () => {
		const refund = { workflow: 'REFUND', params: { ...params, order: 'ORD-1' } };
		const { rows, allowance } = await rowsOf('thrifty', refund);
		expect(rows).toBeLessThanOrEqual(70 + allowance);
		// The meter counts: a run cannot be free.
		expect(rows).toBeGreaterThan(20);
	});
});

describe('a fleet at rest', () => {
	test('writes nothing and reads nothing', async () => {
		const run = await signalbox.as().start({
			workflow: 'QUIET',
			params: { sleep: '1 hour' },
			agent: 'store-agent/resting'
		});
		await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor?.kind === 'sleep');
		const taken = async () => (await takeRows()).length;
		// The tail leaves a few seconds after the last event, and then nothing is left to do.
		let quiet = 0;
		await eventually(
			async () => (quiet = (await taken()) === 0 ? quiet + 1 : 0),
			(reads) => reads >= 100
		);
	});
});
