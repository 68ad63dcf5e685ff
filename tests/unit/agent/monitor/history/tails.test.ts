import { afterEach, describe, expect, it, vi } from 'vitest';
import { Engine } from '../../../../../src/lib/agent/monitor/history/engine';
import { OpenTails } from '../../../../../src/lib/agent/monitor/history/open-tails';
import type { StoredRun } from '../../../../../src/lib/agent/monitor/store/run-store';
import {
	MAX_TAILS,
	Tails,
	type TailsParts
} from '../../../../../src/lib/agent/monitor/history/tails';
import { EMPTY_HISTORY, runKey, type RunEvent, type RunRef } from '../../../../../src/lib/protocol';

/** An engine whose instances have one event each and then say nothing more. */
class QuietEngine extends Engine {
	open = 0;
	most = 0;
	opened = new Set<string>();

	constructor() {
		super({});
	}

	override subscribe(ref: RunRef) {
		this.open += 1;
		this.most = Math.max(this.most, this.open);
		this.opened.add(runKey(ref));
		const event = { eventId: 1, timestamp: 1, type: 'workflow_queued' };
		const reads = [Promise.resolve({ done: false, events: [event] })];
		return Promise.resolve({
			next: () => reads.pop() ?? new Promise<never>(() => undefined),
			[Symbol.dispose]: () => {
				this.open -= 1;
			}
		});
	}
}

function storeOf(refs: RunRef[]) {
	const reads: (number | null)[] = [];
	const stored = (ref: RunRef): StoredRun => ({
		facts: { ref, generation: 1, lost: false, createdAt: 0 } as StoredRun['facts'], // all that is read
		history: { ...EMPTY_HISTORY, phase: 'running' },
		version: 1,
		exact: true,
		nextReadAt: null,
		idleReads: 0
	});
	const runs: TailsParts['runs'] = {
		findRun: stored,
		peekRun: stored,
		events: { eventsOf: () => [] }
	};
	const readPlan: TailsParts['readPlan'] = {
		runsDueForRead: () => refs,
		markTailOpen: () => undefined,
		planNextRead: (_ref, at) => reads.push(at)
	};
	return { runs, readPlan, reads };
}

describe('the tails of one Agent', () => {
	it('stay bounded with a thousand active runs, and reach every one of them', async () => {
		const refs = Array.from({ length: 1_000 }, (_, n) => ({ workflow: 'REFUND', id: `r${n}` }));
		const engine = new QuietEngine();
		const { runs, readPlan, reads } = storeOf(refs);
		const taken = new Map<string, RunEvent[]>();
		const work: Promise<unknown>[] = [];
		const tails = new Tails({
			engine,
			runs,
			readPlan,
			openTails: new OpenTails(),
			ctx: { waitUntil: (promise) => work.push(promise) },
			recorder: {
				recordEvents: (ref, events) => Boolean(taken.set(runKey(ref), events)),
				recordStatus: () => undefined,
				startNextGeneration: () => undefined,
				recordLostRun: () => undefined,
				recordMissingBinding: () => undefined,
				recordFoundBinding: () => undefined
			},
			localEngine: { wakeStalledRun: async () => false },
			alarmPlan: { updateAlarm: () => undefined }
		});

		for (const ref of refs) tails.attachRun(ref);
		expect(tails.size).toBe(MAX_TAILS);
		// The last of them have no one waiting behind them: they stay attached, idle.
		while (taken.size < refs.length) await new Promise((resolve) => setTimeout(resolve, 20));

		expect(engine.most).toBe(MAX_TAILS);
		expect(engine.opened.size).toBe(1_000);
		// Each one that made room has its next read planned.
		expect(reads.length).toBeGreaterThanOrEqual(1_000 - MAX_TAILS);
		expect(reads.every((at) => at !== null && at > Date.now())).toBe(true);
		for (const ref of refs) await tails.closeTail(ref);
		await Promise.all(work);
		expect(engine.open).toBe(0);
	});
});

describe('a history that cannot be read to its end', () => {
	afterEach(() => {
		vi.useRealTimers();
	});
	const ref = { workflow: 'REFUND', id: 'r1' };
	const answer = { status: 'complete', output: { rows: 3 } };

	function tailsOf(subscribe: TailsParts['engine']['subscribe']) {
		const recordStatus = vi.fn<TailsParts['recorder']['recordStatus']>();
		const tails = new Tails({
			engine: { subscribe, getStatus: async () => answer },
			...storeOf([ref]),
			openTails: new OpenTails(),
			ctx: { waitUntil: () => undefined },
			recorder: {
				recordEvents: () => true,
				recordStatus,
				startNextGeneration: () => undefined,
				recordLostRun: () => undefined,
				recordMissingBinding: () => undefined,
				recordFoundBinding: () => undefined
			},
			localEngine: { wakeStalledRun: async () => false },
			alarmPlan: { updateAlarm: () => undefined }
		});
		return { tails, recordStatus };
	}

	it('is decided by the status once it has failed for a while', async () => {
		vi.useFakeTimers();
		const { tails, recordStatus } = tailsOf(async () => {
			throw new Error('DataCloneError');
		});
		const read = async () => {
			const caughtUp = tails.catchUpRun(ref);
			await vi.advanceTimersByTimeAsync(10);
			await caughtUp;
		};
		await read();
		expect(recordStatus).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(10_000);
		await read();
		expect(recordStatus).toHaveBeenCalledWith(ref, answer);
	});

	it('is decided by the status when the engine has ended and the history does not say so', async () => {
		const { tails, recordStatus } = tailsOf(async () => ({
			next: async () => ({ events: [], done: true })
		}));
		await tails.catchUpRun(ref);
		expect(recordStatus).toHaveBeenCalledWith(ref, answer);
	});
});
