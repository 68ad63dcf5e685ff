import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/lib/client/socket/connection.svelte';
import { HEARTBEAT } from '../../../../src/lib/protocol';
import { FakeServer } from '../../support/fake-server';

const AT = Date.UTC(2026, 10, 27);

/** A connection to a server that answers heartbeats and whatever else a test says. */
function connected() {
	const server = new FakeServer();
	const line = { isDead: false };
	const asked = { heartbeats: 0 };
	server.onFrame = (socket, text) => {
		if (line.isDead || text !== HEARTBEAT.ask) return;
		asked.heartbeats += 1;
		queueMicrotask(() => socket.deliver(HEARTBEAT.answer));
	};
	const connection = new Connection({
		host: 'signalbox.test',
		secure: true,
		workspace: 'main',
		WebSocket: server.WebSocket
	});
	return { connection, server, line, asked };
}

beforeEach(() => void vi.useFakeTimers({ now: AT }));
afterEach(() => void vi.useRealTimers());

describe('the connection mark', () => {
	it.each([-3_600_000, 3_600_000])(
		'says that a dead line is not live when the wall clock moves by %i ms',
		async (by) => {
			const { connection, line } = connected();
			await vi.advanceTimersByTimeAsync(3_000);
			expect(connection.status).toBe('live');
			line.isDead = true;
			vi.setSystemTime(Date.now() + by);
			await vi.advanceTimersByTimeAsync(4_000);
			await vi.advanceTimersByTimeAsync(4_000);
			expect(connection.status).toBe('reconnecting');
			await vi.advanceTimersByTimeAsync(20_000);
			expect(connection.status).toBe('stale');
			connection.dispose();
		}
	);

	it.each([-3_600_000, 3_600_000])(
		'stays live on a good line when the wall clock moves by %i ms',
		async (by) => {
			const { connection, server, asked } = connected();
			await vi.advanceTimersByTimeAsync(3_000);
			vi.setSystemTime(Date.now() + by);
			const before = asked.heartbeats;
			for (let second = 0; second < 30; second += 1) {
				await vi.advanceTimersByTimeAsync(1_000);
				expect(connection.status).toBe('live');
			}
			expect(asked.heartbeats).toBeGreaterThan(before + 10);
			expect(server.sockets).toHaveLength(1);
			connection.dispose();
		}
	);
});
