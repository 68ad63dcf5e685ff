// What the audit says of a change: who, from where, why, and the target before and after it.
import { expect, test } from 'vitest';
import { auditEntrySchema, type AuditEntry } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, EVE, OTTO, VERA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox({
	AUTH: 'local',
	REASON_REQUIRED: 'run.terminate, bulk.start purge.start'
});

async function entries(filter: Record<string, string>): Promise<AuditEntry[]> {
	const { status, body } = await signalbox.as(ADA).get(`/audit?${new URLSearchParams(filter)}`);
	expect(status, JSON.stringify(body)).toBe(200);
	return (body as { entries: unknown[] }).entries.map((entry) => auditEntrySchema.parse(entry)); // the contract's
}

let started = 0;
const waiting = () =>
	signalbox.as(EVE).start({
		...{ workflow: 'GATED', params: { gates: [{}] } },
		id: `audited-${(started += 1)}`
	});

test('a required reason is asked for, and kept with the states around the change', async () => {
	const { body: me } = await signalbox.as(OTTO).get('/me');
	expect(me).toMatchObject({ reasonRequired: ['run.terminate', 'bulk.start', 'purge.start'] });
	const run = await waiting();
	await signalbox.as().approvalOf(run);
	const path = `/runs/GATED/${run.id}`;
	const target = `GATED/${run.id}`;
	const otto = signalbox.as(OTTO);
	const refused = problemOf(await otto.post(`${path}/terminate`), 400, 'invalid-input');
	expect(refused.errors).toEqual([{ path: 'reason', message: 'is required' }]);
	problemOf(await otto.post(`${path}/terminate`, { reason: '  ' }), 400, 'invalid-input');
	// The role comes first.
	problemOf(await signalbox.as(VERA).post(`${path}/terminate`), 403, 'forbidden');
	expect((await otto.post(`${path}/restart`, {})).status).toBe(200);
	await signalbox.as().approvalOf(run);

	const reason = 'stuck, token=hunter2';
	expect((await otto.post(`${path}/terminate`, { reason })).status).toBe(200);
	const [ended, restarted, forbidden, ...invalid] = await entries({ target });
	expect(ended).toMatchObject({
		...{ action: 'run.terminate', by: 'otto', subject: 'local:otto', result: 'done' },
		reason: 'stuck, token=[REDACTED]',
		from: { via: 'api' },
		before: { status: 'waiting', generation: 2, step: 'request-approval' },
		after: { status: 'terminated', outcome: 'terminated', generation: 2 }
	});
	expect(restarted).toMatchObject({
		reason: null,
		before: { generation: 1 },
		after: { generation: 2 }
	});
	expect(forbidden).toMatchObject({ by: 'vera', result: 'forbidden' });
	expect(invalid.map(({ result }) => result)).toEqual(['invalid-input', 'invalid-input', 'done']);
	const { body } = await signalbox.as(ADA).get('/audit/verify');
	expect(body).toMatchObject({ ok: true });
});

test('a bulk action and a purge have a reason, and each of their runs has its states', async () => {
	const run = await waiting();
	await signalbox.as().approvalOf(run);
	const eve = signalbox.as();
	const select = { runs: [{ workflow: 'GATED', id: run.id }] };
	const job = { action: 'terminate', select };
	const refused = problemOf(await eve.post('/bulk-actions', job), 400, 'invalid-input');
	expect(refused.errors).toMatchObject([{ path: 'reason' }]);
	expect((await eve.post('/bulk-actions', { ...job, dryRun: true })).status).toBe(200);
	const bulk = await eve.post('/bulk-actions', { ...job, reason: 'cleaning up' });
	expect(bulk.status, JSON.stringify(bulk.body)).toBe(202);
	const { id } = bulk.body as { id: string };
	await eve.runEnded({ workflow: 'BULK', id });
	expect(await entries({ action: 'bulk.start', result: 'done' })).toMatchObject([
		{ reason: 'cleaning up', target: `BULK/${id}` }
	]);
	expect(await entries({ target: `GATED/${run.id}`, action: 'run.terminate' })).toMatchObject([
		{ reason: 'cleaning up', before: { status: 'waiting' }, after: { status: 'terminated' } }
	]);

	const criteria = { q: `id:${run.id}` };
	problemOf(await eve.post('/purges', { criteria }), 400, 'invalid-input');
	const purge = await eve.post('/purges', { criteria, reason: 'done with it' });
	expect(purge.status, JSON.stringify(purge.body)).toBe(202);
	expect(await entries({ text: 'DONE with purge' })).toMatchObject([
		{ action: 'purge.start', reason: 'done with it' }
	]);
});

test('who writes the state of an Agent, or tries to, is in the audit', async () => {
	const agent = 'store-agent/berlin';
	const state = { stock: { units: 7, aisles: 1, run: 'count-1', token: 'hunter2' } };
	const operator = await signalbox.connect(agent, { as: OTTO, sdk: true });
	const viewer = await signalbox.connect(agent, { as: VERA, sdk: true });
	await viewer.ofType('cf_agent_state');
	operator.send({ type: 'cf_agent_state', state });
	await viewer.ofType('cf_agent_state');
	viewer.send({ type: 'cf_agent_state', state: { stock: null } });
	await viewer.ofType('cf_agent_state_error');
	const page = await signalbox.connect('operations-agent/main', { as: ADA, sdk: true });
	page.send({ type: 'cf_agent_state', state: { counts: {} } });
	await page.ofType('cf_agent_state_error');

	const written = await eventually(
		() => entries({ action: 'agent.set-state' }),
		(found) => found.length === 3
	);
	const of = (name: string) => written.find(({ by }) => by === name);
	expect(of('otto')).toMatchObject({
		...{ subject: 'local:otto', target: agent, result: 'done', from: { via: 'page' } },
		before: { stock: null },
		after: { stock: { units: 7, token: '[REDACTED]' } }
	});
	expect(of('vera')).toMatchObject({ target: agent, result: 'forbidden' });
	expect(of('ada')).toMatchObject({ target: 'operations-agent/main', result: 'forbidden' });
	await Promise.all([operator.close(), viewer.close(), page.close()]);
});

test('the audit is found by person, time and words, and exported', async () => {
	const start = Date.now();
	const run = await waiting();
	await signalbox.as(OTTO).post(`/runs/GATED/${run.id}/pause`);
	expect(await entries({ by: 'local:otto', from: String(start) })).toMatchObject([
		{ action: 'run.pause', target: `GATED/${run.id}` }
	]);
	const until = new Date(start).toISOString();
	expect(await entries({ target: `GATED/${run.id}`, to: until })).toEqual([]);
	const bad = await signalbox.as(ADA).get('/audit?from=yesterday');
	problemOf(bad, 400, 'invalid-input');

	const file = await signalbox.as(ADA).fetch(`/api/v1/audit/export?format=csv&text=${run.id}`);
	expect(file.headers.get('content-disposition')).toContain('audit.csv');
	const text = await file.text();
	expect(text.trim().split('\n').slice(1)).toHaveLength(2);
	expect((await signalbox.as(OTTO).fetch('/api/v1/audit/export')).status).toBe(403);
});
