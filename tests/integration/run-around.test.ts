// What stands around a run: its family, who did what to it, runs like it, how long is usual.
import { describe, expect, test } from 'vitest';
import { aroundSchema, type AuditEntry, type RunRef } from '../../src/lib/protocol';
import { EVE, OTTO, VERA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';
import { Watching } from './support/watching';

const signalbox = useSignalbox();
const PARAMS = { amount: 5, currency: 'EUR', reason: 'x', requestedBy: 'ana' };
const path = ({ workflow, id }: RunRef, what: string) => `/runs/${workflow}/${id}/${what}`;
const socket = (as: string) => signalbox.connect('operations-agent/main', { as, sdk: true });

describe('a run’s family', () => {
	test('is shown to the child as to its parent, live', async () => {
		const run = await signalbox.as().start({
			workflow: 'STOCK_COUNT',
			params: { aisles: ['aisle-1', 'aisle-2'] },
			agent: 'store-agent/perth',
			id: 'family'
		});
		const child = { workflow: 'AISLE_COUNT', id: 'family_aisle-1' };
		await signalbox.as().run(run);
		const above = Watching.run(await socket(EVE), run.workflow, run.id);
		const { children } = await above.until((model) => model.children.length === 2);
		expect(children.map(({ parent }) => parent?.id)).toEqual(['family', 'family']);
		const below = Watching.run(await socket(EVE), child.workflow, child.id);
		await below.until(({ ancestors }) => ancestors.some(({ id }) => id === run.id));
		const ended = await below.until(({ ancestors }) => ancestors[0]?.status === 'complete');
		expect(ended.children).toEqual([]);
	});
});

describe('who did what to a run', () => {
	test('is told to everyone who may see it, live, and of no other run', async () => {
		const params = { message: 'Call back', after: '1 hour' };
		const start = (id: string) =>
			signalbox.as(OTTO).start({ workflow: 'FOLLOW_UP', params, id, agent: 'store-agent/perth' });
		const [run, other] = [await start('told'), await start('untold')];
		await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor !== null);
		const { workflow, id } = run;
		const view = { kind: 'run-audit' as const, workflow, id };
		const watching = Watching.audit(await socket(VERA), view);
		await watching.until(({ entries }) => entries.length === 1);
		await signalbox.as(OTTO).post(path(run, 'pause'));
		await signalbox.as(OTTO).post(path(other, 'pause'));
		await signalbox.as(VERA).post(path(run, 'resume'));
		const { entries } = await watching.until((model) => model.entries.length === 3);
		expect(entries.map(({ by, action, result }) => [by, action, result])).toEqual([
			['vera', 'run.resume', 'forbidden'],
			['otto', 'run.pause', 'done'],
			['otto', 'run.start', 'done']
		]);
		const { body } = await signalbox.as(VERA).get(path(run, 'audit'));
		expect((body as { entries: AuditEntry[] }).entries).toEqual(entries);
	});

	test('has the decisions of its approvals, and stays when the run is deleted', async () => {
		const params = { ...PARAMS, order: 'o', amount: 500 };
		const run = await signalbox.as(OTTO).start({ workflow: 'REFUND', params, id: 'decided' });
		const gate = await signalbox.as().approvalOf(run);
		await signalbox.as().decide(gate, { approved: false, reason: 'no' });
		await signalbox.as().runEnded(run);
		expect((await signalbox.as().delete(path(run, '').slice(0, -1))).status).toBe(204);
		const { body } = await signalbox.as(VERA).get(path(run, 'audit'));
		const actions = (body as { entries: AuditEntry[] }).entries.map(({ action }) => action);
		expect(actions).toEqual(expect.arrayContaining(['run.delete', 'run.start']));
		problemOf(await signalbox.as(VERA).get('/runs/REFUND/nobody/audit'), 404, 'unknown-run');
	});
});

describe('what is like a run', () => {
	test('are runs with the same metadata first; what is usual says of how many runs', async () => {
		const metadata = { customer: 'ann' };
		for (const [id, own] of [
			['like-1', metadata],
			['like-2', {}],
			['like-3', metadata]
		] as const) {
			const params = { ...PARAMS, order: id };
			const run = await signalbox.as().start({ workflow: 'REFUND', params, id, metadata: own });
			await signalbox.as().runEnded(run);
		}
		const { body } = await signalbox.as(VERA).get('/runs/REFUND/like-1/around');
		const { usual, similar } = aroundSchema.parse(body);
		expect(similar[0]).toMatchObject({ id: 'like-3' });
		expect(similar.map(({ id }) => id)).toContain('like-2');
		expect(similar.map(({ id }) => id)).not.toContain('like-1');
		expect(usual?.runs).toBe(3);
		expect(usual?.p95Ms).toBeGreaterThanOrEqual(usual?.p50Ms ?? Infinity);
		problemOf(await signalbox.as(VERA).get('/runs/REFUND/nobody/around'), 404, 'unknown-run');
	});
});
