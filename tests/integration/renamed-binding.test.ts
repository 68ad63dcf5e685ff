// A workflow binding that was renamed: first nothing answers for its runs, which shows, then they move
// to the new name with all that belongs to them.
import { expect, test } from 'vitest';
import { auditEntrySchema } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { renameBack } from './support/former-name';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

test('its runs say what is missing, keep an accepted decision, and deliver it under the new name', async () => {
	const agent = 'renamed';
	const started = await signalbox.as().start({
		...{ workflow: 'WAITS', id: 'moved', agent: `store-agent/${agent}` },
		params: { waits: [{ name: 'wait', type: 'approval' }] }
	});
	await signalbox.as().approvalOf(started);
	await renameBack(signalbox, started, agent);
	expect((await signalbox.as().post('/fleet/reindex')).status).toBe(200);

	const former = { workflow: 'FORMER', id: 'moved' };
	await eventually(
		async () => (await signalbox.as().get('/runs/FORMER/moved')).status,
		(status) => status === 200
	);
	const unbound = await signalbox.as().runWhen(former, (run) => run.missingBinding === true);
	expect(unbound.status).toBe('waiting');
	const refused = await signalbox.as().post('/runs/FORMER/moved/terminate');
	expect(problemOf(refused, 409, 'wrong-state').detail).toContain('migrateWorkflowBinding');

	const approval = await signalbox.as().approvalOf(former);
	expect((await signalbox.as().decide(approval, { approved: true })).status).toBe(200);
	expect(await signalbox.as().run(former)).toMatchObject({ status: 'waiting' });

	const store = await signalbox.agent(agent);
	expect(await store.migrateWorkflowBinding('FORMER', 'WAITS')).toBe(1);
	const moved = { workflow: 'WAITS', id: 'moved' };
	const ended = await signalbox.as().runEnded(moved);
	expect(ended).toMatchObject({ outcome: 'completed' });
	expect(ended.missingBinding).toBeUndefined();
	expect(ended.output).toEqual({ received: [expect.stringContaining('"approved":true')] });
	const { body } = await signalbox.as().get(`/approvals/${approval.id}`);
	expect(body).toMatchObject({ workflow: 'WAITS', status: 'approved' });
	expect((await signalbox.as().get('/runs?q=workflow:FORMER')).body).toMatchObject({ total: 0 });
	expect((await signalbox.as().get('/runs/FORMER/moved')).status).toBe(404);
	expect((await signalbox.as().events(moved)).events).toEqual(
		await signalbox.engine.history(moved)
	);

	const audit = await signalbox.as().get('/audit?action=binding.migrate');
	const entries = auditEntrySchema.array().parse((audit.body as { entries: unknown }).entries);
	expect(entries).toMatchObject([
		{ target: 'WAITS', detail: { from: 'FORMER', to: 'WAITS', runs: 1 } }
	]);
	expect(await store.migrateWorkflowBinding('FORMER', 'WAITS')).toBe(0);
	// An older index learns of the move again.
	expect((await signalbox.as().post('/fleet/reindex')).status).toBe(200);
	expect((await signalbox.as().get('/runs?q=workflow:FORMER')).body).toMatchObject({ total: 0 });
	expect((await signalbox.as().get('/runs?q=id:moved')).body).toMatchObject({ total: 1 });
});

test('what happens while it has another name is in its history when it has the first one again', async () => {
	const agent = 'renamed-twice';
	const waits = [
		{ name: 'first', type: 'first' },
		{ name: 'second', type: 'second' }
	];
	const run = await signalbox.as().start({
		...{ workflow: 'WAITS', id: 'there-and-back', agent: `store-agent/${agent}` },
		params: { waits }
	});
	await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor?.name === 'first');
	const store = await signalbox.agent(agent);
	// Its history is still being read under the first name.
	expect(await store.migrateWorkflowBinding('WAITS', 'QUIET')).toBe(1);
	const instance = await signalbox.engine.instance(run);
	await instance.sendEvent({ type: 'first', payload: {} });
	const history = await instance.subscribe({ cursor: 0, filter: ['wait_completed'] });
	await history.next();
	expect(await store.migrateWorkflowBinding('QUIET', 'WAITS')).toBe(1);
	await instance.sendEvent({ type: 'second', payload: {} });
	await signalbox.as().runEnded(run);
	expect((await signalbox.as().events(run)).events).toEqual(await signalbox.engine.history(run));
});
