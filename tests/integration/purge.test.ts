import { beforeAll, describe, expect, test } from 'vitest';
import type { OperationsAgent } from '../../src/lib/agent';
import { purgePreviewSchema, runPageSchema, runSchema, type Run } from '../../src/lib/protocol';
import { ADA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const REFUNDS = { workflow: 'REFUND' };
let waiting: Run;

beforeAll(async () => {
	const refund = (id: string, amount: number) =>
		signalbox.as().start({
			workflow: 'REFUND',
			params: { order: id, amount, currency: 'EUR', reason: 'x', requestedBy: 'ana' },
			id
		});
	for (const id of ['r1', 'r2', 'r3', 'r4']) await signalbox.as().runEnded(await refund(id, 10));
	const terminated = await refund('r5', 500);
	await signalbox.as().approvalOf(terminated);
	await signalbox.as().post('/runs/REFUND/r5/terminate');
	await signalbox.as().approvalOf(await refund('r6', 500));
	waiting = await signalbox.as().run({ workflow: 'REFUND', id: 'r6' });
});

async function operations(): Promise<DurableObjectStub<OperationsAgent>> {
	const env = await signalbox.harness.getWorker<Env>().getEnv();
	return env.OperationsAgent.getByName('main');
}

async function preview(criteria: object) {
	const { status, body } = await signalbox.as(ADA).post('/purges', { criteria, dryRun: true });
	expect(status, JSON.stringify(body)).toBe(200);
	return purgePreviewSchema.parse(body);
}

async function purge(criteria: object): Promise<Run> {
	const { status, body } = await signalbox.as(ADA).post('/purges', { criteria });
	expect(status, JSON.stringify(body)).toBe(202);
	return signalbox.as().runEnded(runSchema.parse(body));
}

async function ids(q = 'workflow:REFUND'): Promise<string[]> {
	const { body } = await signalbox.as().get(`/runs?limit=100&q=${encodeURIComponent(q)}`);
	return runPageSchema
		.parse(body)
		.runs.map(({ id }) => id)
		.toSorted();
}

describe('a dry run', () => {
	test('counts what would be deleted and what would be kept, and deletes nothing', async () => {
		const found = await preview(REFUNDS);
		expect(found).toMatchObject({
			total: 5,
			byStatus: { complete: 4, terminated: 1 },
			protected: 1
		});
		expect(found.sample.map(({ id }) => id)).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
		expect(await ids()).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6']);
	});

	test.each([
		[{ ...REFUNDS, status: 'terminated' }, 1],
		[{ ...REFUNDS, status: ['terminated', 'errored'] }, 1],
		[{ ...REFUNDS, outcome: 'completed' }, 4],
		[{ ...REFUNDS, metadata: { order: 'r2' } }, 1],
		[{ q: 'order:r3' }, 1],
		[{ ...REFUNDS, agent: 'store-agent/austin' }, 0],
		[{ ...REFUNDS, createdBefore: '2020-01-01T00:00:00Z' }, 0],
		[{ ...REFUNDS, finishedBefore: Date.now() + 3_600_000 }, 5],
		[{ ...REFUNDS, status: 'waiting' }, 0]
	])('by %j finds %i', async (criteria, total) => {
		expect((await preview(criteria)).total).toBe(total);
	});
});

describe('a purge', () => {
	test('deletes what its dry run counted, and no more', async () => {
		const criteria = { ...REFUNDS, metadata: { order: 'r1' } };
		const { total } = await preview(criteria);
		const run = await purge(criteria);
		expect(run.output).toEqual({ deleted: total });
		expect(await ids()).toEqual(['r2', 'r3', 'r4', 'r5', 'r6']);
	});

	test('is a run like any other, with progress, result and audit', async () => {
		const { total } = await preview(REFUNDS);
		const run = await purge(REFUNDS);
		expect(run).toMatchObject({
			workflow: 'PURGE',
			agent: { class: 'OperationsAgent', path: 'operations-agent/main' },
			status: 'complete',
			outcome: 'completed',
			startedBy: 'ada',
			metadata: { by: 'ada' },
			progress: { stage: 'delete', deleted: total, total, percent: 1 },
			output: { deleted: total }
		});
		expect(await ids('workflow:PURGE')).toContain(run.id);
		const { events } = await signalbox.as().events(run);
		expect(events).toEqual(await signalbox.engine.history(run));
		const { body } = await signalbox.as(ADA).get('/audit?action=purge.start&limit=1');
		expect(body).toMatchObject({
			entries: [{ by: 'ada', target: `PURGE/${run.id}`, result: 'done' }]
		});
	});

	test('leaves runs alone that have not ended', async () => {
		expect(await ids()).toEqual(['r6']);
		expect(await signalbox.as().run(waiting)).toEqual(waiting);
		expect((await preview(REFUNDS)).total).toBe(0);
		expect(await signalbox.as().pending(waiting)).toHaveLength(1);
	});

	test('says of what is gone which purge deleted it', async () => {
		const [newest] = await ids('workflow:PURGE');
		expect(newest).toBeDefined();
		for (const id of ['r1', 'r2', 'r5']) {
			const reply = await signalbox.as().get(`/runs/REFUND/${id}`);
			expect(problemOf(reply, 404, 'unknown-run').detail).toMatch(
				/^Run REFUND\/r\d was deleted by PURGE\/\S+ at \d{4}-/
			);
		}
	});

	test('done once more deletes nothing', async () => {
		expect((await purge(REFUNDS)).output).toEqual({ deleted: 0 });
		const agent = await operations();
		const { runs } = runPageSchema.parse((await signalbox.as().get('/runs?q=workflow:PURGE')).body);
		const largest = runs.find(({ output }) => JSON.stringify(output) === '{"deleted":4}');
		if (!largest) throw new Error('a purge of four was done above');
		// A step of it that is tried again, its result lost.
		const again = await agent.purgeNext(largest.id, { workflow: 'REFUND' });
		expect(again).toMatchObject({ deleted: 4, left: false });
	});

	test('never deletes itself', async () => {
		const run = await purge({ workflow: 'PURGE' });
		expect(await ids('workflow:PURGE')).toEqual([run.id]);
	});
});

describe('what a preview has confirmed', () => {
	test('is all that a purge deletes: a run that ended since is kept', async () => {
		const start = (id: string) =>
			signalbox.as().start({ workflow: 'PARCEL', params: { parcel: id }, id });
		const [gone, kept] = [await start('gone'), await start('kept')];
		await signalbox.as().post(`/runs/PARCEL/${gone.id}/terminate`, {});
		await signalbox.as().runEnded(gone);
		const confirmed = await preview({ workflow: 'PARCEL' });
		expect(confirmed).toMatchObject({ total: 1, protected: 1 });

		await signalbox.as().post(`/runs/PARCEL/${kept.id}/terminate`, {});
		await signalbox.as().runEnded(kept);
		const run = await purge({ workflow: 'PARCEL', asOf: confirmed.asOf });
		expect(run.output).toMatchObject({ deleted: 1 });
		expect(await ids('workflow:PARCEL')).toEqual(['kept']);
	});

	test('is all that a bulk action deletes, and the rest is reported', async () => {
		const { body } = await signalbox.as().post('/bulk-actions', {
			...{ action: 'delete', dryRun: true },
			select: { q: 'id:kept', asOf: 1 }
		});
		expect(body).toMatchObject({ total: 0 });
		const named = await signalbox.as().post('/bulk-actions', {
			...{ action: 'delete', dryRun: true },
			select: { runs: [{ workflow: 'PARCEL', id: 'kept' }], asOf: 1 }
		});
		expect(named.body).toMatchObject({
			eligible: 0,
			reasons: [{ reason: 'ended-later', runs: 1 }]
		});
	});
});

describe('what was purged', () => {
	test('does not come back with a late report', async () => {
		const gone: Run = { ...waiting, id: 'r5', status: 'waiting' };
		const approval = await signalbox.as().approvalOf(waiting);
		const version = Date.now() + 3_600_000;
		const agent = await operations();
		await agent.intake({
			agent: gone.agent,
			sequence: 1,
			previous: 0,
			runs: [{ run: gone, version, exact: true }],
			approvals: [{ approval: { ...approval, id: 'ap_late-one', runId: 'r5' }, version }],
			notes: []
		});
		problemOf(await signalbox.as().get('/approvals/ap_late-one'), 404, 'unknown-approval');
		expect(await ids()).toEqual(['r6']);
		problemOf(await signalbox.as().get('/runs/REFUND/r5'), 404, 'unknown-run');
	});
});
