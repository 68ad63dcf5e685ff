// People with limited roles: they see and do what their scopes cover, and learn nothing of the rest.
// Runs outside carry marks; no answer, at any endpoint, may contain one.
import { beforeAll, describe, expect, test } from 'vitest';
import {
	OPERATION_NAMES,
	operationOf,
	type Approval,
	type OperationName,
	type Run
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { EVE } from './support/people';
import { problemOf, type Person } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const REFUNDS = 'rita:viewer:REFUND,approver:REFUND';
const BERLIN = 'bert:operator:store-agent/berlin';
/** Sees everything, and operates one workflow. */
const MIXED = 'mia:viewer,operator:REFUND';

const refund = (amount: number, order: string) => ({
	...{ order, amount, currency: 'EUR', reason: 'Arrived broken', requestedBy: 'kim@example.com' }
});

/** Words that only runs have which neither of the first two people sees. */
const SECRET = 'zzsecret';
let refundBerlin: Run;
let refundParis: Run;
let outside: Run;
let aisle: Run;
let hiddenApproval: Approval;
let seenApproval: Approval;

beforeAll(async () => {
	const eve = signalbox.as(EVE);
	refundBerlin = await eve.start({
		...{ workflow: 'REFUND', id: 'in-berlin', agent: 'store-agent/berlin' },
		params: refund(500, 'ORD-1')
	});
	refundParis = await eve.start({
		...{ workflow: 'REFUND', id: 'in-paris', agent: 'store-agent/paris' },
		params: refund(600, 'ORD-2'),
		metadata: { region: 'paris-region' }
	});
	outside = await eve.start({
		...{ workflow: 'WAITS', id: `${SECRET}-1`, agent: `store-agent/${SECRET}` },
		params: { waits: [{ name: `${SECRET}-wait`, type: 'approval' }] },
		metadata: { [`${SECRET}-key`]: `${SECRET}-value` }
	});
	aisle = await eve.start({
		...{ workflow: 'AISLE_COUNT', id: 'aisle', agent: 'store-agent/berlin/sub/aisle-agent/1' },
		params: { aisle: '1' }
	});
	await eve.runEnded(aisle);
	seenApproval = await eve.approvalOf(refundBerlin);
	await eve.approvalOf(refundParis);
	hiddenApproval = await eve.approvalOf(outside);
	await eve.call('POST', '/views', {
		...{ name: `All of ${SECRET}`, q: `agent:store-agent/${SECRET}`, shared: true }
	});
	await signalbox.as('otto:operator').post('/bulk-actions', {
		...{ action: 'pause', select: { q: `id:${SECRET}-none` } }
	});
});

async function idsSeen(person: Person, query = ''): Promise<string[]> {
	const { body } = await person.get(`/runs?order=created:asc&limit=100${query}`);
	const { runs, total } = body as { runs: Run[]; total: number }; // as the contract was checked
	expect(total).toBe(runs.length);
	return runs.map(({ id }) => id).toSorted();
}

describe('what somebody sees', () => {
	test('are the runs of their workflow, or those of their Agent and its sub-agents', async () => {
		expect(await idsSeen(signalbox.as(REFUNDS))).toEqual(['in-berlin', 'in-paris']);
		expect(await idsSeen(signalbox.as(BERLIN))).toEqual(['aisle', 'in-berlin']);
		expect(await idsSeen(signalbox.as(MIXED))).toContain(outside.id);
		const both = 'bo:viewer:AISLE_COUNT,viewer:store-agent/paris';
		expect(await idsSeen(signalbox.as(both))).toEqual(['aisle', 'in-paris']);
	});

	test.each([
		['agent:store-agent/*', ['in-berlin', 'in-paris']],
		[`${SECRET}`, []],
		['-workflow:REFUND', []],
		['is:active', ['in-berlin', 'in-paris']],
		['region:*', ['in-paris']],
		['parent:*', []]
	])('a query finds nothing else: %s', async (q, found) => {
		expect(await idsSeen(signalbox.as(REFUNDS), `&q=${encodeURIComponent(q)}`)).toEqual(found);
	});

	test('a path that only begins like theirs is not theirs', async () => {
		const ber = 'ben:viewer:store-agent/ber';
		expect(await idsSeen(signalbox.as(ber))).toEqual([]);
		expect(await idsSeen(signalbox.as('cy:viewer:REFUN'))).toEqual([]);
		expect(await idsSeen(signalbox.as('cy:viewer:refund'))).toEqual([]);
	});

	test('is sorted in any order, and goes on page by page', async () => {
		for (const order of ['created:desc', 'updated:asc', 'finished:desc', 'duration:asc']) {
			const first = await signalbox.as(REFUNDS).get(`/runs?limit=1&order=${order}`);
			const { runs, nextCursor } = first.body as { runs: Run[]; nextCursor: string };
			const second = await signalbox
				.as(REFUNDS)
				.get(`/runs?limit=1&order=${order}&cursor=${nextCursor}`);
			const rest = second.body as { runs: Run[]; nextCursor: string | null };
			expect([...runs, ...rest.runs].map(({ id }) => id).toSorted()).toEqual([
				'in-berlin',
				'in-paris'
			]);
			expect(rest.nextCursor).toBeNull();
		}
	});

	test('has the counts of those runs, live', async () => {
		const socket = await signalbox.connect('operations-agent/main', { as: REFUNDS, sdk: true });
		const watch = async (view: object) => {
			socket.send({ type: 'watch', watch: JSON.stringify(view).slice(0, 60), view });
			const { json } = await socket.next(
				(frame) => frame.json['watch'] === JSON.stringify(view).slice(0, 60)
			);
			return (json as { change: Record<string, unknown> }).change; // as the frame's schema says
		};
		const { summary } = await watch({ kind: 'summary' });
		expect(summary).toMatchObject({ counts: { waiting: 2 }, pendingApprovals: 2, agents: 2 });
		expect(await watch({ kind: 'agents', query: {} })).toMatchObject({
			total: 2,
			agents: [
				{ path: 'store-agent/berlin', runs: { waiting: 1 } },
				{ path: 'store-agent/paris', runs: { waiting: 1 } }
			]
		});
		const { minutes } = await watch({ kind: 'activity' });
		const started = (minutes as { started: number }[]).reduce((sum, each) => sum + each.started, 0);
		expect(started).toBe(2);
		expect(await watch({ kind: 'approvals', query: {} })).toMatchObject({ total: 2 });
		await socket.close();
	});

	test('changes live with theirs only', async () => {
		const socket = await signalbox.connect('operations-agent/main', { as: BERLIN, sdk: true });
		socket.send({ type: 'watch', watch: 'list', view: { kind: 'runs', query: {} } });
		await socket.next(({ json }) => json['watch'] === 'list');
		const start = { workflow: 'AISLE_COUNT', params: { aisle: '2' } };
		await signalbox.as(EVE).start({
			...{ ...start, id: `${SECRET}-2`, agent: `store-agent/${SECRET}/sub/aisle-agent/2` }
		});
		await signalbox.as(EVE).start({
			...{ ...start, id: 'shown', agent: 'store-agent/berlin/sub/aisle-agent/2' }
		});
		await socket.next(({ text }) => text.includes('shown'));
		for (const { text } of socket.frames) expect(text).not.toContain(SECRET);
		await socket.close();
	});
});

/** Every reading request that names something outside, or asks for everything. */
const READS: Partial<Record<OperationName, object[]>> = {
	'workflows.list': [{}],
	'runs.list': [
		{ query: {} },
		{ query: { q: SECRET } },
		{ query: { q: `agent:store-agent/${SECRET}` } }
	],
	'runs.suggest': [
		{ of: 'metadata-keys', prefix: '' },
		{ of: 'metadata-keys', prefix: SECRET },
		{ of: 'metadata-values', prefix: SECRET },
		{ of: { metadata: `${SECRET}-key` }, prefix: '' },
		...['status', 'workflow', 'agent', 'step', 'outcome', 'by', 'waiting'].map((field) => ({
			of: { field },
			prefix: ''
		}))
	],
	'runs.export': [{ query: {} }],
	'run.get': [{ workflow: 'WAITS', id: `${SECRET}-1` }],
	'run.events': [{ workflow: 'WAITS', id: `${SECRET}-1` }],
	'run.around': [{ workflow: 'WAITS', id: `${SECRET}-1` }],
	'run.audit': [{ workflow: 'WAITS', id: `${SECRET}-1` }],
	'approvals.list': [{ query: {} }, { query: { q: SECRET } }],
	'approvals.figures': [{ query: {} }],
	'agents.list': [{ query: {} }, { query: { q: SECRET } }],
	'views.list': [{}]
};

describe('nothing of the rest is told', () => {
	test('there is a case for each reading request that looks at what one sees', () => {
		const judged = OPERATION_NAMES.filter((name) => {
			const { place, changes } = operationOf(name);
			return !changes && (place === 'visible' || place === 'run');
		});
		// A bulk job is previewed by whoever may do what it does: below.
		const cases = [...Object.keys(READS), 'bulk.preview'];
		expect(cases.toSorted()).toEqual(judged.toSorted());
	});

	test.each([REFUNDS, BERLIN])('in no answer to %s', async (person) => {
		const socket = await signalbox.connect('operations-agent/main', { as: person, sdk: true });
		for (const [type, inputs] of Object.entries(READS)) {
			for (const input of inputs) {
				const answer = await socket.perform({ type, ...input });
				const asked = JSON.stringify(input);
				const told = JSON.stringify(answer)
					.replaceAll(`WAITS/${SECRET}-1`, '')
					.replaceAll(/"nextCursor":"[^"]*"/g, '');
				expect(told, `${type} ${asked}`).not.toContain(SECRET);
				// Whoever has a role at an Agent can start any workflow there.
				const names = type !== 'workflows.list' || person === REFUNDS;
				if (names) expect(told, `${type} ${asked}`).not.toContain('WAITS');
			}
		}
		await socket.close();
	});

	test.each([REFUNDS, BERLIN])('in no file and no stream for %s', async (person) => {
		for (const path of [
			'/api/v1/runs/export?format=csv',
			'/api/v1/runs/export?format=ndjson',
			`/api/v1/runs/export?runs=WAITS/${SECRET}-1,REFUND/in-berlin`
		]) {
			const text = await (await signalbox.as(person).fetch(path)).text();
			expect(text).toContain('in-berlin');
			expect(text).not.toContain(SECRET);
		}
		const stream = await signalbox
			.as(person)
			.fetch(`/api/v1/runs/WAITS/${SECRET}-1/events`, { headers: { accept: 'text/event-stream' } });
		expect(stream.status).toBe(404);
		await stream.body?.cancel();
	});

	test('a run outside is answered as one that does not exist, whatever is asked of it', async () => {
		const rita = signalbox.as(REFUNDS);
		const bert = signalbox.as(BERLIN);
		for (const [method, path, body] of [
			['GET', ''],
			['GET', '/events'],
			['GET', '/around'],
			['GET', '/audit'],
			['POST', '/pause'],
			['POST', '/resume'],
			['POST', '/terminate', {}],
			['POST', '/restart', {}],
			['POST', '/undo'],
			['POST', '/adopt', {}],
			['POST', '/events', { type: 'x' }],
			['DELETE', '']
		] as const) {
			for (const person of [rita, bert]) {
				const there = await person.call(method, `/runs/WAITS/${outside.id}${path}`, body);
				const nowhere = await person.call(method, `/runs/WAITS/none${path}`, body);
				const text = (reply: typeof there) =>
					JSON.stringify([reply.status, reply.body]).replaceAll(outside.id, 'none');
				expect(text(there), `${method} ${path}`).toBe(text(nowhere));
				expect([403, 404]).toContain(there.status);
			}
		}
	});

	test('an approval outside is answered as one that does not exist', async () => {
		const rita = signalbox.as(REFUNDS);
		for (const [method, path, body] of [
			['GET', ''],
			['POST', '/decision', { approved: true }],
			['POST', '/claim'],
			['POST', '/release'],
			['POST', '/undo'],
			['POST', '/deliver-now'],
			['POST', '/hand-over', { to: 'ben' }]
		] as const) {
			const reply = await rita.call(method, `/approvals/${hiddenApproval.id}${path}`, body);
			problemOf(reply, 404, 'unknown-approval');
		}
		const many = await rita.post('/approvals/decisions', {
			...{ ids: [hiddenApproval.id], decision: { approved: true } }
		});
		expect(many.body).toMatchObject({ results: [{ ok: false, problem: { status: 404 } }] });
		expect((await signalbox.as(EVE).run(outside)).status).toBe('waiting');
	});

	test('live, a subscription to it is refused as to one that does not exist', async () => {
		const socket = await signalbox.connect('operations-agent/main', { as: REFUNDS, sdk: true });
		for (const [watch, view] of [
			['run', { kind: 'run', workflow: 'WAITS', id: outside.id }],
			['approval', { kind: 'approval', id: hiddenApproval.id }]
		] as const) {
			socket.send({ type: 'watch', watch, view });
			const { json } = await socket.next((frame) => frame.json['watch'] === watch);
			expect(json).toMatchObject({ change: { kind: 'refused', problem: { status: 404 } } });
		}
		socket.send({
			...{ type: 'watch', watch: 'audit' },
			view: { kind: 'run-audit', workflow: 'WAITS', id: outside.id }
		});
		const { json } = await socket.next((frame) => frame.json['watch'] === 'audit');
		expect(json).toMatchObject({ change: { kind: 'audit', entries: [] } });
		await socket.close();
	});

	test('the synced state, which is of the whole workspace, is sent to nobody else', async () => {
		for (const sdk of [true, false]) {
			const socket = await signalbox.connect('operations-agent/main', { as: REFUNDS, sdk });
			socket.send({ type: 'watch', watch: 'w', view: { kind: 'runs', query: {} } });
			await socket.next(({ json }) => json['watch'] === 'w');
			for (const { text } of socket.frames) expect(text).not.toContain('pendingApprovals');
			await socket.close();
		}
		const state = await signalbox.as(REFUNDS).fetch('/agents/operations-agent/main/state');
		expect(state.status).toBe(403);
	});

	test('an Agent is open to those who have a role there, and to them only', async () => {
		const status = async (person: string, path: string) =>
			(await signalbox.as(person).fetch(`/agents/${path}/state`)).status;
		expect(await status(BERLIN, 'store-agent/berlin')).toBe(200);
		expect(await status(BERLIN, 'store-agent/berlin/sub/aisle-agent/1')).toBe(200);
		for (const path of ['store-agent/paris', `store-agent/${SECRET}`, 'store-agent/none']) {
			expect(await status(BERLIN, path)).toBe(403);
			expect(await status(REFUNDS, path)).toBe(403);
		}
		expect(await status(REFUNDS, 'store-agent/berlin')).toBe(403);
	});
});

describe('what somebody does', () => {
	test('an operator of an Agent controls its runs, and starts there', async () => {
		const bert = signalbox.as(BERLIN);
		const started = await bert.start({
			...{ workflow: 'FOLLOW_UP', agent: 'store-agent/berlin', id: 'by-bert' },
			params: { message: 'x', after: '1 hour' }
		});
		expect((await bert.post(`/runs/FOLLOW_UP/${started.id}/pause`)).status).toBe(200);
		expect((await bert.post(`/runs/FOLLOW_UP/${started.id}/terminate`, {})).status).toBe(200);
		const elsewhere = await bert.post('/runs', {
			...{ workflow: 'FOLLOW_UP', agent: 'store-agent/paris' },
			params: { message: 'x', after: '1 hour' }
		});
		problemOf(elsewhere, 403, 'forbidden');
		problemOf(await bert.post(`/runs/REFUND/in-paris/pause`), 404, 'unknown-run');
		problemOf(await bert.post(`/approvals/${seenApproval.id}/claim`), 403, 'forbidden');
		problemOf(await bert.get('/audit'), 403, 'forbidden');
		problemOf(await bert.post('/fleet/reindex'), 403, 'forbidden');
	});

	test('a frame at an Agent is judged there', async () => {
		const start = { type: 'start', workflow: 'FOLLOW_UP', params: { message: 'x', after: '1 h' } };
		const berlin = await signalbox.connect('store-agent/berlin', { as: BERLIN });
		berlin.send({ type: 'pause', workflow: 'REFUND', id: 'in-paris' });
		expect((await berlin.ofType('error')).json).toMatchObject({ problem: { status: 404 } });
		berlin.send({ ...start, agent: 'store-agent/paris' });
		const refused = await berlin.next(({ text }) => text.includes('forbidden'));
		expect(refused.json).toMatchObject({ problem: { status: 403 } });
		await berlin.close();
		const viewer = await signalbox.connect('store-agent/berlin', {
			as: 'vi:viewer:store-agent/berlin'
		});
		viewer.send(start);
		expect((await viewer.ofType('error')).json).toMatchObject({ problem: { status: 403 } });
		await viewer.close();
	});

	test('a job acts where its starter may, and says what it left out', async () => {
		const job = { action: 'pause', select: { q: 'is:active workflow:REFUND,WAITS' } };
		const seen = await signalbox.as(BERLIN).post('/bulk-actions', { ...job, dryRun: true });
		expect(seen.body).toMatchObject({ total: 1, eligible: 1, sample: [{ id: 'in-berlin' }] });
		const mixed = await signalbox.as(MIXED).post('/bulk-actions', { ...job, dryRun: true });
		expect(mixed.body).toMatchObject({
			eligible: 2,
			reasons: [{ reason: 'not-allowed', runs: 1 }]
		});
		const named = await signalbox.as(BERLIN).post('/bulk-actions', {
			...{ action: 'pause', dryRun: true },
			select: { runs: [`WAITS/${outside.id}`, 'WAITS/none'].map(refOf) }
		});
		expect(named.body).toMatchObject({ eligible: 0, reasons: [{ reason: 'unknown', runs: 2 }] });
		const started = await signalbox.as(BERLIN).post('/bulk-actions', {
			...{ action: 'pause', select: { q: 'id:in-berlin' } }
		});
		expect(started.status).toBe(202);
		const { id } = started.body as Run; // a bulk job answers with its run
		const bert = signalbox.as(BERLIN);
		await eventually(
			async () => (await bert.get(`/bulk-actions/${id}`)).body as { counts: { done: number } },
			({ counts }) => counts.done === 1
		);
		expect((await bert.run({ workflow: 'BULK', id })).workflow).toBe('BULK');
		problemOf(await signalbox.as(REFUNDS).get(`/bulk-actions/${id}`), 404, 'not-found');
		problemOf(await signalbox.as(REFUNDS).get(`/runs/BULK/${id}`), 404, 'unknown-run');
		await signalbox.as(EVE).post('/runs/REFUND/in-berlin/resume');
	});

	test('an approver of a workflow decides there, and finds what waits for them', async () => {
		const rita = signalbox.as(REFUNDS);
		const mine = await rita.get('/approvals?status=pending&assignee=for-me');
		expect(mine.body).toMatchObject({ total: 2 });
		const bert = await signalbox.as(BERLIN).get('/approvals?status=pending&assignee=for-me');
		expect(bert.body).toMatchObject({ total: 0 });
		const decided = await rita.decide(seenApproval, { approved: true });
		expect(decided.status, JSON.stringify(decided.body)).toBe(200);
		expect((await rita.runEnded(refundBerlin)).outcome).toBe('completed');
		const figures = await rita.get('/approvals/figures');
		expect(figures.body).toMatchObject({ pending: { count: 1 } });
		expect(JSON.stringify(figures.body)).not.toContain('WAITS');
	});
});

function refOf(key: string) {
	const [workflow, id] = key.split('/');
	return { workflow, id };
}
