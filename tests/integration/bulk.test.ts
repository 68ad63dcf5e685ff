// Acting on many runs: counted first, carried out by a run of its own, once for each run.
import { describe, expect, test } from 'vitest';
import {
	bulkPreviewSchema,
	bulkViewSchema,
	runPageSchema,
	runSchema,
	type AuditEntry,
	type BulkView,
	type Run,
	type RunRef
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, OTTO, PIA, VERA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const STORES = ['berlin', 'austin', 'osaka'];

/** Starts runs that wait for their parcels, in three stores. */
async function parcels(group: string, count: number): Promise<Run[]> {
	const numbers = Array.from({ length: count }, (_, number) => number);
	const started = await Promise.all(
		numbers.map((number) =>
			signalbox.as(OTTO).start({
				workflow: 'PARCEL',
				params: { parcel: `${group}-${number}` },
				agent: `store-agent/${STORES[number % STORES.length]}`,
				id: `${group}-${String(number).padStart(2, '0')}`,
				metadata: { group }
			})
		)
	);
	const waiting: Run[] = [];
	for (const run of started) waiting.push(await signalbox.as().runWhen(run, atTheDepot));
	return waiting;
}
const atTheDepot = ({ waitingFor }: Run) => waitingFor?.name === 'wait-at-depot';
const idsOf = (runs: readonly { id: string }[]) => runs.map(({ id }) => id).toSorted();
const namesOf = (runs: readonly RunRef[]) => runs.map(({ workflow, id }) => ({ workflow, id }));

async function runsOf(group: string): Promise<Run[]> {
	const { body } = await signalbox.as().get(`/runs?limit=100&q=group:${group}`);
	return runPageSchema.parse(body).runs;
}

async function begin(job: object, as = OTTO): Promise<Run> {
	const { status, body } = await signalbox.as(as).post('/bulk-actions', job);
	expect(status, JSON.stringify(body)).toBe(202);
	return runSchema.parse(body);
}

async function view({ id }: { id: string }, query = ''): Promise<BulkView> {
	const { status, body } = await signalbox.as(VERA).get(`/bulk-actions/${id}${query}`);
	expect(status, JSON.stringify(body)).toBe(200);
	return bulkViewSchema.parse(body);
}

async function finish(job: object, as = OTTO): Promise<{ run: Run; job: BulkView }> {
	const run = await signalbox.as().runEnded(await begin(job, as));
	return { run, job: await view(run, '?limit=100') };
}

async function preview(job: object, as = OTTO) {
	const { status, body } = await signalbox.as(as).post('/bulk-actions', { ...job, dryRun: true });
	expect(status, JSON.stringify(body)).toBe(200);
	return bulkPreviewSchema.parse(body);
}

async function audited(query: string): Promise<AuditEntry[]> {
	const { body } = await signalbox.as(ADA).get(`/audit?limit=100&${query}`);
	return (body as { entries: AuditEntry[] }).entries; // as the API describes it
}

const deedsOf = async (run: Run, action: string) =>
	(await audited(`action=${action}`)).filter(
		({ detail }) => (detail as { job?: string }).job === `BULK/${run.id}`
	);

describe('a preview', () => {
	test('counts who can be acted on and why others cannot, and does nothing', async () => {
		const runs = await parcels('seen', 4);
		await signalbox.as(OTTO).post('/runs/PARCEL/seen-01/terminate');
		await signalbox.as(OTTO).post('/runs/PARCEL/seen-02/pause');
		await signalbox
			.as()
			.runWhen({ workflow: 'PARCEL', id: 'seen-02' }, (run) => run.status === 'paused');
		const found = await preview({ action: 'pause', select: { q: 'group:seen' } });
		expect(found).toMatchObject({
			total: 4,
			eligible: 2,
			byStatus: { waiting: 2 }
		});
		expect(idsOf(found.sample)).toEqual(['seen-00', 'seen-03']);
		expect(found.reasons).toHaveLength(2);
		expect(found.reasons).toEqual(
			expect.arrayContaining([
				{ reason: 'ended', runs: 1 },
				{ reason: 'paused', runs: 1 }
			])
		);
		const named = [...namesOf(runs.slice(0, 1)), { workflow: 'PARCEL', id: 'never' }];
		expect(await preview({ action: 'terminate', select: { runs: named } })).toMatchObject({
			total: 2,
			eligible: 1,
			reasons: [{ reason: 'unknown', runs: 1 }]
		});
		expect((await runsOf('seen')).map(({ status }) => status).toSorted()).toEqual([
			'paused',
			'terminated',
			'waiting',
			'waiting'
		]);
		expect(await audited('action=bulk.start')).toEqual([]);
	});
});

describe('a job', () => {
	test('acts on the runs that can be acted on, and says of each what became of it', async () => {
		await parcels('acted', 7);
		await signalbox.as(OTTO).post('/runs/PARCEL/acted-03/terminate');
		const { run, job } = await finish({ action: 'terminate', select: { q: 'group:acted' } });
		expect(run).toMatchObject({
			workflow: 'BULK',
			agent: { path: 'operations-agent/main' },
			status: 'complete',
			startedBy: 'otto',
			metadata: { by: 'otto', action: 'terminate', runs: 7, eligible: 6 },
			progress: { stage: 'terminate', current: 6, total: 6, done: 6, failed: 0, percent: 1 },
			output: { done: 6, skipped: 1, failed: 0, left: 0, abortedBy: null }
		});
		expect(job).toMatchObject({
			action: 'terminate',
			q: 'group:acted',
			by: 'otto',
			status: 'complete',
			counts: { pending: 0, doing: 0, done: 6, skipped: 1, failed: 0 },
			reasons: [{ reason: 'ended', runs: 1 }]
		});
		expect((await runsOf('acted')).map(({ status }) => status)).toEqual(
			Array.from({ length: 7 }, () => 'terminated')
		);
		const skipped = await view(run, '?state=skipped');
		expect(skipped.items).toMatchObject([{ id: 'acted-03', state: 'skipped', reason: 'ended' }]);
		const first = await view(run, '?state=done&limit=4');
		const rest = await view(run, `?state=done&limit=4&cursor=${first.nextCursor}`);
		expect(idsOf([...first.items, ...rest.items])).toEqual(
			[0, 1, 2, 4, 5, 6].map((number) => `acted-0${number}`)
		);
		expect(rest.nextCursor).toBeNull();
	});

	test('is in the audit: its start, and each run’s change by the person through the job', async () => {
		const [start] = await audited('action=bulk.start&by=otto');
		expect(start).toMatchObject({
			result: 'done',
			detail: { job: { action: 'terminate', select: { q: 'group:acted' } }, runs: 7, eligible: 6 }
		});
		const id = start?.target?.split('/')[1] ?? '';
		const deeds = await deedsOf(
			await signalbox.as().run({ workflow: 'BULK', id }),
			'run.terminate'
		);
		expect(deeds.map(({ target }) => target).toSorted()).toEqual(
			[0, 1, 2, 4, 5, 6].map((number) => `PARCEL/acted-0${number}`)
		);
		expect(deeds.every(({ by, result }) => by === 'otto' && result === 'done')).toBe(true);
	});

	test('pauses and resumes, sends an event and restarts from a step', async () => {
		const runs = await parcels('various', 3);
		const select = { runs: namesOf(runs) };
		expect((await finish({ action: 'pause', select })).job.counts.done).toBe(3);
		for (const run of runs) await signalbox.as().runWhen(run, ({ status }) => status === 'paused');
		expect((await finish({ action: 'resume', select })).job.counts.done).toBe(3);
		for (const run of runs) await signalbox.as().runWhen(run, ({ status }) => status === 'waiting');

		const event = { type: 'parcel-arrived', payload: { depot: 7 } };
		const sent = await finish({ action: 'send-event', event, select });
		expect(sent.job.counts).toMatchObject({ done: 3, failed: 0 });
		for (const run of runs) {
			await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor?.name === 'wait-at-door');
		}
		const from = { name: 'wait-at-depot', type: 'waitForEvent' };
		const restarted = await finish({ action: 'restart', from, select });
		expect(restarted.job.counts, JSON.stringify(restarted.job.items)).toMatchObject({ done: 3 });
		for (const run of runs) {
			const now = await signalbox.as().runWhen(run, atTheDepot);
			expect(now.generation).toBe(2);
		}
		expect(await deedsOf(restarted.run, 'run.restart')).toMatchObject(
			runs.map(() => ({ by: 'otto', detail: { from } }))
		);
	});

	test('deletes, but what has not ended, and only for an admin', async () => {
		await parcels('gone', 3);
		await signalbox.as(OTTO).post('/runs/PARCEL/gone-00/terminate');
		await signalbox.as(OTTO).post('/runs/PARCEL/gone-02/terminate');
		const asked = { action: 'delete', select: { q: 'group:gone' } };
		for (const dryRun of [true, false]) {
			const refused = await signalbox.as(OTTO).post('/bulk-actions', { ...asked, dryRun });
			expect(problemOf(refused, 403, 'forbidden').detail).toContain(
				'run.delete requires the role admin'
			);
		}
		const { job } = await finish(asked, ADA);
		expect(job.counts).toMatchObject({ done: 2, skipped: 1 });
		expect(job.reasons).toEqual([{ reason: 'not-ended', runs: 1 }]);
		expect((await runsOf('gone')).map(({ id }) => id)).toEqual(['gone-01']);
		const reply = await signalbox.as().get('/runs/PARCEL/gone-00');
		expect(problemOf(reply, 404, 'unknown-run').detail).toContain('was deleted by ada');
	});

	test('says what the engine refused; what failed is taken up again by a new job, once', async () => {
		const runs = await parcels('wrong', 2);
		const select = { q: 'group:wrong' };
		const { run, job } = await finish({
			action: 'restart',
			from: { name: 'no-such-step' },
			select
		});
		expect(job.counts).toMatchObject({ done: 0, failed: 2 });
		expect(job.items[0]?.detail).toMatch(/refused|step/);
		expect(job.retryable).toBe(2);
		for (const each of runs) expect((await signalbox.as().run(each)).generation).toBe(1);

		await signalbox.as(OTTO).post('/runs/PARCEL/wrong-01/pause');
		const retry = await signalbox.as(OTTO).post(`/bulk-actions/${run.id}/retry`);
		expect(retry.status, JSON.stringify(retry.body)).toBe(202);
		const again = await signalbox.as().runEnded(runSchema.parse(retry.body));
		expect(again.parent).toEqual({ workflow: 'BULK', id: run.id });
		expect(await view(again)).toMatchObject({ retryOf: run.id, counts: { failed: 2 } });
		expect(await view(run)).toMatchObject({
			retryable: 0,
			items: [{ retriedIn: again.id }, { retriedIn: again.id }]
		});
		const third = await signalbox.as(OTTO).post(`/bulk-actions/${run.id}/retry`);
		expect(problemOf(third, 409, 'wrong-state').detail).toBe('No run is selected.');
		const [entry] = await audited('action=bulk.retry&by=otto');
		expect(entry).toBeDefined();
	});

	test('leaves alone what another job has still to do, and says so', async () => {
		const runs = await parcels('shared', 30);
		const select = { runs: namesOf(runs) };
		const first = await begin({ action: 'restart', select });
		const second = await preview({ action: 'restart', select });
		expect(second.eligible + (second.reasons[0]?.runs ?? 0)).toBe(30);
		if (second.eligible < 30) expect(second.reasons[0]?.reason).toBe('in-job');
		await signalbox.as().runEnded(first);
		for (const run of runs) expect((await signalbox.as().run(run)).generation).toBe(2);
	});
});

describe('a job that is interrupted', () => {
	test.each(['restart', 'terminate'] as const)(
		'by a crash goes on where it stood: %s is done once for each run',
		async (action) => {
			const runs = await parcels(`crash-${action}`, 20);
			const run = await begin({ action, select: { q: `group:crash-${action}` } });
			await eventually(
				() => view(run),
				({ counts }) => counts.done >= 3
			);
			await signalbox.crashOperations();
			await signalbox.as().runEnded(run);
			const { counts } = await view(run);
			expect(counts).toEqual({ pending: 0, doing: 0, done: 20, skipped: 0, failed: 0 });
			for (const each of runs) {
				const { generation, status } = await signalbox.as().run(each);
				expect(generation).toBe(action === 'restart' ? 2 : 1);
				if (action === 'terminate') expect(status).toBe('terminated');
			}
			const deeds = await deedsOf(run, `run.${action}`);
			expect(deeds).toHaveLength(20);
			expect(new Set(deeds.map(({ target }) => target)).size).toBe(20);
		}
	);

	test('by a store that crashes does not lose the store’s runs, nor send an event twice', async () => {
		const runs = await parcels('store', 18);
		const event = { type: 'parcel-arrived', payload: 'once' };
		const run = await begin({ action: 'send-event', event, select: { q: 'group:store' } });
		await eventually(
			() => view(run),
			({ counts }) => counts.done >= 3
		);
		await signalbox.crash('berlin');
		await signalbox.as().runEnded(run);
		expect((await view(run)).counts).toMatchObject({ done: 18, failed: 0 });
		for (const each of runs) {
			const at = await signalbox
				.as()
				.runWhen(each, ({ waitingFor }) => waitingFor?.name !== 'wait-at-depot');
			expect(at.waitingFor?.name).toBe('wait-at-door');
		}
	});

	test('by a person stops before its next run, and what is left can be taken up', async () => {
		await parcels('abort', 24);
		const run = await begin({ action: 'terminate', select: { q: 'group:abort' } });
		await eventually(
			() => view(run),
			({ counts }) => counts.done >= 1
		);
		const reply = await signalbox.as(OTTO).post(`/bulk-actions/${run.id}/abort`);
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		const ended = await signalbox.as().runEnded(run);
		const { counts, aborted } = await view(run);
		expect(aborted?.by).toBe('otto');
		expect(counts.pending).toBeGreaterThan(0);
		expect(ended.output).toMatchObject({
			done: counts.done,
			left: counts.pending,
			abortedBy: 'otto'
		});
		const left = (await runsOf('abort')).filter(({ status }) => status === 'waiting');
		expect(left).toHaveLength(counts.pending);
		expect(await audited('action=bulk.abort')).toMatchObject([
			{ by: 'otto', target: `BULK/${run.id}`, result: 'done' }
		]);
		const twice = await signalbox.as(OTTO).post(`/bulk-actions/${run.id}/abort`);
		expect(problemOf(twice, 409, 'wrong-state').detail).toMatch(/^otto already aborted/);

		const retry = await signalbox
			.as(OTTO)
			.post(`/bulk-actions/${run.id}/retry`, { state: 'pending' });
		const rest = await signalbox.as().runEnded(runSchema.parse(retry.body));
		expect((await view(rest)).counts.done).toBe(counts.pending);
		expect((await runsOf('abort')).every(({ status }) => status === 'terminated')).toBe(true);
	});
});

describe('what cannot be', () => {
	test.each([
		['an unknown action', { action: 'explode', select: { q: '*' } }, 'must be one of pause'],
		[
			'no runs',
			{ action: 'pause', select: { runs: [] } },
			'select.runs: must name at least one run'
		],
		['an empty query', { action: 'pause', select: { q: '' } }, 'matches every run'],
		['a query that is none', { action: 'pause', select: { q: 'status:nonsense' } }, 'nonsense'],
		['a long query', { action: 'pause', select: { q: 'x'.repeat(2001) } }, '2,000 characters']
	])('%s is refused before anything begins', async (_name, job, words) => {
		for (const dryRun of [true, false]) {
			const reply = await signalbox.as(OTTO).post('/bulk-actions', { ...job, dryRun });
			expect(problemOf(reply, 400, 'invalid-input').detail).toContain(words);
		}
	});

	test('nothing to do is said, with why', async () => {
		const { detail } = problemOf(
			await signalbox.as(OTTO).post('/bulk-actions', {
				action: 'pause',
				select: {
					runs: [
						{ workflow: 'PARCEL', id: 'acted-00' },
						{ workflow: 'PARCEL', id: 'never' }
					]
				}
			}),
			409,
			'wrong-state'
		);
		expect(detail).toMatch(/^None of the selected runs can be acted on: 1 .*, 1 /);
		expect(detail).toContain('1 has already ended');
		expect(detail).toContain('1 was not found');
	});

	test('an event that would decide an approval is refused for each run', async () => {
		const event = { type: 'approval', payload: {} };
		const reply = await signalbox
			.as(OTTO)
			.post('/bulk-actions', { action: 'send-event', event, select: { q: '*' } });
		problemOf(reply, 400, 'invalid-input');
	});

	test('a job that nobody knows, or a person who may not', async () => {
		problemOf(await signalbox.as(VERA).get('/bulk-actions/never'), 404, 'not-found');
		problemOf(await signalbox.as(OTTO).post('/bulk-actions/never/abort'), 404, 'not-found');
		problemOf(await signalbox.as(OTTO).post('/bulk-actions/never/retry'), 404, 'not-found');
		const job = { action: 'pause', select: { q: '*' } };
		problemOf(await signalbox.as(VERA).post('/bulk-actions', job), 403, 'forbidden');
		problemOf(await signalbox.as(PIA).post('/bulk-actions/never/abort'), 403, 'forbidden');
		problemOf(await signalbox.as(ADA).post('/bulk-actions', job), 403, 'forbidden');
	});
});
