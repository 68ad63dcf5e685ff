import { afterEach, describe, expect, it, vi } from 'vitest';
import {
	LocalEngine,
	yieldLocalThread
} from '../../../../../src/lib/agent/monitor/history/local-engine';
import { EMPTY_HISTORY, type RunHistory } from '../../../../../src/lib/protocol';

const REF = { workflow: 'REFUND', id: 'r1' };
const OVERSLEPT: RunHistory = {
	...EMPTY_HISTORY,
	phase: 'running',
	sleeps: [{ name: 'nap-1', since: 0, dueAt: 1 }]
};

afterEach(() => {
	vi.unstubAllGlobals();
});

/** The workarounds of an Agent with one active run, and the events that they send. */
function localEngine(env: object, engineStatus = 'running') {
	const sent: unknown[] = [];
	const stored = new Map<string, unknown>();
	const engine = new LocalEngine({
		env,
		storage: {
			// Only these two methods are used.
			kv: {
				get: (key: string) => stored.get(key),
				put: (key: string, value: unknown) => void stored.set(key, value)
			} as SyncKvStorage
		},
		engine: {
			sendEvent: async (_ref, event) => void sent.push(event),
			getStatus: async () => ({ status: engineStatus })
		},
		runs: { activeRuns: () => [REF] }
	});
	return { engine, sent };
}

describe('a callback of a workflow', () => {
	it.each([
		[{ AUTH: 'local' }, 1],
		[{}, 0],
		[{ AUTH: 'access' }, 0]
	])('waits only under wrangler dev: %o', async (env, waits) => {
		const wait = vi.fn(async () => undefined);
		vi.stubGlobal('scheduler', { wait });
		await yieldLocalThread(env);
		expect(wait).toHaveBeenCalledTimes(waits);
	});
});

describe('the workarounds for the local engine', () => {
	it('do nothing in production', async () => {
		const { engine, sent } = localEngine({});
		expect(await engine.wakeRunsAfterRestart()).toEqual([]);
		expect(await engine.wakeStalledRun(REF, OVERSLEPT)).toBe(false);
		expect(sent).toEqual([]);
	});

	it('wake the active runs once after a restart', async () => {
		const { engine, sent } = localEngine({ AUTH: 'local' });
		expect(await engine.wakeRunsAfterRestart()).toEqual([REF]);
		expect(await engine.wakeRunsAfterRestart()).toEqual([]);
		expect(sent).toEqual([{ type: 'signalbox-nudge', payload: null }]);
	});

	it('wake a run that overslept, or was resumed too early, and no other', async () => {
		const local = { AUTH: 'local' };
		const paused: RunHistory = { ...EMPTY_HISTORY, phase: 'paused' };
		expect(await localEngine(local).engine.wakeStalledRun(REF, OVERSLEPT)).toBe(true);
		expect(await localEngine(local, 'queued').engine.wakeStalledRun(REF, paused)).toBe(true);
		expect(await localEngine(local, 'paused').engine.wakeStalledRun(REF, paused)).toBe(false);
	});
});
