// What a purge confirms is what it deletes: stored sets, pins, exports, approvals, interruptions.
import { beforeAll, describe, expect, test } from 'vitest';
import type { OperationsAgent } from '../fixtures/worker';
import {
	purgePreviewSchema,
	purgeViewSchema,
	runSchema,
	type PurgePreview,
	type PurgeView,
	type Run
} from '../../src/lib/protocol';
import { aRun } from '../unit/support/runs';
import { eventually } from './support/eventually';
import { ADA, EVE, OTTO, PIA } from './support/people';
import { problemOf, type Reply } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox({ AUTH: 'local', PURGE_APPROVAL_ABOVE: '40' });
const ada = () => signalbox.as(ADA);
const AT = Date.now() - 86_400_000;
let sequence = 0;

async function operations(): Promise<DurableObjectStub<OperationsAgent>> {
	type OperationsEnv = { OperationsAgent: DurableObjectNamespace<OperationsAgent> };
	const env = await signalbox.harness.getWorker<OperationsEnv>().getEnv();
	return env.OperationsAgent.getByName('main');
}

/** Ended runs that stores report, `each` of each store; the engine never had them. */
async function reported(group: string, stores: number, each: number): Promise<string[]> {
	const ids: string[] = [];
	for (let store = 0; store < stores; store += 1) {
		const runs = Array.from({ length: each }, (_, place) => `${group}-${store}-${place}`);
		ids.push(...runs);
		await report(`store-agent/${group}-${store}`, runs, group);
	}
	return ids;
}

async function report(path: string, ids: readonly string[], group: string): Promise<void> {
	const agent = { class: 'StoreAgent', name: path.split('/')[1] ?? '', path };
	const run = (id: string): Run =>
		aRun({
			...{ workflow: 'PARCEL', id, agent, status: 'complete', outcome: 'completed' },
			...{ createdAt: AT, startedAt: AT, updatedAt: AT + 10, finishedAt: AT + 10 },
			metadata: { group }
		});
	await (
		await operations()
	).intake({
		...{ agent, sequence: (sequence += 1), previous: 0, approvals: [], notes: [] },
		runs: ids.map((id) => ({ run: run(id), version: 1, exact: true }))
	});
}

const of = (group: string) => ({ q: `group:${group}` });

async function preview(criteria: object): Promise<PurgePreview> {
	const { status, body } = await ada().post('/purges', { criteria, dryRun: true });
	expect(status, JSON.stringify(body)).toBe(200);
	return purgePreviewSchema.parse(body);
}

function begin({ id, total }: PurgePreview, more: object = {}): Promise<Reply> {
	return ada().post('/purges', { preview: id, total, ...more });
}

async function purge(found: PurgePreview, more: object = {}): Promise<Run> {
	const { status, body } = await begin(found, more);
	expect(status, JSON.stringify(body)).toBe(202);
	return signalbox.as().runEnded(runSchema.parse(body));
}

async function view(id: string): Promise<PurgeView> {
	return purgeViewSchema.parse((await ada().get(`/purges/${id}`)).body);
}

const viewWhen = (id: string, test: (found: PurgeView) => boolean) =>
	eventually(() => view(id), test);

async function left(group: string): Promise<number> {
	const { body } = await signalbox.as().get(`/runs?limit=1&q=group:${group}`);
	return (body as { total: number }).total;
}

async function allow(deletions: number | null): Promise<void> {
	await (await signalbox.agent('any')).allowDeletions(deletions);
}

describe('a preview', () => {
	let parcels: Run[];

	beforeAll(async () => {
		const start = (id: string) =>
			signalbox.as().start({ workflow: 'PARCEL', params: { parcel: id }, id });
		parcels = [await start('ended'), await start('pinned'), await start('active')];
		for (const id of ['ended', 'pinned']) {
			await signalbox.as().post(`/runs/PARCEL/${id}/terminate`);
			await signalbox.as().runEnded({ workflow: 'PARCEL', id });
		}
		const gated = { workflow: 'REFUND', id: 'gated' };
		const params = { order: 'o', amount: 500, currency: 'EUR', reason: 'x', requestedBy: 'ana' };
		await signalbox.as().start({ ...gated, params });
		await signalbox.as().approvalOf(gated);
		await signalbox.as(OTTO).call('PUT', '/runs/PARCEL/pinned/pin');
	});

	test('counts by status, workflow and Agent, and says what is kept and why', async () => {
		const found = await preview({ q: 'id:ended,pinned,active,gated' });
		const [ended] = parcels;
		expect(found).toMatchObject({
			...{ total: 1, byStatus: { terminated: 1 }, byWorkflow: { PARCEL: 1 }, agents: 1 },
			byAgent: [{ agent: ended?.agent.path, runs: 1 }],
			...{ oldest: ended?.createdAt, newest: ended?.createdAt, protected: 3 },
			sample: [{ id: 'ended' }],
			...{ needsApproval: false, notices: [] }
		});
		expect(found.bytes).toBeGreaterThan(500);
		expect(new Map(found.kept.map(({ reason, runs }) => [reason, runs]))).toEqual(
			new Map([
				['pinned', 1],
				['active', 1],
				['pending-approval', 1]
			])
		);
	});

	test('says so of a time in the future, and of criteria that match everything', async () => {
		const later = await preview({ q: 'id:ended', finishedBefore: Date.now() + 3_600_000 });
		expect(later.notices).toEqual([expect.stringContaining('finishedBefore is in the future')]);
		expect((await preview({ q: '*' })).notices).toEqual(['The criteria match every ended run.']);
		problemOf(await ada().post('/purges', { criteria: {}, dryRun: true }), 400, 'invalid-input');
	});

	test('can be exported, plain and with histories, until the purge begins', async () => {
		const found = await preview({ q: 'id:ended' });
		const lines = async (query = '') => {
			const response = await ada().fetch(`/api/v1/purges/${found.id}/export${query}`);
			expect(response.headers.get('content-type')).toBe('application/x-ndjson');
			const text = await response.text();
			return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as unknown] : []));
		};
		expect(await lines()).toMatchObject([{ workflow: 'PARCEL', id: 'ended' }]);
		const history = await signalbox.engine.history({ workflow: 'PARCEL', id: 'ended' });
		expect(await lines('?history=true')).toMatchObject([
			{ run: { id: 'ended' }, generations: [history] }
		]);
		await purge(found);
		problemOf(await ada().get(`/purges/${found.id}/export`), 409, 'wrong-state');
	});

	test('is the whole set: what comes later is kept, even where it is as old', async () => {
		await reported('late', 2, 3);
		const found = await preview(of('late'));
		await report('store-agent/late-0', ['late-after'], 'late');
		const run = await purge(found);
		expect(run.output).toEqual({ deleted: 6 });
		expect(await left('late')).toBe(1);
	});

	test('is confirmed by its number of runs, once, and by nobody but an admin', async () => {
		await reported('typed', 1, 2);
		const found = await preview(of('typed'));
		problemOf(await begin(found, { total: 3 }), 400, 'invalid-input');
		const asked = { preview: found.id, total: 2 };
		for (const person of [OTTO, PIA]) {
			problemOf(await signalbox.as(person).post('/purges', asked), 403, 'forbidden');
			problemOf(await signalbox.as(person).get(`/purges/${found.id}`), 403, 'forbidden');
		}
		expect(await left('typed')).toBe(2);
		await purge(found);
		problemOf(await begin(found), 409, 'wrong-state');
		problemOf(await ada().post('/purges', { preview: 'wf_no', total: 0 }), 404, 'not-found');
		problemOf(await ada().post(`/purges/${found.id}/abort`), 409, 'wrong-state');
	});
});

describe('a pin', () => {
	test('keeps a run from a purge that was confirmed before it, and from deletes', async () => {
		await reported('pins', 1, 3);
		const found = await preview(of('pins'));
		const pinned = await signalbox.as(OTTO).call('PUT', '/runs/PARCEL/pins-0-1/pin');
		expect(pinned.body).toMatchObject({ pinned: { by: 'otto' } });
		const run = await purge(found);
		expect(run.output).toEqual({ deleted: 2, kept: 1 });
		expect((await view(found.id)).kept).toEqual([{ reason: 'pinned', runs: 1 }]);
		problemOf(await ada().delete('/runs/PARCEL/pins-0-1'), 409, 'wrong-state');
		const bulk = await ada().post('/bulk-actions', {
			...{ action: 'delete', dryRun: true },
			select: { q: 'is:pinned group:pins' }
		});
		expect(bulk.body).toMatchObject({ eligible: 0, reasons: [{ reason: 'pinned', runs: 1 }] });
		const { body } = await ada().get('/audit?action=run.pin&target=PARCEL/pins-0-1');
		expect(body).toMatchObject({ entries: [{ by: 'otto', result: 'done' }] });
		await signalbox.as(OTTO).delete('/runs/PARCEL/pins-0-1/pin');
		expect((await ada().delete('/runs/PARCEL/pins-0-1')).status).toBe(204);
	});
});

describe('two purges over the same runs', () => {
	test('delete each run once, and the second says what was gone', async () => {
		await reported('twice', 2, 2);
		const [first, second] = [await preview(of('twice')), await preview(of('twice'))];
		const both = await Promise.all([purge(first), purge(second)]);
		const views = await Promise.all(both.map(({ id }) => view(id)));
		expect(views.reduce((all, { deleted }) => all + deleted, 0)).toBe(4);
		const gone = views.flatMap(({ kept }) => kept);
		expect(gone.every(({ reason }) => reason === 'deleted')).toBe(true);
		expect(gone.reduce((all, { runs }) => all + runs, 0)).toBe(4);
	});
});

describe('an Agent that cannot be reached', () => {
	test('keeps its runs, the others go, and the purge says so', async () => {
		await reported('away', 1, 2);
		await report('ghost-agent/one', ['away-x', 'away-y'], 'away');
		const found = await preview(of('away'));
		const run = await purge(found);
		expect(run.output).toEqual({ deleted: 2, failed: 2 });
		expect((await view(found.id)).failed).toEqual([
			{ agent: 'ghost-agent/one', runs: 2, message: expect.stringContaining('ghost-agent') }
		]);
		expect(await left('away')).toBe(2);
	});
});

describe('the engine’s instances', () => {
	test('are deleted as well when that is asked for, and what failed is shown', async () => {
		const params = { parcel: 'instance' };
		const run = await signalbox.as().start({ workflow: 'PARCEL', params, id: 'instance' });
		await signalbox.as().post('/runs/PARCEL/instance/terminate');
		await signalbox.as().runEnded(run);
		await report('store-agent/instance', ['instance-unknown'], 'instance');
		const found = await preview({ q: 'id:instance,instance-unknown' });
		const ended = await purge(found, { instances: true });
		expect(ended.output).toEqual({ deleted: 2 });
		expect((await view(ended.id)).instances).toEqual({
			...{ deleted: 1, missing: 1, failed: 0, errors: [] }
		});
		await expect(signalbox.engine.history(run)).rejects.toThrow();
	});
});

describe('a purge of more runs than one admin may delete alone', () => {
	test('waits for a second one', async () => {
		await reported('many', 3, 14);
		const found = await preview(of('many'));
		expect(found).toMatchObject({ total: 42, needsApproval: true });
		const started = runSchema.parse((await begin(found)).body);
		const approval = await signalbox.as().approvalOf(started);
		expect(approval).toMatchObject({ title: 'Delete 42 runs', approvers: ['admin'] });
		expect((await view(found.id)).state).toBe('waiting');
		const approve = (person: string) => signalbox.as(person).decide(approval, { approved: true });
		problemOf(await approve('ada:approver,admin'), 403, 'self-approval');
		problemOf(await approve(PIA), 403, 'forbidden');
		expect(await left('many')).toBe(42);
		expect((await approve(EVE)).status).toBe(200);
		const run = await signalbox.as().runEnded(started);
		expect(run.output).toEqual({ deleted: 42 });
	});

	test('deletes nothing when that one rejects, or it is aborted meanwhile', async () => {
		await reported('never', 3, 14);
		const first = runSchema.parse((await begin(await preview(of('never')))).body);
		const approval = await signalbox.as().approvalOf(first);
		await signalbox.as(EVE).decide(approval, { approved: false, reason: 'Keep them' });
		await signalbox.as().runEnded(first);
		expect(await view(first.id)).toMatchObject({ state: 'rejected', deleted: 0 });
		const second = runSchema.parse((await begin(await preview(of('never')))).body);
		await signalbox.as().approvalOf(second);
		await ada().post(`/purges/${second.id}/abort`);
		await signalbox.as().runEnded(second);
		expect(await view(second.id)).toMatchObject({ state: 'aborted', abortedBy: 'ada', deleted: 0 });
		expect(await left('never')).toBe(42);
	});
});

describe('a purge that goes on', () => {
	test('is paused, resumed and aborted, and tells how far it has come', async () => {
		await reported('pace', 20, 2);
		await allow(2);
		const found = await preview(of('pace'));
		const started = runSchema.parse((await begin(found)).body);
		await viewWhen(found.id, ({ deleted }) => deleted === 4);
		problemOf(await signalbox.as(OTTO).post(`/purges/${found.id}/pause`), 403, 'forbidden');
		expect((await ada().post(`/purges/${found.id}/pause`)).status).toBe(200);
		// What is in hand when it pauses is finished: at most four stores.
		await allow(null);
		const paused = await viewWhen(found.id, ({ state }) => state === 'paused');
		expect(paused.deleted).toBeLessThan(40);
		await allow(2);
		await ada().post(`/purges/${found.id}/resume`);
		const going = await viewWhen(found.id, ({ deleted }) => deleted > paused.deleted);
		expect(going.state).toBe('running');
		await ada().post(`/purges/${found.id}/abort`);
		problemOf(await ada().post(`/purges/${found.id}/abort`), 409, 'wrong-state');
		await allow(null);
		const run = await signalbox.as().runEnded(started);
		const after = await view(found.id);
		expect(after).toMatchObject({ state: 'aborted', abortedBy: 'ada' });
		expect(run.output).toEqual({ deleted: after.deleted, abortedBy: 'ada' });
		expect(await left('pace')).toBe(40 - after.deleted);
		expect(after.deleted).toBeLessThan(40);
	});
});

describe('a crash of the Operations agent', () => {
	const started = async (group: string) => {
		await reported(group, 6, 3);
		return preview(of(group));
	};
	const ended = async (found: PurgePreview) => {
		const run = await signalbox.as().runEnded({ workflow: 'PURGE', id: found.id });
		expect(run.output).toEqual({ deleted: 18 });
		expect((await view(found.id)).kept).toEqual([]);
	};

	test('after the preview leaves it to be confirmed', async () => {
		const found = await started('crash-preview');
		await signalbox.crashOperations();
		await begin(found);
		await ended(found);
	});

	test.each(['before-run', 'after-run'] as const)(
		'at the start, %s exists, loses nothing of what was confirmed',
		async (point) => {
			const found = await started(`crash-${point}`);
			await (await operations()).crashAt(point);
			problemOf(await begin(found), 503, 'unavailable');
			await eventually(
				() => signalbox.as().get(`/runs/PURGE/${found.id}`),
				({ status }) => status === 200
			);
			await ended(found);
		}
	);

	test('after a store has deleted its records removes them from the index too', async () => {
		const found = await started('crash-forget');
		await (await signalbox.agent('any')).crashOperationsAfterDeletion();
		await begin(found);
		await ended(found);
		expect(await left('crash-forget')).toBe(0);
	});

	test('after a batch, whose end nobody heard, counts no run twice', async () => {
		const found = await started('crash-batch');
		await (await operations()).crashAt('after-batch');
		await begin(found);
		await ended(found);
	});
});

describe('a deleted run', () => {
	test('says who deleted it, when, and by which purge', async () => {
		await reported('grave', 1, 2);
		const run = await purge(await preview(of('grave')));
		const reply = await signalbox.as().get('/runs/PARCEL/grave-0-0');
		const { detail, ...problem } = problemOf(reply, 404, 'unknown-run');
		expect(detail).toContain('ada started the purge.');
		const by = `PURGE/${run.id}`;
		expect(problem).toMatchObject({ deleted: { by, person: 'ada' } });
		const first = await ada().get(`/tombstones?by=${by}&limit=1`);
		expect(first.body).toMatchObject({
			tombstones: [{ workflow: 'PARCEL', by, person: 'ada', policy: null }]
		});
		const { nextCursor } = first.body as { nextCursor: string };
		const second = await ada().get(`/tombstones?by=${by}&limit=1&cursor=${nextCursor}`);
		expect(second.body).toMatchObject({ tombstones: [{ by }], nextCursor: null });
		const { body } = await ada().get(`/audit?action=purge.ended&target=${by}`);
		expect(body).toMatchObject({ entries: [{ by: 'ada', detail: { deleted: 2 } }] });
	});
});
