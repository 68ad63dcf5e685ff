// Calls of methods that an Agent does not have cost next to nothing: they are refused before the SDK,
// which logs each with a stack, sees them.
import { expect, test } from 'vitest';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

test.each(['operations-agent/main', 'store-agent/berlin', 'store-agent/berlin/sub/aisle-agent/1'])(
	'each unknown method of %s is refused by name, and none reaches the SDK',
	async (agent) => {
		const socket = await signalbox.connect(agent, { sdk: true });
		for (const method of ['nope', 'destroy', 'constructor', '__proto__', 'x'.repeat(50_000)]) {
			const answer = await socket.rpc(method);
			const error = `Method ${method.slice(0, 100)} does not exist or is not callable.`;
			expect(answer).toMatchObject({ success: false, error });
		}
		const logged = signalbox.harness.getLogs().map(({ message }) => message);
		expect(logged.filter((message) => message.includes('RPC error'))).toEqual([]);
		await socket.close();
	}
);

test('others are answered while 2,600 unknown calls come in', async () => {
	const socket = await signalbox.connect('operations-agent/main', { sdk: true });
	const ids = Array.from({ length: 2_600 }, (_, index) => String(index));
	for (const id of ids) socket.send({ type: 'rpc', id, method: `nope${id}`, args: [] });
	const { status } = await signalbox.as().get('/runs');
	expect(status).toBe(200);
	for (const id of ids) {
		const { json } = await socket.ofType('rpc');
		expect(json).toMatchObject({ id, success: false });
	}
	await socket.close();
});
