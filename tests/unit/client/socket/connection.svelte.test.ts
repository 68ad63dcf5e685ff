import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Connection } from '../../../../src/lib/client/socket/connection.svelte';
import {
	HEARTBEAT,
	problem,
	SESSION_ENDED_CODE,
	SIGNALBOX_VERSION,
	type Change,
	type Problem
} from '../../../../src/lib/protocol';
import { FakeServer } from '../../support/fake-server';

const AT = Date.UTC(2026, 10, 27);

const ACTIVITY = { kind: 'activity', minutes: [] } as const;

function answerTo(watch: string) {
	return { type: 'change', watch, at: AT, change: ACTIVITY };
}

/** A connection to a server that answers heartbeats and whatever else a test says. */
function connected() {
	const server = new FakeServer();
	const line = { isDead: false, isAgentSilent: false, version: SIGNALBOX_VERSION };
	const session: { refusal: Problem | null } = { refusal: null };
	const asked = { heartbeats: 0 };
	server.onFrame = (socket, text) => {
		if (line.isDead) return;
		if (text === HEARTBEAT.ask) {
			asked.heartbeats += 1;
			queueMicrotask(() => socket.deliver(HEARTBEAT.answer));
			return;
		}
		const { type, watch } = JSON.parse(text) as { type: string; watch: string };
		if (type === 'hello' && !line.isAgentSilent) {
			queueMicrotask(() => socket.deliver({ type, at: AT, version: line.version }));
		}
		if (type !== 'watch' || line.isAgentSilent) return;
		queueMicrotask(() => socket.deliver(answerTo(watch)));
	};
	server.onOpen = (socket) => {
		if (!line.isDead && !line.isAgentSilent) socket.deliver({ type: 'cf_agent_mcp_servers' });
	};
	const connection = new Connection({
		host: 'signalbox.test',
		secure: true,
		workspace: 'main',
		WebSocket: server.WebSocket,
		findRefusal: () => Promise.resolve(session.refusal)
	});
	return { connection, server, line, asked, session };
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
			await vi.advanceTimersByTimeAsync(8_000);
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

	it('is not live on a new socket until each subscription has been answered on it', async () => {
		const { connection, server, line } = connected();
		const got: string[] = [];
		connection.subscribe({ kind: 'activity' }, () => got.push('first'));
		connection.subscribe({ kind: 'activity' }, () => got.push('second'));
		await vi.advanceTimersByTimeAsync(3_000);
		expect([connection.status, ...got]).toEqual(['live', 'first', 'second']);
		line.isAgentSilent = true;
		server.last.close(1012);
		await vi.advanceTimersByTimeAsync(10_000);
		server.last.deliver(answerTo('w1'));
		await vi.advanceTimersByTimeAsync(1_000);
		expect(server.sockets).toHaveLength(2);
		expect(connection.status).toBe('stale');
		server.last.deliver(answerTo('w2'));
		expect(connection.status).toBe('live');
		connection.dispose();
	});

	it('is lost three seconds after the socket closed, and the clock stands still until it is back', async () => {
		const { connection, server, line } = connected();
		await vi.advanceTimersByTimeAsync(5_000);
		line.isAgentSilent = true;
		server.last.close(1012);
		await vi.advanceTimersByTimeAsync(2_500);
		expect([connection.status, connection.lost]).toEqual(['reconnecting', false]);
		await vi.advanceTimersByTimeAsync(1_000);
		expect([connection.status, connection.lost]).toEqual(['stale', true]);
		const stood = connection.clock.read();
		expect(stood).toBe(connection.since);
		await vi.advanceTimersByTimeAsync(60_000);
		expect(connection.clock.read()).toBe(stood);
		line.isAgentSilent = false;
		connection.reconnect();
		await vi.advanceTimersByTimeAsync(1_000);
		expect(connection.lost).toBe(false);
		expect(connection.clock.read()).not.toBe(stood);
		connection.dispose();
	});

	it('opens a new socket when an answer to a subscription was lost on an open one', async () => {
		const { connection, server, line } = connected();
		connection.subscribe({ kind: 'activity' }, () => undefined);
		await vi.advanceTimersByTimeAsync(3_000);
		line.isAgentSilent = true;
		server.last.close(1012);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(server.sockets).toHaveLength(2);
		line.isAgentSilent = false;
		await vi.advanceTimersByTimeAsync(20_000);
		expect(server.sockets).toHaveLength(3);
		expect(connection.status).toBe('live');
		connection.dispose();
	});

	it('is not live while only heartbeats are answered, which the runtime does without the Agent', async () => {
		const { connection, server, line } = connected();
		line.isAgentSilent = true;
		await vi.advanceTimersByTimeAsync(4_000);
		expect(connection.status).toBe('connecting');
		await vi.advanceTimersByTimeAsync(20_000);
		expect(connection.status).toBe('stale');
		server.last.deliver({ type: 'cf_agent_mcp_servers' });
		expect(connection.status).toBe('live');
		connection.dispose();
	});

	it('stays live while a new subscription is answered, and not when no answer comes', async () => {
		const { connection, line } = connected();
		await vi.advanceTimersByTimeAsync(3_000);
		line.isAgentSilent = true;
		const end = connection.subscribe({ kind: 'activity' }, () => undefined);
		await vi.advanceTimersByTimeAsync(5_000);
		expect(connection.status).toBe('live');
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.status).toBe('stale');
		end();
		await vi.advanceTimersByTimeAsync(2_000);
		expect(connection.status).toBe('live');
		connection.dispose();
	});
});

describe('what the server sends', () => {
	beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined));
	afterEach(() => void vi.restoreAllMocks());

	it.each(['null', '3', '"text"', '[]', '{}', '{"type":null}', '{"type":"weather"}', '{', ''])(
		'may be an odd frame such as %s',
		async (text) => {
			const { connection, server } = connected();
			await vi.advanceTimersByTimeAsync(3_000);
			server.last.deliver(text);
			expect(connection.unreadable).toBe(1);
			expect(connection.status).toBe('live');
			connection.dispose();
		}
	);

	it('reaches the subscription, also as a change that cannot be read', async () => {
		const { connection, server } = connected();
		const got: Change[] = [];
		connection.subscribe({ kind: 'activity' }, (change) => got.push(change));
		await vi.advanceTimersByTimeAsync(3_000);
		const change = { kind: 'weather', clouds: 3 };
		server.last.deliver({ type: 'change', watch: 'w1', at: AT, change });
		expect(got).toMatchObject([ACTIVITY, { kind: 'refused', problem: { status: 500 } }]);
		expect(connection.unreadable).toBe(1);
		connection.dispose();
	});

	it('says whether this page is of another version', async () => {
		const { connection, server, line } = connected();
		await vi.advanceTimersByTimeAsync(3_000);
		expect(connection.outdated).toBe(false);
		line.version = '99.0.0';
		server.last.close(1012);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.outdated).toBe(true);
		connection.dispose();
	});
});

describe('a read whose answer was lost', () => {
	it('is asked for again once there is a connection', async () => {
		const { connection, server } = connected();
		await vi.advanceTimersByTimeAsync(3_000);
		const around = connection.call({ type: 'run.around', workflow: 'REFUND', id: 'r1' });
		await vi.advanceTimersByTimeAsync(1_000);
		server.last.close(1012);
		await vi.advanceTimersByTimeAsync(10);
		expect(await around).toMatchObject({ ok: false, problem: { status: 503 } });
		expect(connection.readRound).toBe(0);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.readRound).toBe(1);
		server.last.close(1012);
		await vi.advanceTimersByTimeAsync(10_000);
		expect(connection.readRound).toBe(1);
		connection.dispose();
	});

	it('is asked for again, too, when it could not be sent', async () => {
		const { connection, server } = connected();
		await vi.advanceTimersByTimeAsync(3_000);
		const open = server.accept;
		server.accept = () => undefined;
		server.last.close(1012);
		const around = connection.call({ type: 'run.around', workflow: 'REFUND', id: 'r1' });
		await vi.advanceTimersByTimeAsync(6_000);
		expect(await around).toMatchObject({ ok: false });
		server.accept = open;
		await vi.advanceTimersByTimeAsync(20_000);
		expect(connection.readRound).toBe(1);
		connection.dispose();
	});
});

describe('a session that ended', () => {
	it('is renewed when the server still knows the person', async () => {
		const { connection, server } = connected();
		await vi.advanceTimersByTimeAsync(3_000);
		const ended = server.last;
		ended.close(SESSION_ENDED_CODE);
		await vi.advanceTimersByTimeAsync(3_000);
		expect(server.last).not.toBe(ended);
		expect(connection.status).toBe('live');
		connection.dispose();
	});

	it('says why the server lets this person in no more', async () => {
		const { connection, server, session } = connected();
		await vi.advanceTimersByTimeAsync(3_000);
		session.refusal = problem('unauthenticated', 'The session has ended.');
		server.last.close(SESSION_ENDED_CODE);
		await vi.advanceTimersByTimeAsync(3_000);
		expect([connection.status, connection.refused]).toEqual(['refused', 'The session has ended.']);
		connection.dispose();
	});
});

describe('a push that asks to be acknowledged', () => {
	it('is acknowledged once the page has taken it', async () => {
		const { connection, server } = connected();
		const sent: string[] = [];
		const { onFrame } = server;
		server.onFrame = (socket, text) => {
			sent.push(text);
			onFrame(socket, text);
		};
		const taken: Change[] = [];
		connection.subscribe({ kind: 'activity' }, (change) => {
			expect(sent.filter((text) => text.includes('word'))).toEqual([]);
			taken.push(change);
		});
		await vi.advanceTimersByTimeAsync(3_000);
		server.last.deliver({ ...answerTo('w1'), ack: 'word' });
		expect(taken).toHaveLength(2);
		expect(sent.filter((text) => text.includes('word'))).toEqual(['{"type":"ack","ack":"word"}']);
		connection.dispose();
	});
});
