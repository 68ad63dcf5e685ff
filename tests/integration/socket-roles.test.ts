// What a websocket lets people see and write, beside calls: by their roles, like everything else.
import { beforeAll, describe, expect, test } from 'vitest';
import { ADA, EVE, OTTO, PIA, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

test('nobody without a role is told the state of an Agent, in either protocol', async () => {
	await expect(signalbox.connect('store-agent/berlin', { as: 'nix:' })).rejects.toThrow(/refused/);
	for (const agent of ['operations-agent/main']) {
		const asSdk = await signalbox.connect(agent, { as: 'nix:', sdk: true });
		asSdk.send({
			type: 'rpc',
			id: '1',
			method: 'perform',
			args: [{ type: 'runs.list', query: {} }]
		});
		await asSdk.next(({ json }) => json['type'] === 'rpc');
		const plain = await signalbox.connect(agent, { as: 'nix:' });
		await plain.ofType('error');
		for (const { text } of [...asSdk.frames, ...plain.frames]) {
			expect(text).not.toContain('"state"');
		}
		await asSdk.close();
		await plain.close();
	}
});

describe('a viewer’s websocket', () => {
	test('watches runs and approvals, but not the audit', async () => {
		const socket = await signalbox.connect('operations-agent/main', { as: VERA });
		for (const [kind, answer] of [
			['runs', 'runs'],
			['approvals', 'approvals'],
			['activity', 'activity'],
			['audit', 'refused']
		]) {
			const view = kind === 'activity' ? { kind } : { kind, query: {} };
			socket.send({ type: 'watch', watch: `w-${kind}`, view });
			const { json } = await socket.next(({ json: frame }) => frame['watch'] === `w-${kind}`);
			expect(json).toMatchObject({ type: 'change', change: { kind: answer } });
		}
		await socket.close();
	});

	test('does not write the state of an Agent; an operator’s does', async () => {
		const state = { stock: { units: 7, aisles: 1, run: 'count-1' } };
		const agent = 'store-agent/berlin'; // the catalogue names it, so a viewer may look
		const viewer = await signalbox.connect(agent, { as: VERA, sdk: true });
		viewer.send({ type: 'cf_agent_state', state });
		const { json } = await viewer.ofType('cf_agent_state_error');
		expect(json['error']).toContain('requires the role operator');

		const operator = await signalbox.connect(agent, { as: OTTO, sdk: true });
		const before = await operator.ofType('cf_agent_state');
		expect(before.json).toMatchObject({ state: { stock: null } });
		operator.send({ type: 'cf_agent_state', state });
		const seen = await viewer.next(
			({ json: frame }) => JSON.stringify(frame['state']) === JSON.stringify(state)
		);
		expect(seen.json['type']).toBe('cf_agent_state');
		await viewer.close();
		await operator.close();
	});
});

describe('frames', () => {
	const FRAMES: Record<string, object | string> = {
		'a call': { type: 'rpc', id: '1', method: 'units', args: [] },
		'an unknown call': { type: 'rpc', id: '1', method: 'nope', args: [] },
		'a write of the state': { type: 'cf_agent_state', state: { stock: null } },
		'a chat message': { type: 'cf_agent_use_chat_request', id: '1', init: { method: 'POST' } },
		'another frame of the SDK': { type: 'cf_agent_stream_resume_request' },
		'a start': { type: 'start', workflow: 'FOLLOW_UP', params: { message: 'x', after: '1 hour' } },
		'a pause': { type: 'pause', workflow: 'FOLLOW_UP', id: 'x' },
		'a resume': { type: 'resume', workflow: 'FOLLOW_UP', id: 'x' },
		'a cancel': { type: 'cancel', workflow: 'FOLLOW_UP', id: 'x' }
	};
	const PEOPLE = { viewer: VERA, approver: PIA, admin: ADA };

	describe.each(['store-agent/berlin', 'store-agent/berlin/sub/aisle-agent/frames'])(
		'%s',
		(agent) => {
			beforeAll(async () => {
				const run = await signalbox.as(EVE).start({
					...{ workflow: 'AISLE_COUNT', id: `frames-${agent.length}`, params: { aisle: 'frames' } },
					agent: 'store-agent/berlin/sub/aisle-agent/frames'
				});
				await signalbox.as(EVE).runEnded(run);
			});

			test.each(Object.entries(PEOPLE))('refuses each kind that a %s sends', async (_role, as) => {
				for (const [kind, frame] of Object.entries(FRAMES)) {
					const socket = await signalbox.connect(agent, { as, sdk: true });
					socket.send(frame);
					const { text } = await socket.next(({ json }) => 'error' in json);
					expect(text, kind).toMatch(/requires? the role operator/);
					await socket.close();
				}
			});
		}
	);
});

test('an Agent’s own code is reached from inside without an identity', async () => {
	const agent = await signalbox.agent('berlin');
	const response = await agent.fetch('http://inside/anything');
	// No route of its own: the SDK's answer, and not our 401.
	expect(response.status).not.toBe(401);
	expect(response.status).not.toBe(403);
});
