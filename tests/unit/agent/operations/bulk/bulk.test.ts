import { describe, expect, it, test } from 'vitest';
import {
	parseQuery,
	problem,
	type BulkActionInput,
	type BulkSelect,
	type Identity,
	type QueryTerm,
	type Run,
	type RunStatus
} from '../../../../../src/lib/protocol';
import { endOf } from '../../../../../src/lib/agent/operations/bulk/bulk-outcome';
import {
	countGroups,
	sampleKeys,
	selectedRuns
} from '../../../../../src/lib/agent/operations/bulk/bulk-select';
import { BulkStore, type StoredJob } from '../../../../../src/lib/agent/operations/bulk/bulk-store';
import { RunIndex } from '../../../../../src/lib/agent/operations/run-index/run-index';
import { aRecord, NOW } from '../../../support/runs';
import { memorySql } from '../../../support/sqlite';

const ana: Identity = { subject: 'ana', name: 'ana', email: null, roles: ['operator'] };
const everywhere = { by: ana, seen: 'everywhere', allowed: 'everywhere' } as const;
const PAUSE: BulkActionInput = { action: 'pause' };

function fleetOf(runs: Partial<Run>[]) {
	const db = memorySql();
	const index = new RunIndex(db);
	index.migrate();
	const store = new BulkStore(db);
	store.migrate();
	for (const run of runs) index.upsert(aRecord(run));
	const terms = (q: string) => {
		const parsed = parseQuery(q);
		if (!parsed.ok) throw new Error(q);
		return parsed.terms;
	};
	const asked = {
		terms,
		matching: (found: readonly QueryTerm[], now: number) => index.matching(found, now)
	};
	const select = (of: BulkSelect, command: BulkActionInput = PAUSE) =>
		selectedRuns(asked, of, { command, ...everywhere }, NOW);
	const begin = (id: string, of: BulkSelect, command: BulkActionInput = PAUSE): StoredJob => {
		store.add(
			{ id, command, q: of.q ?? null, by: 'ana', at: NOW, retryOf: null },
			select(of, command)
		);
		const job = store.get(id);
		if (!job) throw new Error('It was just added.');
		return job;
	};
	return { db, index, store, select, begin };
}

function groupsOf(
	fleet: ReturnType<typeof fleetOf>,
	of: BulkSelect,
	command: BulkActionInput = PAUSE
) {
	const groups = countGroups(fleet.db, fleet.select(of, command));
	return Object.fromEntries(
		groups.map(({ reason, status, runs }) => [`${reason ?? 'yes'} ${status}`, runs])
	);
}

const run = (id: string, status: RunStatus, more: Partial<Run> = {}): Partial<Run> => ({
	id,
	status,
	createdAt: NOW - 1000 + Number(id.slice(1)),
	...more
});
const many = [
	run('r1', 'running'),
	run('r2', 'waiting'),
	run('r3', 'paused'),
	run('r4', 'complete', { finishedAt: NOW }),
	run('r5', 'errored', { finishedAt: NOW })
];

describe('what is selected', () => {
	it('is counted by the rule of the action, for a query', () => {
		const fleet = fleetOf(many);
		expect(groupsOf(fleet, { q: '*' })).toEqual({
			'yes running': 1,
			'yes waiting': 1,
			'paused paused': 1,
			'ended complete': 1,
			'ended errored': 1
		});
		expect(groupsOf(fleet, { q: 'status:complete,paused' }, { action: 'delete' })).toEqual({
			'yes complete': 1,
			'not-ended paused': 1
		});
	});

	it('is counted for runs by name, with those that are gone or never were', () => {
		const fleet = fleetOf(many);
		fleet.index.remove(['REFUND/r4'], { by: 'ada', at: NOW });
		const runs = ['r1', 'r1', 'r4', 'r9'].map((id) => ({ workflow: 'REFUND', id }));
		expect(groupsOf(fleet, { runs })).toEqual({
			'yes running': 1,
			'deleted null': 1,
			'unknown null': 1
		});
	});

	it('leaves alone what came after the time it is as of', () => {
		const fleet = fleetOf(many);
		expect(groupsOf(fleet, { q: 'status:running,waiting', asOf: NOW - 999 })).toEqual({
			'yes running': 1
		});
	});

	it('knows who waits for an event', () => {
		const waitingFor = { kind: 'event', name: 'w', since: NOW, dueAt: null } as const;
		const fleet = fleetOf([
			run('r1', 'waiting', { waitingFor: { ...waitingFor, eventType: 'Paid' } }),
			run('r2', 'waiting', { waitingFor: { ...waitingFor, eventType: 'other' } }),
			run('r3', 'running'),
			run('r4', 'complete', { finishedAt: NOW })
		]);
		const command = { action: 'send-event', event: { type: 'Paid', payload: null } } as const;
		expect(groupsOf(fleet, { q: '*' }, command)).toEqual({
			'yes waiting': 1,
			'not-waiting waiting': 1,
			'not-waiting running': 1,
			'ended complete': 1
		});
	});

	it('shows the oldest first', () => {
		const fleet = fleetOf(many);
		expect(sampleKeys(fleet.db, fleet.select({ q: '*' }), 5)).toEqual(['REFUND/r1', 'REFUND/r2']);
	});

	it('leaves out what another job has still to do, until that one is over', () => {
		const fleet = fleetOf(many);
		fleet.begin('job', { q: 'id:r1' });
		const inHand = { 'in-job running': 1, 'yes waiting': 1 };
		expect(groupsOf(fleet, { q: 'status:running,waiting' })).toEqual(inHand);
		fleet.index.upsert(aRecord({ workflow: 'BULK', id: 'job', status: 'running' }));
		expect(groupsOf(fleet, { q: 'id:r1' })).toEqual({ 'in-job running': 1 });
		fleet.index.upsert(aRecord({ workflow: 'BULK', id: 'job', status: 'terminated' }, 2));
		expect(groupsOf(fleet, { q: 'id:r1' })).toEqual({ 'yes running': 1 });
		const other = fleet.begin('other', { q: 'id:r1' });
		fleet.store.abort(other, 'ana', NOW);
		expect(groupsOf(fleet, { q: 'id:r1' })).toEqual({ 'yes running': 1 });
	});
});

describe('the runs of a job', () => {
	it('stay those that were selected when it began', () => {
		const { begin, store, index } = fleetOf(many);
		const job = begin('job', { q: '*' });
		index.upsert(aRecord(run('r6', 'running')));
		expect(store.items.counts(job)).toEqual({
			pending: 2,
			doing: 0,
			done: 0,
			skipped: 3,
			failed: 0
		});
		expect(store.items.reasons(job)).toEqual([
			{ reason: 'ended', runs: 2 },
			{ reason: 'paused', runs: 1 }
		]);
	});

	it('are done one by one, what was interrupted first, with the time it was tried', () => {
		const { begin, store } = fleetOf([1, 2, 3].map((n) => run(`r${n}`, 'running')));
		const job = begin('job', { q: '*' });
		store.items.begin(job, 1, NOW);
		store.items.begin(job, 2, NOW + 5);
		store.items.end(job, 1, { state: 'done' }, NOW + 9);
		store.items.begin(job, 2, NOW + 100);
		expect(store.items.next(job, 10)).toEqual([
			{ item: 2, key: 'REFUND/r2', generation: 1, isRepeat: true, triedAt: NOW + 5 },
			{ item: 3, key: 'REFUND/r3', generation: 1, isRepeat: false, triedAt: 0 }
		]);
		expect(store.items.next(job, 1)).toHaveLength(1);
	});

	it('are read in pages, by what became of them', () => {
		const { begin, store } = fleetOf([1, 2, 3, 4].map((n) => run(`r${n}`, 'running')));
		const job = begin('job', { q: '*' });
		store.items.end(job, 2, { state: 'failed', detail: 'no' }, NOW);
		store.items.end(job, 4, { state: 'skipped', reason: 'deleted', detail: 'gone' }, NOW);
		store.items.begin(job, 3, NOW);
		const ids = (state?: 'failed' | 'pending' | 'skipped', after = 0, limit = 10) =>
			store.items.page(job, { state, after, limit }).map(({ item }) => item.id);
		expect(ids()).toEqual(['r1', 'r2', 'r3', 'r4']);
		expect(ids(undefined, 2, 1)).toEqual(['r3']);
		expect(ids('pending')).toEqual(['r1', 'r3']);
		expect(store.items.page(job, { state: 'failed', after: 0, limit: 1 })).toMatchObject([
			{ place: 2, item: { workflow: 'REFUND', id: 'r2', detail: 'no', reason: null, at: NOW } }
		]);
		expect(store.items.page(job, { state: 'skipped', after: 0, limit: 1 })).toMatchObject([
			{ item: { id: 'r4', reason: 'deleted' } }
		]);
	});

	it('are taken up again once: what failed, by a later job', () => {
		const { db, begin, store } = fleetOf([1, 2, 3].map((n) => run(`r${n}`, 'running')));
		const job = begin('job', { q: '*' });
		for (const item of [1, 3]) store.items.end(job, item, { state: 'failed', detail: 'no' }, NOW);
		store.items.end(job, 2, { state: 'done' }, NOW);
		expect(store.items.retryable(job)).toBe(2);
		expect(
			sampleKeys(db, store.left(job, 'failed', { command: job.command, ...everywhere }), 5)
		).toEqual(['REFUND/r1', 'REFUND/r3']);
		store.retried(job, 'failed', 'next');
		expect(store.items.retryable(job)).toBe(0);
		expect(
			countGroups(db, store.left(job, 'failed', { command: job.command, ...everywhere }))
		).toEqual([]);
	});

	it('go back to the job before when the one that took them up could not begin', () => {
		const { begin, store } = fleetOf([run('r1', 'running')]);
		const job = begin('job', { q: '*' });
		store.items.end(job, 1, { state: 'failed', detail: 'no' }, NOW);
		begin('next', { q: '*' });
		store.retried(job, 'failed', 'next');
		store.cancel('next');
		expect(store.get('next')).toBeNull();
		expect(store.items.retryable(job)).toBe(1);
	});

	it('are forgotten with their job', () => {
		const { db, begin, store } = fleetOf(many);
		begin('old', { q: '*' });
		const kept = begin('new', { q: '*' });
		store.trim(({ id }) => id === 'new');
		expect(store.get('old')).toBeNull();
		expect(store.items.counts(kept).skipped).toBeGreaterThan(0);
		expect(db.exec('SELECT DISTINCT job FROM sb_bulk_items').toArray()).toEqual([{ job: 2 }]);
	});
});

describe('how it ended for a run', () => {
	const wrongState = (extra: Record<string, unknown>) => problem('wrong-state', 'no', extra);

	test.each([
		['pause', wrongState({ runStatus: 'complete' }), 'skipped', 'ended'],
		['pause', wrongState({ runStatus: 'paused' }), 'skipped', 'paused'],
		['restart', wrongState({ generation: 2 }), 'skipped', 'restarted'],
		['delete', wrongState({}), 'skipped', 'not-ended'],
		['send-event', problem('not-waiting', 'no'), 'skipped', 'not-waiting'],
		['pause', problem('unknown-run', 'no'), 'skipped', 'unknown'],
		['pause', problem('unknown-run', 'no', { deleted: { by: 'a', at: 1 } }), 'skipped', 'deleted']
	] as const)('%s, %j: skipped', (action, failure, state, reason) => {
		expect(endOf(action, failure, false)).toEqual({ state, reason, detail: 'no' });
	});

	test.each([
		['terminate', wrongState({ runStatus: 'terminated' })],
		['pause', wrongState({ runStatus: 'waitingForPause' })],
		['resume', wrongState({ runStatus: 'running' })],
		['restart', wrongState({ generation: 2 })],
		['delete', problem('unknown-run', 'no', { deleted: { by: 'a', at: 1 } })]
	] as const)('%s: what an interrupted attempt had done is done', (action, failure) => {
		expect(endOf(action, failure, true)).toEqual({ state: 'done' });
		expect(endOf(action, failure, false)).toMatchObject({ state: 'skipped' });
	});

	test('anything else failed, in the problem’s own words', () => {
		for (const failure of [
			problem('unavailable', 'away'),
			wrongState({}),
			problem('internal', 'x')
		]) {
			const { detail } = failure;
			expect(endOf('restart', failure, true)).toEqual({ state: 'failed', detail });
		}
	});
});
