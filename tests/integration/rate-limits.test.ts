// How much one person and one connection may ask for. The rates are so low here that nothing refills
// while a test runs.
import { expect, test } from 'vitest';
import { problemOf, type Reply } from './support/person';
import { useSignalbox } from './support/signalbox';

const BURST = 20;
const slow = { burst: BURST, perSecond: 0.001 };
const signalbox = useSignalbox({
	AUTH: 'local',
	RATE_LIMITS: JSON.stringify({ changes: slow, reads: slow, frames: { ...slow, burst: 40 } })
});

/** Asks again and again until it is refused: the refusal, and how many answers came before it. */
async function untilRefused(ask: () => Promise<Reply>): Promise<[Reply, number]> {
	for (let answered = 0; answered <= BURST; answered += 1) {
		const reply = await ask();
		if (reply.status === 429) return [reply, answered];
	}
	throw new Error('It was never refused.');
}

test('reads of one person are refused with 429 and Retry-After; others read on', async () => {
	const ana = signalbox.as('ana:viewer');
	const [refused, answered] = await untilRefused(() => ana.get('/runs'));
	expect(answered).toBe(BURST);
	expect(problemOf(refused, 429, 'rate-limited').detail).toMatch(/Try again in \d+ seconds/);
	expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
	expect((await signalbox.as('ben:viewer').get('/runs')).status).toBe(200);
	expect((await ana.get('/me')).status).toBe(200);
});

test('changes are counted apart from reads, also those that are refused', async () => {
	const cem = signalbox.as('cem:operator');
	const pause = () => cem.post('/runs/REFUND/nope/pause');
	const [refused, answered] = await untilRefused(pause);
	expect(answered).toBe(BURST);
	problemOf(refused, 429, 'rate-limited');
	expect((await cem.get('/runs')).status).toBe(200);
});

test('an export costs more than a page', async () => {
	const dora = signalbox.as('dora:viewer');
	expect((await dora.get('/runs/export?format=csv')).status).toBe(200);
	problemOf(await dora.get('/runs'), 429, 'rate-limited');
});

test('calls, subscriptions and plain frames of that person get the same problem', async () => {
	const eli = 'eli:viewer,operator';
	await untilRefused(() => signalbox.as(eli).get('/runs'));
	const limited = { type: 'urn:signalbox:problem:rate-limited', status: 429 };
	const socket = await signalbox.connect('operations-agent/main', { as: eli });
	const answer = await socket.perform({ type: 'runs.list', query: {} });
	expect(answer).toMatchObject({ ok: false, problem: limited });
	socket.send({ type: 'watch', watch: 'w1', view: { kind: 'runs', query: {} } });
	const { json } = await socket.ofType('change');
	expect(json['change']).toMatchObject({ kind: 'refused', problem: limited });
	socket.send({ type: 'status', workflow: 'REFUND', id: 'nope' });
	expect((await socket.ofType('error')).json['problem']).toMatchObject(limited);
	await socket.close();
});

test.each(['operations-agent/main', 'store-agent/berlin'])(
	'frames of one connection to %s are refused by what they are; others go on',
	async (agent) => {
		const as = `${agent.replace('/', '-')}:operator`;
		const socket = await signalbox.connect(agent, { as, sdk: true });
		for (let sent = 0; sent < 40; sent += 1) socket.send('{"type":"chat"}');
		const answer = await socket.rpc('perform', { type: 'runs.list', query: {} });
		expect(answer).toMatchObject({ success: false, error: expect.stringMatching(/^Too many/) });
		socket.send('{"type":"chat"}');
		const limited = await socket.next(({ json }) =>
			JSON.stringify(json['problem'] ?? '').includes('rate-limited')
		);
		expect(limited.json['type']).toBe('error');
		socket.send('signalbox:ping');
		await socket.next(({ text }) => text === 'signalbox:pong');

		const other = await signalbox.connect(agent, { as, sdk: true });
		other.send('{"type":"chat"}');
		const heard = await other.ofType('error');
		expect(JSON.stringify(heard.json)).not.toContain('rate-limited');
		await socket.close();
		await other.close();
	}
);
