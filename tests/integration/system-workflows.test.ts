// Signalbox's own runs: who controls one repeats or stops what it does, so that takes its role.
import { beforeAll, describe, expect, test } from 'vitest';
import {
	auditEntrySchema,
	bulkPreviewSchema,
	OPERATION_NAMES,
	OPERATIONS,
	operationOf,
	runKey,
	runPageSchema,
	runSchema,
	type Run
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, EVE, OTTO } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const runs: Record<string, Run> = {};

/** Operations that change one run by its name, as the contract lists them. */
const CONTROLS = OPERATION_NAMES.filter(
	(name) =>
		operationOf(name).changes &&
		name.startsWith('run.') &&
		'workflow' in OPERATIONS[name].input.shape &&
		'id' in OPERATIONS[name].input.shape &&
		name !== 'run.start'
);
const BODIES: Record<string, object> = { 'run.send-event': { event: { type: 'go' } } };

beforeAll(async () => {
	const parcel = { workflow: 'PARCEL', params: { parcel: 'p' }, metadata: { group: 'own' } };
	for (const id of ['p1', 'p2', 'p3']) {
		const run = await signalbox.as().start({ ...parcel, id });
		await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor !== null);
	}
	const begin = async (path: string, body: object, as: string) => {
		const run = runSchema.parse((await signalbox.as(as).post(path, body)).body);
		return signalbox.as().runEnded(run);
	};
	const job = (action: string, id: string) => ({ action, select: { q: `id:${id}` } });
	runs['a bulk pause'] = await begin('/bulk-actions', job('pause', 'p1'), OTTO);
	await signalbox
		.as()
		.runEnded(runSchema.parse((await signalbox.as().post('/runs/PARCEL/p2/terminate', {})).body));
	runs['a bulk delete'] = await begin('/bulk-actions', job('delete', 'p2'), ADA);
	runs['a purge'] = await begin('/purges', { criteria: { q: 'id:p2' } }, ADA);
	const hook = await signalbox.as(ADA).post('/webhooks', {
		url: 'https://hooks.example/x',
		events: ['requested']
	});
	expect(hook.status).toBe(201);
	const refund = { order: 'ORD-1', amount: 250, currency: 'EUR', reason: 'x', requestedBy: 'ana' };
	await signalbox.as().start({ workflow: 'REFUND', params: refund });
	const [notify] = await eventually(
		async () =>
			runPageSchema.parse((await signalbox.as().get('/runs?q=workflow:NOTIFY')).body).runs,
		(found) => found.length > 0
	);
	if (!notify) throw new Error('a notification was just made');
	runs['a notification'] = notify;
});

describe.each(['a purge', 'a notification', 'a bulk delete'])('%s', (name) => {
	test.each(CONTROLS)('%s needs the admin role', async (type) => {
		const run = runs[name];
		if (!run) throw new Error(`${name} was started`);
		const { workflow, id } = run;
		const socket = await signalbox.connect('operations-agent/main', { as: OTTO, sdk: true });
		const answer = await socket.perform({ type, workflow, id, ...BODIES[type] });
		expect(answer).toMatchObject({
			ok: false,
			problem: { status: 403, detail: expect.stringContaining('requires the role admin') }
		});
		const path = `/audit?action=${type}&target=${encodeURIComponent(runKey(run))}`;
		const { body } = await signalbox.as(ADA).get(path);
		const [entry] = auditEntrySchema.array().parse(Object(body)['entries']);
		expect(entry).toMatchObject({ by: 'otto', result: 'forbidden' });
		// Who may not ask learns nothing of what is wrong with it.
		const bad = { type, workflow, id, undoMs: 'x', event: 5, agent: 7 };
		expect(await socket.perform(bad)).toMatchObject({ ok: false, problem: { status: 403 } });
		await socket.close();
	});

	test('is left out of a bulk action by an operator, and not by an admin', async () => {
		const { workflow, id } = runs[name] ?? { workflow: '', id: '' };
		const preview = async (as: string) =>
			bulkPreviewSchema.parse(
				(
					await signalbox.as(as).post('/bulk-actions', {
						...{ action: 'restart', dryRun: true },
						select: { runs: [{ workflow, id }] }
					})
				).body
			);
		expect(await preview(OTTO)).toMatchObject({ eligible: 0, reasons: [{ reason: 'admin-only' }] });
		expect((await preview(EVE)).reasons.map(({ reason }) => reason)).not.toContain('admin-only');
	});
});

test('an operator restarts a job that any operator may start', async () => {
	const run = runs['a bulk pause'];
	if (!run) throw new Error('it was started');
	const answer = await signalbox.as(OTTO).post(`/runs/${runKey(run)}/restart`, {});
	expect(answer.status).toBe(200);
});
