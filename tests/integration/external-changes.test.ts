// What happens to a run past Signalbox: in the Cloudflare dashboard, by wrangler, from another
// Worker. It is found at the next look, shown as it is, and what the SDK has wrong is mended.
import { expect, test } from 'vitest';
import {
	approvalPageSchema,
	auditEntrySchema,
	runKey,
	type Run,
	type RunRef
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

async function asleep(id: string): Promise<Run> {
	const params = { message: 'Call back', after: '2 hours' };
	const run = await signalbox.as().start({ workflow: 'FOLLOW_UP', params, id });
	return signalbox.as().runWhen(run, ({ status }) => status === 'waiting');
}

/** Somebody opens the page of a run, and sees it come to this. */
async function lookUntil(ref: RunRef, wanted: (run: Run) => boolean): Promise<Run> {
	const socket = await signalbox.connect('operations-agent/main');
	try {
		Watching.run(socket, ref.workflow, ref.id);
		return await signalbox.as().runWhen(ref, wanted);
	} finally {
		await socket.close();
	}
}

async function mends(ref: RunRef): Promise<unknown[]> {
	const { body } = await signalbox.as().get(`/audit?action=sdk.mend&target=${runKey(ref)}`);
	return auditEntrySchema.array().parse((body as { entries: unknown }).entries);
}

test('a run that was terminated past us is found when somebody looks, and its SDK row is mended', async () => {
	const run = await asleep('ended-outside');
	await (await signalbox.engine.instance(run)).terminate();
	const found = await lookUntil(run, ({ status }) => status === 'terminated');
	expect(found.outcome).toBe('terminated');

	await eventually(
		() => trackedStatus(run),
		(status) => status === 'terminated'
	);
	await eventually(
		() => mends(run),
		(entries) => entries.length > 0
	);
});

test('a run that was paused past us is shown as paused, and goes on when it is resumed here', async () => {
	const run = await asleep('paused-outside');
	await (await signalbox.engine.instance(run)).pause();
	await lookUntil(run, ({ status }) => status === 'paused');
	await signalbox.as().post(`/runs/FOLLOW_UP/${run.id}/resume`);
	await signalbox.as().runWhen(run, ({ status }) => status === 'waiting');
});

test('a run that nobody tracks can be adopted by its id, with its whole history', async () => {
	const env: Record<string, Workflow> = await signalbox.harness.getWorker().getEnv();
	const ref = { workflow: 'FOLLOW_UP', id: 'stray' };
	await env['FOLLOW_UP']?.create({ id: ref.id, params: { message: 'Who?', after: '1 second' } });
	expect((await signalbox.as().get(`/runs/FOLLOW_UP/${ref.id}`)).status).toBe(404);

	const agent = 'store-agent/berlin';
	const adopted = await signalbox.as().post(`/runs/FOLLOW_UP/${ref.id}/adopt`, { agent });
	expect(adopted.status).toBe(200);
	const run = await signalbox.as().runEnded(ref);
	expect(run.agent.path).toBe(agent);
	expect((await signalbox.as().events(ref)).events).toEqual(await signalbox.engine.history(ref));
	const { body } = await signalbox.as().get(`/audit?action=run.adopt&target=${runKey(ref)}&by=eve`);
	expect(body).toMatchObject({ entries: [{ result: 'done' }] });

	const again = await signalbox.as().post(`/runs/FOLLOW_UP/${ref.id}/adopt`, { agent });
	expect(again.status).toBe(200);
});

test('an adopted run is as old as its history, and its approval shows the facts', async () => {
	const env: Record<string, Workflow> = await signalbox.harness.getWorker().getEnv();
	const ref = { workflow: 'WAITS', id: 'older' };
	// As the SDK starts it, by an Agent that was not monitored then.
	const keys = { __agentName: 'berlin', __agentBinding: 'StoreAgent', __workflowName: 'WAITS' };
	const params = { ...keys, order: 'ORD-7', waits: [{ name: 'wait', type: 'approval' }] };
	await env['WAITS']?.create({ id: ref.id, params });
	const adopted = await signalbox
		.as()
		.post(`/runs/WAITS/${ref.id}/adopt`, { agent: 'store-agent/berlin' });
	expect(adopted.status).toBe(200);
	const approval = await signalbox.as().approvalOf(ref);
	expect(approval).toMatchObject({ facts: { order: 'ORD-7' } });
	await signalbox.as().decide(approval, { approved: true });
	const run = await signalbox.as().runEnded(ref);
	const [queued] = await signalbox.engine.history(ref);
	expect(run.createdAt).toBe(queued?.timestamp);
	expect(run.createdAt).toBeLessThanOrEqual(run.startedAt ?? 0);
});

test('a run that another Agent owns is not adopted, and its approval keeps its policy', async () => {
	const owned = await signalbox.as().start({ workflow: 'TWO_GATES', params: { subject: 'a box' } });
	const gate = await signalbox.as().approvalOf(owned);
	const { status, body } = await signalbox
		.as()
		.post(`/runs/${owned.workflow}/${owned.id}/adopt`, { agent: 'store-agent/elsewhere' });
	expect(status).toBe(409);
	expect(body).toMatchObject({ detail: expect.stringContaining('store-agent/berlin') });
	const { body: pending } = await signalbox.as().get('/approvals?status=pending');
	const ids = approvalPageSchema
		.parse(pending)
		.approvals.filter(({ runId }) => runId === owned.id)
		.map(({ id }) => id);
	expect(ids).toEqual([gate.id]);
});

test('a run that another Agent started is not adopted though the index has lost it', async () => {
	const owned = await asleep('owned-elsewhere');
	const elsewhere = await signalbox.agent('elsewhere');
	const { workflow, id } = owned;
	const call = { type: 'adopt', ref: { workflow, id }, by: 'eve' } as const;
	// RPC's own types do not get through the generic call.
	type Adopter = { operate: (at: '', asked: typeof call) => Promise<unknown> };
	const answer = await (elsewhere as unknown as Adopter).operate('', call);
	expect(answer).toMatchObject({ ok: false, problem: { status: 409 } });
});

test('an instance that the engine does not have cannot be adopted', async () => {
	const { status, body } = await signalbox.as().post('/runs/FOLLOW_UP/nobody/adopt', {});
	expect(status).toBe(404);
	expect(body).toMatchObject({ detail: expect.stringContaining('no instance') });
});

test('a run whose instance was deleted past us is shown as gone, and its history is kept', async () => {
	const run = await asleep('deleted-outside');
	const { events } = await signalbox.as().events(run);
	await (await signalbox.engine.instance(run)).delete();
	await ageBy(60_000, run);
	const gone = await lookUntil(run, ({ status }) => status === 'unknown');
	expect(gone.waitingFor).toBeNull();
	expect((await signalbox.as().events(run)).events).toEqual(events);
	expect((await signalbox.as().get('/runs?q=status:unknown')).body).toMatchObject({ total: 1 });
	expect((await signalbox.as().delete(`/runs/FOLLOW_UP/${run.id}`)).status).toBe(204);
});

/** What the SDK's own table says of a run. */
async function trackedStatus({ id }: RunRef): Promise<unknown> {
	const storage = await berlin();
	const [row] = await storage.exec(
		'SELECT status FROM cf_agents_workflows WHERE workflow_id = ?',
		id
	);
	return row?.['status'];
}

function berlin() {
	return signalbox.harness.getWorker().getDurableObjectStorage('StoreAgent', { name: 'berlin' });
}

/** Makes a run older: an instance that is not there yet is given some seconds to come. */
async function ageBy(ms: number, { id }: RunRef): Promise<void> {
	const storage = await berlin();
	await storage.exec(
		`UPDATE monitor_runs SET facts =
			json_set(facts, '$.createdAt', json_extract(facts, '$.createdAt') - ?) WHERE id = ?`,
		ms,
		id
	);
}
