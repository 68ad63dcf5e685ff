// The Agents of the fleet, and what one of them tells its own clients.
import { describe, expect, test } from 'vitest';
import { agentPageSchema, HEARTBEAT, type AgentPage } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { EVE, OTTO, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const listed = async (q = ''): Promise<AgentPage> =>
	agentPageSchema.parse((await signalbox.as(VERA).get(`/agents?q=${q}`)).body);
const start = (id: string, agent: string) =>
	signalbox.as(OTTO).start({
		workflow: 'FOLLOW_UP',
		params: { message: 'Call back', after: '1 hour' },
		id,
		agent
	});

describe('the Agents of the fleet', () => {
	test('are listed by path with their runs by status, and told live', async () => {
		const socket = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
		socket.send({ type: 'watch', watch: 'agents', view: { kind: 'agents', query: {} } });
		const runs = [await start('one', 'store-agent/oslo'), await start('two', 'store-agent/oslo')];
		await start('three', 'store-agent/lima');
		for (const run of runs) {
			await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor !== null);
		}
		const { agents } = await eventually(
			() => listed('store-agent'),
			(page) => page.agents.every(({ runs: { waiting } }) => (waiting ?? 0) > 0)
		);
		expect(agents.map(({ path, runs }) => [path, runs])).toEqual([
			['store-agent/lima', { waiting: 1 }],
			['store-agent/oslo', { waiting: 2 }]
		]);
		expect(await listed('LIM')).toMatchObject({ total: 1 });
		expect(await listed('nowhere')).toEqual({ agents: [], total: 0 });

		await signalbox.as(OTTO).post('/runs/FOLLOW_UP/one/terminate');
		await signalbox.as().delete('/runs/FOLLOW_UP/one');
		await eventually(
			() => listed('oslo'),
			(page) => JSON.stringify(page.agents[0]?.runs) === '{"waiting":1}'
		);
		const changes = () =>
			socket.frames.flatMap(({ json }) =>
				json['watch'] === 'agents' ? [json['change'] as { kind: string; agents: unknown[] }] : []
			);
		const [last] = await eventually(
			() =>
				changes()
					.filter(({ kind }) => kind === 'agents-changed')
					.slice(-1),
			(found) => JSON.stringify(found).includes('{"waiting":1}')
		);
		expect(last?.agents).toHaveLength(1);
		await socket.close();
	});
});

describe('an Agent’s own address', () => {
	test('answers heartbeats, so that a page knows that it hears', async () => {
		const socket = await signalbox.connect('store-agent/berlin', { as: VERA, sdk: true });
		socket.send(HEARTBEAT.ask);
		await socket.next(({ text }) => text === HEARTBEAT.answer);
		await socket.close();
	});
});
