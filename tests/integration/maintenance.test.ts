// Bindings that were renamed, moved in one act; and what the doctor finds and puts right.
import { describe, expect, test } from 'vitest';
import {
	bindingMigrationSchema,
	bindingPreviewSchema,
	bindingsSchema,
	doctorReportSchema,
	runKey,
	type BindingMigration,
	type Finding,
	type Run
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { renameBack } from './support/former-name';
import { ADA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

async function bindings() {
	const { status, body } = await signalbox.as(ADA).get('/bindings');
	expect(status).toBe(200);
	return bindingsSchema.parse(body);
}

const unbound = async () => (await bindings()).bindings.filter(({ isBound }) => !isBound);

/** A run that waits for approval under a name that has no binding. */
async function stranded(id: string, store: string): Promise<Run> {
	const run = await signalbox.as().start({
		...{ workflow: 'WAITS', id, agent: `store-agent/${store}` },
		params: { waits: [{ name: 'wait', type: 'approval' }] }
	});
	await signalbox.as().approvalOf(run);
	await renameBack(signalbox, run, store);
	// The index never had it under the present name: whoever asks learns that nobody has it.
	await signalbox.as().get(`/runs/WAITS/${id}`);
	expect((await signalbox.as().delete(`/runs/WAITS/${id}`)).status).toBe(204);
	await signalbox.as().post('/fleet/reindex');
	const former = { workflow: 'FORMER', id };
	await eventually(
		async () => (await signalbox.as().get(`/runs/FORMER/${id}`)).status,
		(status) => status === 200
	);
	return signalbox.as().runWhen(former, (found) => found.missingBinding === true);
}

const migrate = (to: string, more: object = {}) =>
	signalbox.as(ADA).post('/bindings/FORMER/migrate', { to, ...more });

async function migrated(): Promise<BindingMigration> {
	const found = await eventually(
		async () => (await bindings()).migrations.find(({ from }) => from === 'FORMER'),
		(migration) => migration !== undefined && migration.finishedAt !== null
	);
	if (!found) throw new Error('unreachable');
	return found;
}

describe('a binding that was renamed', () => {
	test('is listed, counted and moved in one act, with a decision that was not delivered', async () => {
		await stranded('lost-1', 'moving-1');
		await stranded('lost-2', 'moving-2');
		const waiting = await signalbox.as().approvalOf({ workflow: 'FORMER', id: 'lost-1' });
		expect((await signalbox.as().decide(waiting, { approved: true })).status).toBe(200);

		expect(await unbound()).toEqual([
			{ workflow: 'FORMER', isBound: false, runs: { active: 2, ended: 0 } }
		]);
		const previewed = await migrate('WAITS', { dryRun: true });
		expect(bindingPreviewSchema.parse(previewed.body)).toEqual({
			...{ from: 'FORMER', to: 'WAITS', runs: { active: 2, ended: 0 }, conflicts: [] },
			pendingApprovals: 1,
			agents: [
				{ agent: 'store-agent/moving-1', runs: 1 },
				{ agent: 'store-agent/moving-2', runs: 1 }
			]
		});
		expect(await unbound()).toHaveLength(1);

		const reply = await migrate('WAITS', { reason: 'renamed in this deploy' });
		expect(reply.status).toBe(202);
		expect(bindingMigrationSchema.parse(reply.body)).toMatchObject({ agents: 2, by: 'ada' });
		expect(await migrated()).toMatchObject({ left: 0, failed: [] });
		expect(await unbound()).toEqual([]);

		const ended = await signalbox.as().runEnded({ workflow: 'WAITS', id: 'lost-1' });
		expect(ended.outcome).toBe('completed');
		const other = { workflow: 'WAITS', id: 'lost-2' };
		expect((await signalbox.as().run(other)).missingBinding).toBeUndefined();
		expect(await signalbox.as().approvalOf(other)).toMatchObject({ status: 'pending' });
		const { body } = await signalbox.as(ADA).get('/audit?action=binding.migrate&limit=100');
		const { entries } = body as { entries: { by: string; reason?: string }[] };
		expect(entries).toContainEqual(
			expect.objectContaining({ by: 'ada', reason: 'renamed in this deploy', target: 'FORMER' })
		);

		// Once more: nothing is left to move, which is no mistake.
		const again = await migrate('WAITS');
		expect(again.status).toBe(202);
		expect(bindingMigrationSchema.parse(again.body)).toMatchObject({ left: 0 });
	});

	test('moves to the end although the Operations agent crashes in between', async () => {
		for (const n of [1, 2, 3, 4]) await stranded(`crash-${n}`, `crashing-${n}`);
		const moving = migrate('WAITS').catch(() => null);
		await eventually(
			async () => (await bindings()).migrations.find(({ from }) => from === 'FORMER')?.agents,
			(agents) => agents === 4
		);
		await signalbox.crashOperations();
		await moving;
		expect(await migrated()).toMatchObject({ agents: 4, left: 0, failed: [] });
		for (const n of [1, 2, 3, 4]) {
			const run = await signalbox.as().run({ workflow: 'WAITS', id: `crash-${n}` });
			expect(run.missingBinding).toBeUndefined();
		}
		expect(await unbound()).toEqual([]);
	});

	test('is refused with what is wrong', async () => {
		await stranded('refused', 'refusing');
		const missing = problemOf(await migrate('NOWHERE'), 400, 'invalid-input');
		expect(missing.detail).toContain('no workflow binding NOWHERE');
		expect(missing.detail).toContain('WAITS');
		const same = problemOf(await migrate('FORMER'), 400, 'invalid-input');
		expect(same.detail).toContain('must differ');
		const bound = await signalbox.as(ADA).post('/bindings/WAITS/migrate', { to: 'QUIET' });
		expect(problemOf(bound, 409, 'wrong-state').detail).toContain('has a workflow binding');
		const unknown = await signalbox.as(ADA).post('/bindings/NOBODY/migrate', { to: 'QUIET' });
		expect(problemOf(unknown, 400, 'invalid-input').detail).toContain('FORMER');
		expect(await unbound()).toMatchObject([{ workflow: 'FORMER', runs: { active: 1 } }]);
		await migrate('WAITS');
		await migrated();
	});
});

async function findings(): Promise<Finding[]> {
	const { status, body } = await signalbox.as(ADA).get('/doctor');
	expect(status).toBe(200);
	return doctorReportSchema.parse(body).findings;
}

const fix = (input: object) => signalbox.as(ADA).post('/doctor/fixes', input);

describe('the doctor', () => {
	test('finds runs that only the SDK tracks, and has them tracked', async () => {
		const agent = 'store-agent/forgetful';
		const run = await signalbox.as().start({
			...{ workflow: 'QUIET', id: 'forgotten', agent },
			params: { sleep: '1 hour' }
		});
		await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor !== null);
		const storage = await signalbox.harness
			.getWorker()
			.getDurableObjectStorage('StoreAgent', { name: 'forgetful' });
		await storage.exec('DELETE FROM monitor_runs');
		await storage.exec('DELETE FROM monitor_event_batches');
		await signalbox.crash('forgetful');

		const found = (await findings()).find((each) => each.kind === 'untracked-runs');
		expect(found).toMatchObject({ agent, count: 1, fix: 'track-runs' });
		expect(found?.runs.map(runKey)).toEqual(['QUIET/forgotten']);
		const fixed = await fix({ fix: 'track-runs', agent });
		expect(fixed).toMatchObject({ status: 200, body: { fixed: 1, left: 0 } });
		expect((await findings()).filter(({ kind }) => kind === 'untracked-runs')).toEqual([]);
		const again = await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor !== null);
		expect(again.status).toBe('waiting');
	});

	test('finds lost runs, and deletes their records', async () => {
		const run = await signalbox.as().start({
			...{ workflow: 'QUIET', id: 'gone', agent: 'store-agent/lossy' },
			params: { sleep: '1 hour' }
		});
		await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor !== null);
		const storage = await signalbox.harness
			.getWorker()
			.getDurableObjectStorage('StoreAgent', { name: 'lossy' });
		await storage.exec('DELETE FROM monitor_runs');
		await storage.exec('DELETE FROM cf_agents_workflows');
		await signalbox.crash('lossy');
		// Whoever asks for it learns that its Agent no longer has it.
		await signalbox.as().get('/runs/QUIET/gone');

		const lost = await eventually(
			async () => (await findings()).find(({ kind }) => kind === 'lost-runs'),
			(finding) => finding !== undefined
		);
		expect(lost).toMatchObject({ count: 1, fix: 'delete-records' });
		expect(await fix({ fix: 'delete-records' })).toMatchObject({ body: { fixed: 1, left: 0 } });
		expect((await findings()).filter(({ kind }) => kind === 'lost-runs')).toEqual([]);
		expect((await signalbox.as().get('/runs/QUIET/gone')).status).toBe(404);
	});

	test('finds a name without a binding, and tells sizes and cost', async () => {
		await stranded('ill', 'ailing');
		const { body } = await signalbox.as(ADA).get('/doctor');
		const report = doctorReportSchema.parse(body);
		expect(report.findings).toContainEqual(
			expect.objectContaining({
				...{ kind: 'missing-binding', workflow: 'FORMER', fix: 'migrate-binding' }
			})
		);
		expect(report.agents.asked).toBe(report.agents.known);
		expect(report.storage.used).toBeGreaterThan(0);
		expect(report.tables.find(({ table }) => table === 'sb_runs')?.rows).toBeGreaterThan(0);
		expect(report.cost.runs).toBeGreaterThan(0);
	});

	test('refuses a fix that names no Agent, or one that is not there', async () => {
		expect(problemOf(await fix({ fix: 'track-runs' }), 400, 'invalid-input').detail).toContain(
			'agent'
		);
		problemOf(await fix({ fix: 'all' }), 400, 'invalid-input');
		problemOf(await fix({ fix: 'report-all', agent: 'no-agent/x' }), 404, 'unknown-agent');
	});
});
