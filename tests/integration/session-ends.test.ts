// A websocket ends with the session that opened it, also when its Agent hibernates under it.
import { expect, test } from 'vitest';
import { SESSION_ENDED_CODE } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { problemOf } from './support/person';
import type { Socket } from './support/socket';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const AGENT = 'operations-agent/main';

/** Somebody whose session ends after so long. */
function until(ms: number, roles = 'viewer,operator'): string {
	return `ulla:${roles},until=${Date.now() + ms}`;
}

function whenClosed(socket: Socket): Promise<number | null> {
	return eventually(
		() => socket.closed,
		(code) => code !== null
	);
}

test('a session that has ended signs nobody in', async () => {
	const ulla = signalbox.as(until(-1));
	problemOf(await ulla.get('/me'), 401, 'unauthenticated');
	await expect(signalbox.connect(AGENT, { as: until(-1) })).rejects.toThrow(/refused/);
});

test('a socket without frames is closed when its session ends; others stay', async () => {
	const other = await signalbox.connect(AGENT);
	const later = await signalbox.connect(AGENT, { as: until(3_600_000) });
	const socket = await signalbox.connect(AGENT, { as: until(2_000) });
	socket.send({ type: 'watch', watch: 'w1', view: { kind: 'runs', query: {} } });
	await socket.ofType('change');
	expect(await whenClosed(socket)).toBe(SESSION_ENDED_CODE);
	expect([other.closed, later.closed]).toEqual([null, null]);
	await other.close();
	await later.close();
});

test('an Agent that hibernates wakes up to close it, and has nothing planned after', async () => {
	const store = 'store-agent/berlin';
	const socket = await signalbox.connect(store, { as: until(4_000) });
	await signalbox.evict('StoreAgent', 'berlin');
	expect(await whenClosed(socket)).toBe(SESSION_ENDED_CODE);
	const storage = await signalbox.harness
		.getWorker()
		.getDurableObjectStorage('StoreAgent', { name: 'berlin' });
	const planned = await eventually(
		() => storage.exec('SELECT * FROM cf_agents_jobs'),
		(rows) => rows.length === 0
	);
	expect(planned).toEqual([]);
});

test('a socket of a sub-agent is closed, too', async () => {
	const aisle = 'store-agent/berlin/sub/aisle-agent/a1';
	const socket = await signalbox.connect(aisle, { as: until(2_000), sdk: true });
	expect(await whenClosed(socket)).toBe(SESSION_ENDED_CODE);
});
