// Clients that were written for the plain message protocol: JSON text in, JSON text out.
import { describe, expect, test } from 'vitest';
import { EVE } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const asleep = { workflow: 'FOLLOW_UP', params: { message: 'Call back', after: '1 hour' } };
const AISLE = 'store-agent/berlin/sub/aisle-agent/dairy';

describe.each(['store-agent/berlin', 'operations-agent/main'])('over %s', (agent) => {
	const id = agent.replace('/', '-');

	test('a connection is greeted with the Agent’s state', async () => {
		const socket = await signalbox.connect(agent);
		const { json } = await socket.ofType('connected');
		expect(json).toHaveProperty('state');
		await socket.close();
	});

	test('start, status, pause, resume and cancel', async () => {
		const socket = await signalbox.connect(agent);
		socket.send({ type: 'start', ...asleep, id });
		expect((await socket.ofType('workflow_started')).json).toMatchObject({
			workflow: 'FOLLOW_UP',
			id,
			instanceId: id,
			workflowId: id
		});
		const ref = { workflow: 'FOLLOW_UP', id };
		await signalbox.as().runWhen(ref, ({ status }) => status === 'waiting');

		socket.send({ type: 'status', id });
		expect((await socket.ofType('workflow_status')).json).toMatchObject({
			workflow: 'FOLLOW_UP',
			id,
			status: 'waiting',
			done: false
		});
		socket.send({ type: 'pause', workflowId: id });
		await socket.ofType('workflow_status');
		await signalbox.as().runWhen(ref, ({ status }) => status === 'paused');
		socket.send({ type: 'resume', workflow: 'FOLLOW_UP', id });
		await socket.ofType('workflow_status');
		await signalbox.as().runWhen(ref, ({ status }) => status === 'waiting');
		socket.send({ type: 'cancel', instanceId: id });
		expect((await socket.ofType('workflow_status')).json).toMatchObject({
			status: 'terminated',
			outcome: 'terminated',
			done: true
		});
		await socket.close();
	});

	test('what cannot be done is an error, and the connection is kept', async () => {
		const socket = await signalbox.connect(agent);
		for (const [frame, kind] of [
			[{ type: 'status', id: 'nobody' }, 'unknown-run'],
			[{ type: 'cancel', id }, 'wrong-state'],
			[{ type: 'start', workflow: 'NO_SUCH' }, 'unknown-workflow'],
			[{ type: 'start' }, 'invalid-input'],
			[{ type: 'start', ...asleep, id }, 'id-taken'],
			[{ type: 'dance' }, 'invalid-input'],
			['not JSON at all', 'invalid-input'],
			['[1, 2, 3]', 'invalid-input']
		] as const) {
			socket.send(frame);
			const { json } = await socket.ofType('error');
			expect(json, JSON.stringify(frame)).toMatchObject({
				problem: { type: `urn:signalbox:problem:${kind}`, detail: expect.stringMatching(/./) }
			});
		}
		socket.send({ type: 'status', id });
		expect((await socket.ofType('workflow_status')).json).toMatchObject({ id, done: true });
		await socket.close();
	});

	test('who may not ask is told so, whatever is wrong with the frame, and it is audited', async () => {
		const as = `vic-${id}:viewer`;
		const socket = await signalbox.connect(agent, { as });
		const frames = [
			{ type: 'start' },
			{ type: 'start', ...asleep },
			{ type: 'cancel', id: '%' },
			{ type: 'cancel', id: 'nobody' }
		];
		for (const frame of frames) {
			socket.send(frame);
			const { json } = await socket.ofType('error');
			expect(json, JSON.stringify(frame)).toMatchObject({
				problem: { type: 'urn:signalbox:problem:forbidden' }
			});
		}
		// Over HTTP the Worker refuses and records it, before any Agent is asked.
		const url = `/agents/${agent}/start`;
		for (const body of ['{"workflow": ', '"text"', '{}']) {
			const { status } = await signalbox.as(as).fetch(url, { method: 'POST', body });
			expect(status, body).toBe(403);
		}
		const { body } = await signalbox.as().get(`/audit?by=vic-${id}`);
		const { entries } = body as { entries: { action: string; result: string }[] }; // as the API describes it
		const [starts, ends] = ['run.start', 'run.terminate'].map((name) =>
			entries.filter(({ action, result }) => action === name && result === 'forbidden')
		);
		expect([starts?.length, ends?.length]).toEqual([5, 2]);
		await socket.close();
	});

	test('POST …/start and GET …/state do the same over HTTP', async () => {
		const started = await signalbox.as().fetch(`/agents/${agent}/start`, {
			method: 'POST',
			body: JSON.stringify({ ...asleep, id: `${id}-http` })
		});
		expect(started.status).toBe(201);
		expect(await started.json()).toMatchObject({ type: 'workflow_started', id: `${id}-http` });
		const run = await signalbox.as().run({ workflow: 'FOLLOW_UP', id: `${id}-http` });
		expect(run).toMatchObject({ agent: { path: 'store-agent/berlin' }, startedBy: 'eve' });

		const state = await signalbox.as().fetch(`/agents/${agent}/state`);
		expect(state.status).toBe(200);
		expect(await state.json()).toMatchObject({ type: 'state_update', state: expect.any(Object) });

		const malformed = await signalbox
			.as()
			.fetch(`/agents/${agent}/start`, { method: 'POST', body: '{' });
		expect(malformed.status).toBe(400);
		expect(malformed.headers.get('content-type')).toBe('application/problem+json');
	});
});

describe('an Agent’s own state', () => {
	test('arrives as state_update when it changes', async () => {
		const socket = await signalbox.connect('store-agent/lisbon');
		expect((await socket.ofType('connected')).json).toMatchObject({ state: { stock: null } });
		await signalbox.as().start({
			workflow: 'STOCK_COUNT',
			params: { aisles: ['tea'] },
			agent: 'store-agent/lisbon',
			id: 'tea'
		});
		const { json } = await socket.ofType('state_update');
		expect(json['state']).toMatchObject({ stock: { aisles: 1, run: 'tea' } });
		await socket.close();
	});

	test('broadcasts of a workflow reach whoever is connected', async () => {
		const socket = await signalbox.connect('store-agent/lisbon');
		await signalbox.as().start({
			workflow: 'PROCESSING_WORKFLOW',
			params: { taskId: 'heard', items: [] },
			agent: 'store-agent/lisbon'
		});
		expect((await socket.ofType('task-processed')).json).toEqual({
			type: 'task-processed',
			taskId: 'heard'
		});
		await socket.close();
	});
});

describe('a sub-agent', () => {
	test('answers at its own URL, and its parent does not', async () => {
		const socket = await signalbox.connect(AISLE);
		expect((await socket.ofType('connected')).json).toMatchObject({
			agent: 'dairy',
			state: { lastCount: null }
		});
		socket.send({ type: 'start', workflow: 'AISLE_COUNT', params: { aisle: 'dairy' }, id: 'walk' });
		expect((await socket.ofType('workflow_started')).json).toMatchObject({
			id: 'walk',
			agent: { path: AISLE }
		});
		socket.send({ type: 'status', id: 'walk' });
		expect((await socket.ofType('workflow_status')).json).toMatchObject({ id: 'walk' });
		socket.send({ type: 'cancel', id: 'walk' });
		expect((await socket.ofType('workflow_status')).json).toMatchObject({ status: 'terminated' });
		socket.send({ type: 'status', id: 'nobody' });
		await socket.ofType('error');
		const greetings = socket.frames.filter(({ json }) => json['type'] === 'connected');
		expect(greetings).toHaveLength(1);
		const errors = socket.frames.filter(({ json }) => json['type'] === 'error');
		expect(errors).toHaveLength(1);
		await socket.close();
	});

	test('starts over HTTP and tells its state', async () => {
		const started = await signalbox.as(EVE).fetch(`/agents/${AISLE}/start`, {
			method: 'POST',
			body: JSON.stringify({ workflow: 'AISLE_COUNT', params: { aisle: 'dairy' }, id: 'walk-2' })
		});
		expect(started.status).toBe(201);
		const run = await signalbox.as().runEnded({ workflow: 'AISLE_COUNT', id: 'walk-2' });
		expect(run).toMatchObject({ outcome: 'completed', agent: { path: AISLE } });
		const state = await signalbox.as().fetch(`/agents/${AISLE}/state`);
		expect(await state.json()).toMatchObject({ state: { lastCount: { aisle: 'dairy' } } });
	});
});

describe('a client that speaks the SDK’s own protocol', () => {
	test('gets no frames of the plain one', async () => {
		const socket = await signalbox.connect('store-agent/berlin', { sdk: true });
		await socket.ofType('cf_agent_state');
		const answer = await socket.rpc('no-such-method');
		expect(answer).toMatchObject({ success: false });
		const types = socket.frames.map(({ json }) => json['type']);
		expect(types).not.toContain('connected');
		await socket.close();
	});
});
