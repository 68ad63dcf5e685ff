// A terminate or a restart that can be undone: held by the Agent, through a crash too, and carried
// out once.
import { describe, expect, test } from 'vitest';
import { runSchema, type AuditEntry, type Run, type RunRef } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, EVE, OTTO, VERA } from './support/people';
import { problemOf, type Reply } from './support/person';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();

const LONG_MS = 60_000;

const asleep = async (id: string, agent = 'store-agent/berlin'): Promise<Run> => {
	const params = { message: 'Call back', after: '1 hour' };
	const run = await signalbox.as(OTTO).start({ workflow: 'FOLLOW_UP', params, id, agent });
	return signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor?.kind === 'sleep');
};
const ask = (action: string, { workflow, id }: RunRef, body: unknown = {}): Promise<Reply> =>
	signalbox.as(OTTO).post(`/runs/${workflow}/${id}/${action}`, body);
const isTerminated = ({ status }: Run) => status === 'terminated';

async function watch({ workflow, id }: RunRef) {
	const socket = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
	return Watching.run(socket, workflow, id);
}

async function audited({ workflow, id }: RunRef): Promise<AuditEntry[]> {
	const { body } = await signalbox.as(ADA).get(`/audit?target=${workflow}/${id}`);
	return (body as { entries: AuditEntry[] }).entries; // as the API describes it
}

describe('a terminate that is held back', () => {
	test('is shown to whoever looks, does nothing yet, and is undone by somebody else', async () => {
		const run = await asleep('undone');
		const page = await watch(run);
		await page.until(({ held }) => held === null);
		const reply = await ask('terminate', run, { undoMs: LONG_MS });
		expect(runSchema.parse(reply.body)).toEqual(run);
		const { held } = await page.until((model) => model.held !== null);
		expect(held).toMatchObject({ action: 'terminate', from: null, by: 'otto' });
		expect((held?.dueAt ?? 0) - (held?.at ?? 0)).toBe(LONG_MS);
		const later = await watch(run);
		expect(await later.until((model) => model.held !== null)).toMatchObject({ held });

		const undo = `/runs/FOLLOW_UP/${run.id}/undo`;
		problemOf(await signalbox.as(VERA).post(undo), 403, 'forbidden');
		expect((await signalbox.as('olga:operator').post(undo)).status).toBe(200);
		await page.until((model) => model.held === null);
		expect(await signalbox.as().run(run)).toEqual(run);
		problemOf(await ask('undo', run), 409, 'wrong-state');

		const done = (await audited(run)).filter(({ result }) => result !== 'wrong-state');
		expect(done.map(({ by, action, result }) => [by, action, result])).toEqual([
			['olga', 'run.undo', 'done'],
			['vera', 'run.undo', 'forbidden'],
			['otto', 'run.terminate', 'held'],
			['otto', 'run.start', 'done']
		]);
	});

	test('is carried out when its time has come, once, though the Agent crashed meanwhile', async () => {
		const run = await asleep('crashed', 'store-agent/oslo');
		await ask('terminate', run, { undoMs: 1_000 });
		await signalbox.crash('oslo');
		// Nobody calls the Agent: the index hears of it.
		const q = encodeURIComponent(`id:${run.id} status:terminated`);
		await eventually(
			async () => (await signalbox.as().get(`/runs?q=${q}`)).body,
			(body) => (body as { total: number }).total === 1
		);
		const { events } = await signalbox.as().events(run);
		expect(events.filter(({ type }) => type === 'workflow_terminated')).toHaveLength(1);
		const entries = await eventually(
			() => audited(run),
			(found) => found.some(({ by }) => by === 'agent:store-agent/oslo')
		);
		expect(entries[0]).toMatchObject({
			action: 'run.terminate',
			by: 'agent:store-agent/oslo',
			detail: { askedBy: 'otto' },
			result: 'done'
		});
	});

	test('does not end a run that was restarted at once in the meantime', async () => {
		const run = await asleep('overtaken');
		const page = await watch(run);
		await ask('terminate', run, { undoMs: LONG_MS });
		await page.until((model) => model.held !== null);
		expect((await ask('restart', run)).status).toBe(200);
		const model = await page.until(({ held }) => held === null);
		expect(model.run).toMatchObject({ generation: 2 });
		const [dropped] = await eventually(
			async () => (await audited(run)).filter(({ action }) => action.endsWith('-dropped')),
			(found) => found.length > 0
		);
		expect(dropped).toMatchObject({ action: 'run.terminate-dropped', detail: { askedBy: 'otto' } });
		problemOf(await ask('undo', run), 409, 'wrong-state');
	});

	test('is refused at once when the run does not admit it, or when one is held already', async () => {
		const run = await asleep('refused');
		await ask('terminate', run, { undoMs: LONG_MS });
		const { detail } = problemOf(
			await ask('restart', run, { undoMs: LONG_MS }),
			409,
			'wrong-state'
		);
		expect(detail).toBe('otto already asked to terminate this run. Undo that command first.');
		expect((await ask('terminate', run)).status).toBe(200);
		await signalbox.as().runWhen(run, isTerminated);
		problemOf(await ask('terminate', run, { undoMs: LONG_MS }), 409, 'wrong-state');
		problemOf(await ask('terminate', run, { undoMs: 60_001 }), 400, 'invalid-input');
	});
});

describe('a restart that is held back', () => {
	test('begins one generation, from the step that was asked for', async () => {
		const params = { order: 'o', amount: 5, currency: 'EUR', reason: 'x', requestedBy: 'ana' };
		const run = await signalbox.as().start({
			workflow: 'REFUND',
			params,
			id: 'again',
			agent: 'store-agent/lima'
		});
		const first = await signalbox.as().runEnded(run);
		const { events: before } = await signalbox.as().events(run);
		const from = { name: 'write-ledger' };
		const reply = await ask('restart', run, { undoMs: 500, from });
		expect(runSchema.parse(reply.body)).toEqual(first);
		await signalbox.crash('lima');
		const second = await signalbox
			.as()
			.runWhen(run, ({ generation, finishedAt }) => generation > 1 && finishedAt !== null);
		expect(second).toMatchObject({ generation: 2, status: 'complete' });
		const { events } = await signalbox.as().events(run);
		const isFirst = ({ type, stepName }: { type: string; stepName?: unknown }) =>
			type === 'step_completed' && stepName === 'validate-refund-1';
		expect(events.find(isFirst)).toEqual(before.find(isFirst));
		expect(await signalbox.as().events(run)).toMatchObject({
			events: await signalbox.engine.history(run)
		});
	});
});

describe('a terminate with a rollback', () => {
	test.each([
		{ id: 'rolled-back', undoMs: 0 },
		{ id: 'rolled-back-later', undoMs: 300 }
	])('undoes what a step did, after $undoMs ms', async ({ id, undoMs }) => {
		const params = { subject: 'a parcel' };
		const run = await signalbox.as().start({ workflow: 'TWO_GATES', params, id });
		const gate = await signalbox.as().approvalOf(run);
		await signalbox.as().decide(gate, { approved: true });
		await signalbox.as().approvalOf(run, gate.id);
		expect((await ask('terminate', run, { rollback: true, undoMs })).status).toBe(200);
		await signalbox.as().runWhen(run, isTerminated);
		const { events } = await signalbox.as().events(run);
		const undone = events.filter(({ type }) => type === 'rollback_step_completed');
		expect(undone).toMatchObject([{ stepName: 'pass-first-gate-1' }]);
		expect(events).toEqual(await signalbox.engine.history(run));
	});
});
