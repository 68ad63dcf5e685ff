// What a client does not read is bounded: pushes ask to be acknowledged, and a connection that falls
// behind is held back, then closed.
import { beforeAll, expect, test } from 'vitest';
import { eventually } from './support/eventually';
import type { Socket } from './support/socket';
import { useSignalbox } from './support/signalbox';

const TOO_SLOW = 1013;
const RUNS = 30;
const BLOB = 16_000;
/** What a connection may have unread before it is held back, and before it has acknowledged anything. */
const HOLD = 1_048_576;
const UNACKNOWLEDGED = 16_777_216;

const signalbox = useSignalbox();

beforeAll(async () => {
	const params = { order: 'o', amount: 500, currency: 'EUR', reason: 'x', requestedBy: 'ana' };
	const metadata = { blob: 'x'.repeat(BLOB) };
	for (let made = 0; made < RUNS; made += 1) {
		await signalbox.as().start({ workflow: 'REFUND', params, metadata });
	}
});

/** Asks for all runs once more: about half a megabyte. */
function watch(socket: Socket): void {
	socket.send({ type: 'watch', watch: 'w1', view: { kind: 'runs', query: { limit: 100 } } });
}

/** Acknowledges whatever the next frame asks for. */
async function acknowledgeNext(socket: Socket): Promise<void> {
	const { json } = await socket.next(({ json: frame }) => typeof frame['ack'] === 'string');
	socket.send({ type: 'ack', ack: json['ack'] });
}

const received = ({ frames }: Socket) => frames.reduce((sum, { text }) => sum + text.length, 0);
const size = RUNS * BLOB;

test('a client that acknowledges gets all that it asks for', async () => {
	const socket = await signalbox.connect('operations-agent/main');
	for (let asked = 0; asked * size < UNACKNOWLEDGED * 1.5; asked += 1) {
		watch(socket);
		await acknowledgeNext(socket);
	}
	expect(socket.closed).toBeNull();
	await socket.close();
});

test('one that has never acknowledged is closed after a larger bound, and others are not', async () => {
	const other = await signalbox.connect('operations-agent/main');
	const socket = await signalbox.connect('operations-agent/main');
	for (let asked = 0; asked * size < UNACKNOWLEDGED * 1.5; asked += 1) watch(socket);
	await eventually(
		() => socket.closed,
		(code) => code === TOO_SLOW
	);
	expect(received(socket)).toBeLessThan(UNACKNOWLEDGED + 2 * size);
	watch(other);
	await acknowledgeNext(other);
	await other.close();
});

test('one that stops to acknowledge is held back at once, and closed later', async () => {
	const socket = await signalbox.connect('operations-agent/main');
	watch(socket);
	await acknowledgeNext(socket);
	for (let asked = 0; asked < 20; asked += 1) watch(socket);
	await eventually(
		() => socket.closed,
		(code) => code === TOO_SLOW
	);
	expect(received(socket)).toBeLessThan(HOLD + 4 * size);
});
