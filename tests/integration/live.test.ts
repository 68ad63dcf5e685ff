import { beforeAll, describe, expect, test } from 'vitest';
import {
	HEARTBEAT,
	RUN_STATUSES,
	runKey,
	runPageSchema,
	summarySchema,
	toRunRow,
	type RunRow,
	type Summary
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { EVE, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';
import type { Socket } from './support/socket';
import { Watching } from './support/watching';

const signalbox = useSignalbox();
let socket: Socket;
beforeAll(async () => {
	socket = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
});

const atGate = async (id: string) => {
	const run = await signalbox
		.as()
		.start({ workflow: 'TWO_GATES', params: { subject: 'a parcel' }, id });
	await signalbox.as().approvalOf(run);
	return run;
};
const small = (order: string) => ({
	workflow: 'REFUND',
	params: { order, amount: 5, currency: 'EUR', reason: 'x', requestedBy: 'ana' }
});
const terminate = ({ workflow, id }: { workflow: string; id: string }) =>
	signalbox.as().post(`/runs/${workflow}/${id}/terminate`);

async function listed(q: string): Promise<{ rows: RunRow[]; total: number }> {
	const { body } = await signalbox.as().get(`/runs?limit=100&q=${encodeURIComponent(q)}`);
	const { runs, total } = runPageSchema.parse(body);
	return { rows: runs.map(toRunRow), total };
}

describe('a list of runs', () => {
	const q = 'status:waiting workflow:TWO_GATES';

	test('begins with all of it and goes on with what enters, changes and leaves', async () => {
		const watching = Watching.runs(socket, { q });
		expect(await watching.until(() => true)).toMatchObject({
			rows: [],
			total: 0,
			totalExact: true,
			nextCursor: null
		});
		await atGate('a');
		await atGate('b');
		const both = await watching.until(({ rows }) => rows.length === 2);
		expect(both.rows.map(({ id }) => id)).toEqual(['b', 'a']);
		expect(both.total).toBe(2);

		const [gate] = await signalbox.as().pending({ workflow: 'TWO_GATES', id: 'a' });
		const waitingSince = (row: RunRow | undefined) => row?.waitingFor?.since ?? 0;
		await signalbox.as().decide(gate ?? { id: '' }, { approved: true });
		await watching.until(({ rows }) => {
			const a = rows.find(({ id }) => id === 'a');
			return a !== undefined && waitingSince(a) > waitingSince(both.rows[1]);
		});

		await terminate({ workflow: 'TWO_GATES', id: 'b' });
		const left = await watching.until(({ rows }) => rows.length === 1);
		expect(left.total).toBe(1);
		expect({ rows: left.rows, total: left.total }).toEqual(await listed(q));
		watching.stop();
	});

	test('is told of nothing that it does not show', async () => {
		const watching = Watching.runs(socket, { q });
		const all = Watching.runs(socket, { q: 'workflow:REFUND' });
		await watching.until(() => true);
		const run = await signalbox.as().start(small('ORD-1'));
		await all.until(({ rows }) => rows.some(({ id, finishedAt }) => id === run.id && finishedAt));
		expect(watching.changes.map(({ kind }) => kind)).toEqual(['runs']);
		all.stop();
		watching.stop();
	});

	test('carries rows only, without params and output', async () => {
		const watching = Watching.runs(socket, { q: 'workflow:REFUND' });
		const { rows } = await watching.until((model) => model.rows.length > 0);
		expect(rows[0]).not.toHaveProperty('params');
		expect(rows[0]).not.toHaveProperty('output');
		watching.stop();
	});

	test('keeps to its page: what is beyond counts and is not sent', async () => {
		const watching = Watching.runs(socket, { q: 'workflow:FOLLOW_UP', limit: 2 });
		await watching.until(() => true);
		for (const id of ['f1', 'f2', 'f3']) {
			await signalbox.as().start({
				workflow: 'FOLLOW_UP',
				params: { message: id, after: '1 hour' },
				id
			});
		}
		const { rows, nextCursor } = await watching.until(({ total }) => total === 3);
		expect(rows.map(({ id }) => id)).toEqual(['f3', 'f2']);
		expect(nextCursor).not.toBeNull();
		await terminate({ workflow: 'FOLLOW_UP', id: 'f3' });
		await signalbox.as().delete('/runs/FOLLOW_UP/f3');
		const after = await watching.until(({ total }) => total === 2);
		expect(after.rows.map(({ id }) => id)).toEqual(['f2', 'f1']);
		watching.stop();
	});

	test('a query that does not parse is refused, and the connection is kept', async () => {
		const watching = Watching.runs(socket, { q: 'status:lost' });
		await eventually(
			() => watching.changes,
			(changes) => changes.length > 0
		);
		expect(watching.changes).toMatchObject([
			{ kind: 'refused', problem: { status: 400, positions: [{ from: 7, to: 11 }] } }
		]);
		expect(socket.closed).toBeNull();
	});

	test('a subscription that cannot be read is refused under its name', async () => {
		socket.send({ type: 'watch', watch: 'odd', view: { kind: 'runs', query: { limit: 'many' } } });
		const { json } = await socket.next(({ json }) => json['watch'] === 'odd');
		expect(json).toMatchObject({
			type: 'change',
			change: { kind: 'refused', problem: { status: 400 } }
		});
	});
});

describe('one run', () => {
	test('its events come as they happen, each once', async () => {
		const run = await signalbox.as().start({
			workflow: 'PROCESSING_WORKFLOW',
			params: { taskId: 't', items: ['one', 'two'] },
			id: 'watched'
		});
		const watching = Watching.run(socket, run.workflow, run.id);
		const { approvals } = await watching.until(
			({ run: { status }, approvals }) => status === 'waiting' && approvals.length === 1
		);
		expect(watching.model?.events.at(-1)?.type).toBe('wait_started');
		await signalbox.as().decide(approvals[0] ?? { id: '' }, { approved: true });
		const ended = await watching.until((model) => model.run.finishedAt !== null);

		const sent = watching.changes.flatMap((change) =>
			change.kind === 'run' || change.kind === 'run-changed'
				? change.events.map(({ eventId }) => eventId)
				: []
		);
		expect(sent).toEqual([...new Set(sent)].toSorted((a, b) => a - b));
		expect(watching.changes.map(({ kind }) => kind).indexOf('run', 1)).toBe(-1);
		expect(ended.events).toEqual((await signalbox.as().events(run)).events);
		expect(ended.run).toEqual(await signalbox.as().run(run));
		expect(ended).toMatchObject({
			exact: true,
			approvals: [{ status: 'approved', decisions: [{ by: 'eve' }] }]
		});
		watching.stop();
	});

	test('a restart begins it afresh, and a deletion is told', async () => {
		const run = await signalbox.as().start(small('ORD-2'));
		await signalbox.as().runEnded(run);
		const watching = Watching.run(socket, run.workflow, run.id);
		const first = await watching.until(({ run: { finishedAt } }) => finishedAt !== null);
		await signalbox.as().post(`/runs/REFUND/${run.id}/restart`);
		const second = await watching.until(
			({ run: { generation, finishedAt } }) => generation === 2 && finishedAt !== null
		);
		expect(second.events).toEqual((await signalbox.as().events(run)).events);
		expect(second.events[0]?.timestamp).toBeGreaterThan(first.events[0]?.timestamp ?? Infinity);
		await signalbox.as().delete(`/runs/REFUND/${run.id}`);
		await watching.until(({ gone }) => gone);
		watching.stop();
	});

	test('a parent shows its children as they begin and end', async () => {
		const run = await signalbox.as().start({
			workflow: 'STOCK_COUNT',
			params: { aisles: ['dairy', 'bakery'] },
			id: 'counted'
		});
		const watching = Watching.run(socket, run.workflow, run.id);
		const { children } = await watching.until(
			(model) =>
				model.run.finishedAt !== null &&
				model.children.every(({ finishedAt }) => finishedAt !== null)
		);
		expect(children.map(({ id }) => id)).toEqual(['counted_dairy', 'counted_bakery']);
		watching.stop();
	});

	test('one that does not exist is refused', async () => {
		const watching = Watching.run(socket, 'REFUND', 'nobody');
		await eventually(
			() => watching.changes,
			(changes) => changes.length > 0
		);
		expect(watching.changes).toMatchObject([
			{ kind: 'refused', problem: { status: 404, detail: 'Run REFUND/nobody was not found.' } }
		]);
	});
});

describe('approvals, activity and audit', () => {
	test('the queue grows with a gate and shrinks with its decision', async () => {
		const watching = Watching.whole(socket, { kind: 'approvals', query: { status: 'pending' } });
		const before = await watching.until(() => true);
		const run = await atGate('queued');
		const grown = await watching.until(({ total }) => total === before.total + 1);
		const gate = grown.approvals.find(({ runId }) => runId === run.id);
		await signalbox.as().decide(gate ?? { id: '' }, { approved: false, reason: 'no' });
		const shrunk = await watching.until(({ total }) => total === before.total);
		expect(shrunk.approvals).toEqual(before.approvals);
		watching.stop();
	});

	test('activity counts what began and ended', async () => {
		const watching = Watching.whole(socket, { kind: 'activity' });
		const sum = (of: 'started' | 'completed' | 'failed') => (model: typeof before) =>
			model.minutes.reduce((total, minute) => total + minute[of], 0);
		const before = await watching.until(() => true);
		await signalbox.as().start(small('ORD-3'));
		await watching.until(
			(model) =>
				sum('started')(model) === sum('started')(before) + 1 &&
				sum('completed')(model) === sum('completed')(before) + 1
		);
		watching.stop();
	});

	test('the audit shows what was just done, and what was refused', async () => {
		const watching = Watching.whole(socket, { kind: 'audit', query: { limit: 1 } });
		await watching.until(() => true);
		await signalbox.as(VERA).post('/runs', small('ORD-4'));
		const { entries } = await watching.until((model) => model.entries[0]?.by === 'vera');
		expect(entries).toMatchObject([{ action: 'run.start', result: 'forbidden' }]);
		watching.stop();
	});
});

describe('the connection', () => {
	test('answers heartbeats', async () => {
		socket.send(HEARTBEAT.ask);
		await socket.next(({ text }) => text === HEARTBEAT.answer);
	});

	test.each([
		['no JSON', 'hello'],
		['no object', '[1]'],
		['no type', '{}'],
		['an unknown type', '{"type":"dance"}'],
		['a watch without a name', '{"type":"watch","watch":"","view":{"kind":"activity"}}']
	])(
		'a frame that is not ours (%s) gets one error frame, and the connection is kept',
		async (_, frame) => {
			const known = socket.frames.length;
			socket.send(frame);
			const { json } = await socket.ofType('error');
			expect(json).toMatchObject({ problem: { status: 400, detail: expect.stringMatching(/./) } });
			socket.send(HEARTBEAT.ask);
			await socket.next(({ text }) => text === HEARTBEAT.answer);
			const errors = socket.frames.slice(known).filter(({ json: { type } }) => type === 'error');
			expect(errors).toHaveLength(1);
			expect(socket.closed).toBeNull();
		}
	);

	test.each([
		['no view', '{"type":"watch","watch":"w"}'],
		['an unknown view', '{"type":"watch","watch":"w","view":{"kind":"trains"}}'],
		[
			'an unknown key in its view',
			'{"type":"watch","watch":"w","view":{"kind":"runs","query":{"page":2}}}'
		]
	])('a subscription with %s is refused under its name', async (_, frame) => {
		socket.send(frame);
		const { json } = await socket.next(
			({ json: { type, watch } }) => type === 'change' && watch === 'w'
		);
		expect(json).toMatchObject({
			change: { kind: 'refused', problem: { status: 400, detail: expect.stringMatching(/./) } }
		});
		expect(socket.closed).toBeNull();
	});

	test('has at most 32 subscriptions', async () => {
		const greedy = await signalbox.connect('operations-agent/main', { as: VERA, sdk: true });
		for (let index = 0; index < 33; index++) {
			greedy.send({ type: 'watch', watch: `w${index}`, view: { kind: 'activity' } });
		}
		const { json } = await greedy.next(({ json: { watch } }) => watch === 'w32');
		expect(json).toMatchObject({ change: { kind: 'refused', problem: { status: 400 } } });
		await greedy.close();
	});

	test('is told nothing more of what it looked away from', async () => {
		const watching = Watching.runs(socket, { q: 'workflow:REFUND' });
		const other = Watching.runs(socket, { q: 'workflow:REFUND' });
		await watching.until(() => true);
		watching.stop();
		const run = await signalbox.as().start(small('ORD-5'));
		await other.until(({ rows }) => rows.some(({ id, finishedAt }) => id === run.id && finishedAt));
		expect(watching.changes).toHaveLength(1);
		other.stop();
	});
});

describe('the summary', () => {
	test('its counts equal the index', async () => {
		const fresh = await signalbox.connect('operations-agent/main', { as: VERA, sdk: true });
		const summaries = () =>
			fresh.frames.flatMap(({ json }): Summary[] => {
				const parsed = summarySchema.safeParse(json['state']);
				return json['type'] === 'cf_agent_state' && parsed.success ? [parsed.data] : [];
			});
		const counted = async () =>
			Object.fromEntries(
				(
					await Promise.all(
						RUN_STATUSES.map(async (status) => [status, (await listed(`status:${status}`)).total])
					)
				).filter(([, total]) => total !== 0)
			);
		const pending = async () => {
			const { body } = await signalbox.as().get('/approvals?status=pending');
			return (body as { total: number }).total; // as the API describes it
		};
		await signalbox.as().runEnded(await signalbox.as().start(small('ORD-6')));
		const truth = JSON.stringify([await counted(), await pending()]);
		await eventually(
			() => {
				const last = summaries().at(-1);
				const known = RUN_STATUSES.filter((status) => last?.counts[status]);
				const counts = Object.fromEntries(known.map((status) => [status, last?.counts[status]]));
				return JSON.stringify([counts, last?.pendingApprovals]);
			},
			(shown) => shown === truth,
			(shown) => `${shown} is not ${truth}`
		);
		await fresh.close();
	});
});

describe('an eviction of the Operations agent under open websockets', () => {
	test('is not noticed: the same connection goes on and ends with the true list', async () => {
		const open = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
		const q = 'workflow:TWO_GATES';
		const runs = Watching.runs(open, { q });
		const queue = Watching.whole(open, { kind: 'approvals', query: { status: 'pending' } });
		const before = await runs.until(() => true);
		const waiting = await queue.until(() => true);
		await socket.close();
		await signalbox.evict('OperationsAgent', 'main');

		const run = await atGate('after-eviction');
		await runs.until(({ total }) => total === before.total + 1);
		const gates = await queue.until(({ total }) => total === waiting.total + 1);
		expect(gates.approvals.map(({ runId }) => runId)).toContain(run.id);

		await signalbox.evict('OperationsAgent', 'main');
		await terminate(run);
		const after = await runs.until(({ rows }) =>
			rows.some((row) => runKey(row) === runKey(run) && row.status === 'terminated')
		);
		expect({ rows: after.rows, total: after.total }).toEqual(await listed(q));
		expect((await queue.until(({ total }) => total === waiting.total)).approvals).toEqual(
			waiting.approvals
		);
		expect(open.closed).toBeNull();
		expect(
			await open.perform({ type: 'run.get', workflow: 'TWO_GATES', id: run.id })
		).toMatchObject({ ok: true });
		await open.close();
	});
});
