// What is too large to keep: refused at every door by the same limits, cut where an Agent's own code
// is the sender, and never in the way of what comes after it.
import { beforeAll, describe, expect, test } from 'vitest';
import {
	auditEntrySchema,
	MAX_MESSAGE_BYTES,
	METADATA_LIMITS,
	runPageSchema,
	type Run
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const REFUND = {
	workflow: 'REFUND',
	params: { order: 'ORD-1', amount: 250, currency: 'EUR', reason: 'x', requestedBy: 'ana' }
};
const DOORS = ['operations-agent/main', 'store-agent/berlin'];
let first: Run;

beforeAll(async () => {
	first = await signalbox.as().start({ ...REFUND, id: 'first' });
	await signalbox.as().approvalOf(first);
});

async function startsAndIsListed(id: string): Promise<void> {
	const run = await signalbox.as().start({ ...REFUND, id });
	await signalbox.as().approvalOf(run);
}

const TOO_MUCH: [string, Record<string, unknown>][] = [
	['20,000 bytes', { blob: 'x'.repeat(20_000) }],
	['101 keys', Object.fromEntries([...Array(101).keys()].map((n) => [`k${n}`, n]))],
	['eleven levels', JSON.parse(`{"a":${'{"a":'.repeat(11)}1${'}'.repeat(11)}}`)]
];

describe.each(TOO_MUCH)('metadata of %s', (what, metadata) => {
	const start = { ...REFUND, metadata };

	test('is refused over HTTP, by its name', async () => {
		const refused = await signalbox.as().call('POST', '/runs', { ...start, id: 'never' });
		expect(problemOf(refused, 400, 'invalid-input').errors).toMatchObject([{ path: 'metadata' }]);
	});

	test.each(DOORS)('is refused in a plain frame at %s', async (agent) => {
		const socket = await signalbox.connect(agent);
		socket.send({ type: 'start', ...start, id: 'never' });
		const { json } = await socket.ofType('error');
		expect(json['error']).toMatch(/^metadata: /);
		await socket.close();
	});

	test('is refused in a call', async () => {
		const socket = await signalbox.connect('operations-agent/main', { sdk: true });
		const answer = await socket.perform({ type: 'run.start', ...start, id: 'never' });
		expect(answer).toMatchObject({ ok: false, problem: { errors: [{ path: 'metadata' }] } });
		await socket.close();
	});

	test('of an Agent’s own code is cut, and the run is listed', async () => {
		const agent = await signalbox.agent('berlin');
		const id = `cut-${what.replaceAll(/\W/g, '-')}`;
		await agent.runWorkflow(
			'REFUND',
			{ ...REFUND.params },
			{ id, metadata: { order: 'ORD-7', ...metadata } }
		);
		const { body } = await eventually(
			() => signalbox.as().get(`/runs/REFUND/${id}`),
			({ status }) => status === 200
		);
		expect((body as Run).metadata).toMatchObject({ order: 'ORD-7' });
		expect(JSON.stringify((body as Run).metadata).length).toBeLessThan(METADATA_LIMITS.bytes);
	});
});

test('nothing that was refused has become a run', async () => {
	problemOf(await signalbox.as().get('/runs/REFUND/never'), 404, 'unknown-run');
	await startsAndIsListed('after-refusals');
});

describe.each(DOORS)('a frame that is too large, at %s', (agent) => {
	test.each([
		['text', 'x'.repeat(MAX_MESSAGE_BYTES + 1)],
		['a call', JSON.stringify({ type: 'rpc', id: '1', args: ['x'.repeat(MAX_MESSAGE_BYTES)] })],
		['a state', JSON.stringify({ type: 'cf_agent_state', state: 'x'.repeat(MAX_MESSAGE_BYTES) })]
	])('%s is refused, and the connection is kept', async (_, frame) => {
		const socket = await signalbox.connect(agent, { sdk: true });
		socket.send(frame);
		const { json } = await socket.ofType('error');
		expect(json).toMatchObject({ problem: { status: 413 } });
		socket.send({ type: 'rpc', id: '2', method: 'nothing', args: [] });
		await socket.next(({ json: answer }) => answer['id'] === '2');
		expect(socket.closed).toBeNull();
		await socket.close();
	});
});

describe.each(DOORS)('an integer beyond 2^53, at %s', (agent) => {
	const number = '3544790567247868102';

	test('is refused in a plain frame, by the name of its field', async () => {
		const socket = await signalbox.connect(agent);
		socket.send(`{"type":"start","workflow":"REFUND","params":{"order":${number}}}`);
		const { json } = await socket.ofType('error');
		expect(json['error']).toMatch(new RegExp(`^params\\.order: ${number} has more digits`));
		await socket.close();
	});

	test('is refused in a call', async () => {
		const socket = await signalbox.connect(agent, { sdk: true });
		socket.send(`{"type":"rpc","id":"9","method":"request","args":[{"big":${number}}]}`);
		const { json } = await socket.next(({ json: answer }) => answer['id'] === '9');
		expect(json).toMatchObject({ success: false, error: expect.stringContaining(number) });
		await socket.close();
	});
});

test('params and an output of almost 1 MB each, both full of quotes, leave a run that ended', async () => {
	const agent = await signalbox.agent('berlin');
	const text = '"'.repeat(500_000);
	await agent.runWorkflow('VALUES', { kind: 'echo', from: 'run', text }, { id: 'large' });
	const ended = await signalbox.as().runEnded({ workflow: 'VALUES', id: 'large' });
	expect(ended).toMatchObject({ status: 'complete' });
	await startsAndIsListed('after-large');
});

test('a record that cannot be stored is set aside, and those beside it are stored', async () => {
	type OperationsEnv = { OperationsAgent: DurableObjectNamespace<never> };
	const env = await signalbox.harness.getWorker<OperationsEnv>().getEnv();
	const operations = env.OperationsAgent.getByName('main') as unknown as {
		intake(report: unknown): Promise<{ resend: boolean }>;
	};
	const version = Date.now() + 3_600_000;
	const run = { ...first, status: 'waiting' as const };
	const record = (id: string, more: object = {}) => ({
		run: { ...run, id, ...more },
		version,
		exact: true
	});
	const report = {
		agent: { class: 'StoreAgent', name: 'oslo', path: 'store-agent/oslo' },
		...{ sequence: 1, previous: 0, approvals: [{ approval: null, version }] },
		runs: [
			record('too-large', { metadata: { blob: 'x'.repeat(5_000_000) } }),
			{ version, exact: true },
			record('odd', { metadata: null, agent: null }),
			record('good', { agent: { class: 'StoreAgent', name: 'oslo', path: 'store-agent/oslo' } })
		],
		notes: [{ id: 1, at: version, action: 'run.adopt', target: 'REFUND/good', detail: {} }]
	};
	await operations.intake(report);
	await operations.intake({ ...report, sequence: 2, previous: 1 });
	const listed = await signalbox.as().get('/runs?q=agent:store-agent/oslo');
	expect(runPageSchema.parse(listed.body).runs.map(({ id }) => id)).toEqual(['good']);
	const { body } = await signalbox.as().get('/audit?by=agent:store-agent/oslo');
	const entries = auditEntrySchema.array().parse(Object(body)['entries']);
	const setAside = entries.filter(({ action }) => action === 'record.set-aside');
	expect(setAside.map(({ target }) => target).toSorted()).toEqual(
		['REFUND/odd', 'REFUND/too-large', null].toSorted()
	);
	expect(entries.map(({ action }) => action)).toContain('run.adopt');
	await startsAndIsListed('after-odd');
});
