// Retention policies: saved, dry-run, fired by the Operations agent's alarm, interrupted anywhere.
import { describe, expect, test } from 'vitest';
import type { OperationsAgent } from '../fixtures/worker';
import {
	policyListSchema,
	policyPreviewSchema,
	policySchema,
	type Policy,
	type Run
} from '../../src/lib/protocol';
import { aRun } from '../unit/support/runs';
import { eventually } from './support/eventually';
import { ADA, EVE } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox({ AUTH: 'local' });
const ada = () => signalbox.as(ADA);
const DAY_MS = 86_400_000;
let sequence = 0;

async function operations(): Promise<DurableObjectStub<OperationsAgent>> {
	type OperationsEnv = { OperationsAgent: DurableObjectNamespace<OperationsAgent> };
	const env = await signalbox.harness.getWorker<OperationsEnv>().getEnv();
	return env.OperationsAgent.getByName('main');
}

/** Ended runs that a store reports, as old as is said. */
async function reported(
	group: string,
	runs: number,
	{ days = 60, path = `store-agent/${group}` } = {}
): Promise<void> {
	const agent = { class: 'StoreAgent', name: path.split('/')[1] ?? '', path };
	const at = Date.now() - days * DAY_MS;
	const run = (id: string): Run =>
		aRun({
			...{ workflow: 'PARCEL', id, agent, status: 'complete', outcome: 'completed' },
			...{ createdAt: at, startedAt: at, updatedAt: at + 10, finishedAt: at + 10 },
			metadata: { group }
		});
	const ids = Array.from({ length: runs }, (_, place) => `${group}-${days}-${place}`);
	await (
		await operations()
	).intake({
		...{ agent, sequence: (sequence += 1), previous: 0, approvals: [], notes: [] },
		runs: ids.map((id) => ({ run: run(id), version: 1, exact: true }))
	});
}

const aPolicy = (group: string, more: object = {}) => ({
	...{ name: group, q: `group:${group}`, age: '30d', schedule: '0 3 * * *' },
	...more
});

async function saved(group: string, more: object = {}): Promise<Policy> {
	const { status, body } = await ada().post('/policies', aPolicy(group, more));
	expect(status, JSON.stringify(body)).toBe(201);
	return policySchema.parse(body);
}

async function policy(name: string): Promise<Policy> {
	const { policies } = policyListSchema.parse((await ada().get('/policies')).body);
	const found = policies.find((each) => each.name === name);
	if (!found) throw new Error(`There is no policy ${name}.`);
	return found;
}

/** Makes all policies due; the call dies with the Agent. */
async function makeDue(): Promise<void> {
	await (await operations()).makePoliciesDue().catch(() => undefined);
}

async function left(group: string): Promise<number> {
	const { body } = await signalbox.as().get(`/runs?limit=1&q=group:${group}`);
	return (body as { total: number }).total;
}

/** The policy, once its last time has ended so. */
const firedWith = (name: string, test: (last: NonNullable<Policy['last']>) => boolean) =>
	eventually(
		() => policy(name),
		({ last }) => last !== null && test(last)
	);

const off = async (found: Policy): Promise<void> => {
	expect((await ada().delete(`/policies/${found.id}`)).status).toBe(204);
};

describe('a policy', () => {
	test('is offered, and does nothing until somebody saves it', async () => {
		const { policies, suggested } = policyListSchema.parse((await ada().get('/policies')).body);
		expect(policies).toEqual([]);
		expect(suggested).toMatchObject({ q: 'status:complete', age: '30d' });
		const { status, body } = await ada().post('/policies', suggested);
		expect(status).toBe(201);
		await off(policySchema.parse(body));
	});

	test.each([
		[{ schedule: 'every night' }, 'schedule'],
		[{ schedule: '0 0 30 2 *' }, 'schedule'],
		[{ schedule: '0 0 3 * * *' }, 'schedule'],
		[{ zone: 'Mars/Olympus' }, 'zone'],
		[{ age: '0s' }, 'age'],
		[{ age: 'a while' }, 'age'],
		[{ age: undefined }, 'age'],
		[{ name: '<b>' }, 'name'],
		[{ q: 'status:done' }, 'q']
	])('with %j is refused, and says where', async (wrong, path) => {
		for (const dryRun of [true, false]) {
			const body = { ...aPolicy('wrong', wrong), dryRun };
			const problem = problemOf(await ada().post('/policies', body), 400, 'invalid-input');
			expect(JSON.stringify([problem.errors, problem.detail])).toContain(path);
		}
		expect(policyListSchema.parse((await ada().get('/policies')).body).policies).toEqual([]);
	});

	test('has a name of its own, and can be changed and switched off', async () => {
		const first = await saved('named');
		expect(first.nextAt).toBeGreaterThan(Date.now());
		problemOf(await ada().post('/policies', aPolicy('named')), 400, 'invalid-input');
		const put = aPolicy('named', { age: '7d', enabled: false });
		const { body } = await ada().call('PUT', `/policies/${first.id}`, put);
		expect(body).toMatchObject({ id: first.id, age: '7d', enabled: false, nextAt: null });
		const audit = await ada().get(`/audit?target=${first.id}&limit=1`);
		expect(audit.body).toMatchObject({
			entries: [{ by: 'ada', before: { age: '30d' }, after: { age: '7d', enabled: false } }]
		});
		await off(first);
		problemOf(await ada().delete(`/policies/${first.id}`), 404, 'not-found');
	});
});

describe('a dry run', () => {
	test('says what would go today, what would stay and why, and when it fires', async () => {
		await reported('dry', 3);
		await reported('dry', 2, { days: 5 });
		await signalbox.as(EVE).call('PUT', '/runs/PARCEL/dry-60-0/pin');
		const reply = await ada().post('/policies', { ...aPolicy('dry'), dryRun: true });
		const { preview, next } = policyPreviewSchema.parse(reply.body);
		expect(preview).toMatchObject({ total: 2, protected: 3 });
		expect(preview.kept).toEqual([
			{ reason: 'too-young', runs: 2 },
			{ reason: 'pinned', runs: 1 }
		]);
		expect(next).toHaveLength(5);
		expect(await left('dry')).toBe(5);
	});
});

describe('a policy that is due', () => {
	test('deletes what is old enough, says so, and fires again on time', async () => {
		await reported('due', 4);
		await reported('due', 2, { days: 3 });
		const { id } = await saved('due');
		await saved('quiet', { enabled: false });
		await makeDue();
		const fired = await firedWith('due', ({ deleted }) => deleted === 4);
		expect(fired.last).toMatchObject({ failed: 0, kept: 0, error: null });
		expect(fired.nextAt).toBeGreaterThan(Date.now());
		expect(await left('due')).toBe(2);
		expect((await policy('quiet')).last).toBeNull();
		const purge = fired.last?.purge ?? '';
		expect(purge).toContain(id);
		expect((await ada().get(`/tombstones?by=PURGE/${purge}&limit=1`)).body).toMatchObject({
			tombstones: [{ person: 'policy due', policy: 'due' }]
		});
		const gone = problemOf(await ada().get('/runs/PARCEL/due-60-0'), 404, 'unknown-run');
		expect(gone.detail).toContain('retention policy due');
		await off(fired);
		await off(await policy('quiet'));
	});

	test('with nothing to delete starts no purge', async () => {
		const found = await saved('nothing');
		await makeDue();
		const fired = await firedWith('nothing', () => true);
		expect(fired.last).toMatchObject({ purge: null, deleted: 0, error: null });
		await off(found);
	});

	test('can be fired by hand, and its schedule stays', async () => {
		await reported('hand', 2);
		const { id, nextAt } = await saved('hand');
		const { status } = await ada().post(`/policies/${id}/run`);
		expect(status).toBe(202);
		const fired = await firedWith('hand', ({ deleted }) => deleted === 2);
		expect(fired.nextAt).toBe(nextAt);
		expect((await ada().post(`/policies/${id}/run`)).body).toBeNull();
		await off(fired);
	});

	test('names an Agent that it cannot reach', async () => {
		await reported('away', 2, { path: 'ghost-agent/one' });
		const found = await saved('away');
		await makeDue();
		const fired = await firedWith('away', ({ failed }) => failed === 2);
		expect(fired.last?.error).toContain('could not be reached');
		await off(found);
	});

	test('that would delete nearly everything waits for an admin, and is not repeated meanwhile', async () => {
		await reported('all', 400);
		const found = await saved('all', { q: '' });
		await makeDue();
		const waiting = await firedWith('all', ({ purge }) => purge !== null);
		const run = { workflow: 'PURGE', id: waiting.last?.purge ?? '' };
		const approval = await signalbox.as().approvalOf(run);
		expect(approval.description).toContain('retention policy all');
		await makeDue();
		const skipped = await firedWith('all', ({ error }) => error !== null);
		expect(skipped.last?.error).toContain('has not ended');
		await signalbox.as(EVE).decide(approval, { approved: false, reason: 'No' });
		await signalbox.as().runEnded(run);
		expect(await left('all')).toBe(400);
		await off(found);
	});
});

describe('a crash of the Operations agent', () => {
	test.each(['before-run', 'after-run', 'after-batch'] as const)(
		'%s of a policy’s purge is over neither loses nor repeats it',
		async (point) => {
			const group = `crash-${point}`;
			await reported(group, 5);
			const found = await saved(group);
			await makeDue();
			// In the life that the alarm begins, or in one after it.
			await (await operations()).crashAt(point).catch(() => undefined);
			const fired = await firedWith(group, ({ deleted }) => deleted === 5);
			expect(fired.last).toMatchObject({ kept: 0, failed: 0, error: null });
			expect(await left(group)).toBe(0);
			const { body } = await ada().get(`/runs?q=policy:${group}`);
			expect(body).toMatchObject({ total: 1 });
			await off(found);
		}
	);
});
