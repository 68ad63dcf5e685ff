// Runs whose Agent no longer has them: they end as lost, with the reason, and nothing waits for them.
import { describe, expect, test } from 'vitest';
import { agentPageSchema, runSchema, type Run, type RunRef } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const pathOf = (aisle: string) => `store-agent/berlin/sub/aisle-agent/${aisle}`;

/** A run in the Agent of an aisle that waits for an approval. */
async function waitingBelow(aisle: string): Promise<{ run: RunRef; approval: string }> {
	const run = { workflow: 'WAITS', id: `in-${aisle}` };
	const store = await signalbox.agent('berlin');
	await store.startBelow(aisle, run.workflow, run.id, {
		waits: [{ name: 'wait', type: 'approval' }]
	});
	await eventually(
		async () => (await signalbox.as().get(`/runs/WAITS/${run.id}`)).status,
		(status) => status === 200
	);
	const approval = await signalbox.as().approvalOf(run);
	return { run, approval: approval.id };
}

async function expectLost({ run, approval }: { run: RunRef; approval: string }): Promise<Run> {
	const lost = await signalbox.as().runWhen(run, ({ status }) => status === 'unknown');
	expect(lost).toMatchObject({ outcome: 'lost', waitingFor: null });
	expect(lost.finishedAt).not.toBeNull();
	const { body } = await signalbox.as().get(`/approvals/${approval}`);
	expect(body).toMatchObject({ status: 'cancelled' });
	expect(await signalbox.as().pending(run)).toEqual([]);
	const active = await signalbox.as().get(`/runs?q=is:active+id:${run.id}`);
	expect(active.body).toMatchObject({ total: 0 });
	const ended = await signalbox.as().get(`/runs?q=is:ended+status:unknown+id:${run.id}`);
	expect(ended.body).toMatchObject({ total: 1 });
	return lost;
}

describe('a sub-agent that was deleted', () => {
	test('takes its runs with it: lost, with the reason, and their approvals cancelled', async () => {
		const found = await waitingBelow('dairy');
		const store = await signalbox.agent('berlin');
		await store.removeAisle('dairy', 'told');
		const { error } = await expectLost(found);
		expect(error).toMatchObject({
			name: 'RunLostError',
			message: `Agent ${pathOf('dairy')} was deleted, and the histories of its runs with it.`
		});
		const { id } = found.run;
		expect((await signalbox.as().get(`/runs/WAITS/${id}/events`)).body).toEqual({
			events: [],
			done: true
		});
		for (const action of ['pause', 'terminate', 'restart']) {
			const refused = await signalbox.as().post(`/runs/WAITS/${id}/${action}`);
			expect(problemOf(refused, 404, 'unknown-agent').detail).toContain('was deleted');
		}
		const late = await signalbox.as().decide({ id: found.approval }, { approved: true });
		expect(late.status).toBe(404);
		const { body } = await signalbox.as().get('/agents?limit=100');
		const paths = agentPageSchema.parse(body).agents.map(({ path }) => path);
		expect(paths).not.toContain(pathOf('dairy'));
		const audit = await signalbox.as().get('/audit?action=agent.deleted');
		expect(audit.body).toMatchObject({
			entries: [{ target: pathOf('dairy'), detail: { runs: 1 } }]
		});
		expect((await signalbox.as().delete(`/runs/WAITS/${id}`)).status).toBe(204);
		expect((await signalbox.as().get(`/runs/WAITS/${id}`)).status).toBe(404);
	});

	test('unnoticed is found by whoever asks for one of its runs, and is not created again', async () => {
		const found = await waitingBelow('bakery');
		const store = await signalbox.agent('berlin');
		await store.removeAisle('bakery', 'untold');
		const decided = await signalbox.as().decide({ id: found.approval }, { approved: true });
		problemOf(decided, 404, 'unknown-agent');
		await expectLost(found);
	});

	test('unnoticed is found by a re-index', async () => {
		const found = await waitingBelow('fish');
		const store = await signalbox.agent('berlin');
		await store.removeAisle('fish', 'untold');
		expect((await signalbox.as().post('/fleet/reindex')).status).toBe(200);
		await expectLost(found);
	});

	test('leaves runs that a purge deletes like any that have ended', async () => {
		const found = await waitingBelow('meat');
		const store = await signalbox.agent('berlin');
		await store.removeAisle('meat', 'told');
		await expectLost(found);
		const criteria = { workflow: 'WAITS', status: 'unknown' };
		const preview = await signalbox.as().post('/purges', { criteria, dryRun: true });
		expect(preview.body).toMatchObject({ byStatus: { unknown: expect.any(Number) } });
		const started = await signalbox.as().post('/purges', { criteria });
		expect(started.status, JSON.stringify(started.body)).toBeLessThan(300);
		await eventually(
			async () => (await signalbox.as().get(`/runs/WAITS/${found.run.id}`)).status,
			(status) => status === 404
		);
	});

	test('and created again under its name starts with new runs, which live', async () => {
		const first = await waitingBelow('fruit');
		const store = await signalbox.agent('berlin');
		await store.removeAisle('fruit', 'told');
		await expectLost(first);
		const run = { workflow: 'WAITS', id: 'second-in-fruit' };
		await store.startBelow('fruit', run.workflow, run.id, {
			waits: [{ name: 'wait', type: 'approval' }]
		});
		await eventually(
			async () => (await signalbox.as().get(`/runs/WAITS/${run.id}`)).status,
			(status) => status === 200
		);
		const gate = await signalbox.as().approvalOf(run);
		expect((await signalbox.as().decide(gate, { approved: true })).status).toBe(200);
		expect(await signalbox.as().runEnded(run)).toMatchObject({ outcome: 'completed' });
	});
});

test('an Agent whose storage was deleted has no more runs: they are lost as soon as one is asked for', async () => {
	const params = { waits: [{ name: 'wait', type: 'approval' }] };
	const agent = 'store-agent/wiped';
	const run = await signalbox.as().start({ workflow: 'WAITS', id: 'wiped', agent, params });
	const approval = await signalbox.as().approvalOf(run);
	const storage = await signalbox.harness
		.getWorker()
		.getDurableObjectStorage('StoreAgent', { name: 'wiped' });
	for (const table of ['monitor_runs', 'monitor_approvals', 'monitor_outbox']) {
		await storage.exec(`DELETE FROM ${table}`);
	}
	const { body } = await signalbox.as().get('/runs/WAITS/wiped');
	expect(runSchema.parse(body)).toMatchObject({
		...{ status: 'unknown', outcome: 'lost' },
		error: { message: 'Agent store-agent/wiped no longer has this run, nor its history.' }
	});
	await expectLost({ run, approval: approval.id });
});
