import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	compareHistory,
	sameEvent,
	Tail,
	type TailEnd
} from '../../../../../src/lib/agent/monitor/history/tail';
import type { RunEvent } from '../../../../../src/lib/protocol';
import { FakeEngine, plainEvents } from '../../../support/engine';
import { anyHistory, anyRestart } from '../../../support/histories';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

/** A tail at work, and what came of it so far. */
class Followed {
	readonly batches: RunEvent[][] = [];
	caughtUp = 0;
	/** Has the run moved on without this tail? */
	isOutdated = false;
	idleMs = 1000;
	end: TailEnd | Error | null = null;
	readonly tail: Tail;

	constructor(engine: FakeEngine, last: RunEvent | null = null) {
		this.tail = new Tail({
			openHistory: engine.open,
			lastEvent: last,
			recordEvents: (events) => {
				if (this.isOutdated) return false;
				this.batches.push(events);
				return true;
			},
			idleMs: () => this.idleMs,
			onCaughtUp: () => (this.caughtUp += 1)
		});
		void this.tail.run().then(
			(end) => (this.end = end),
			(error: Error) => (this.end = error)
		);
	}

	get ids(): number[] {
		return this.batches.flat().map(({ eventId }) => eventId);
	}
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const range = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a tail', () => {
	it('ends with the first batch that has no place, so that none after it is taken', async () => {
		const engine = new FakeEngine(plainEvents(1, 3));
		const followed = new Followed(engine);
		await pass(100);
		followed.isOutdated = true;
		engine.push(...plainEvents(4, 4));
		await pass(100);
		expect(followed.end).toBe('outdated');
		followed.isOutdated = false;
		engine.push(...plainEvents(5, 5));
		await pass(100);
		expect(followed.ids).toEqual(range(1, 3));
	});

	it('reads a history from its beginning and says once that it caught up', async () => {
		const engine = new FakeEngine(plainEvents(1, 5));
		const followed = new Followed(engine);
		await pass(100);
		expect(engine.cursors).toEqual([0]);
		expect(followed.ids).toEqual(range(1, 5));
		expect(followed.caughtUp).toBe(1);
		expect(followed.end).toBeNull();
	});

	it('hands on in one batch what comes together, and no more than 200', async () => {
		const followed = new Followed(new FakeEngine(plainEvents(1, 450)));
		await pass(100);
		expect(followed.batches.map((batch) => batch.length)).toEqual([200, 200, 50]);
		expect(followed.ids).toEqual(range(1, 450));
	});

	it('goes on live with what comes later', async () => {
		const engine = new FakeEngine(plainEvents(1, 2));
		const followed = new Followed(engine);
		await pass(100);
		engine.push(...plainEvents(3, 2));
		await pass(10);
		engine.push(...plainEvents(5, 1));
		await pass(10);
		expect(followed.batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
		expect(followed.caughtUp).toBe(1);
	});

	it('is done with the end of the run, and has handed on everything before', async () => {
		const engine = new FakeEngine(plainEvents(1, 3));
		engine.end();
		const followed = new Followed(engine);
		await pass(100);
		expect(followed.end).toBe('done');
		expect(followed.ids).toEqual([1, 2, 3]);
		expect(followed.caughtUp).toBe(1);
		expect(engine.disposed).toBe(1);
	});

	it('leaves when nothing has come for as long as it may idle', async () => {
		const engine = new FakeEngine(plainEvents(1, 1));
		const followed = new Followed(engine);
		await pass(900);
		engine.push(...plainEvents(2, 1));
		await pass(900);
		expect(followed.end).toBeNull();
		await pass(200);
		expect(followed.end).toBe('idle');
		expect(followed.ids).toEqual([1, 2]);
		expect(engine.disposed).toBe(1);
	});

	it('asks anew each time how long it may idle', async () => {
		const engine = new FakeEngine(plainEvents(1, 1));
		const followed = new Followed(engine);
		await pass(100);
		followed.idleMs = 10_000;
		engine.push(...plainEvents(2, 1));
		await pass(5000);
		expect(followed.end).toBeNull();
		await pass(6000);
		expect(followed.end).toBe('idle');
	});

	it('catches up with a run that has written nothing yet', async () => {
		const followed = new Followed(new FakeEngine());
		await pass(30);
		expect(followed).toMatchObject({ caughtUp: 1, batches: [], end: null });
	});

	it('ends when it is closed, also while it waits', async () => {
		const engine = new FakeEngine(plainEvents(1, 1));
		const followed = new Followed(engine);
		await pass(100);
		followed.tail.close();
		await pass(0);
		expect(followed.end).toBe('closed');
		expect(engine.disposed).toBe(1);
	});

	it('takes nothing more once it is closed', async () => {
		const engine = new FakeEngine(plainEvents(1, 1));
		const followed = new Followed(engine);
		await pass(100);
		followed.tail.close();
		await pass(0);
		engine.push(...plainEvents(2, 1));
		await pass(100);
		expect(followed.ids).toEqual([1]);
	});

	it('passes over what is no event', async () => {
		const [first, second] = plainEvents(1, 2);
		const followed = new Followed(new FakeEngine([first, 'noise', { eventId: 9 }, null, second]));
		await pass(100);
		expect(followed.ids).toEqual([1, 2]);
	});

	it('fails when the engine does, and lets go of its subscription', async () => {
		const engine = new FakeEngine(plainEvents(1, 1));
		const followed = new Followed(engine);
		await pass(100);
		engine.fail(new Error('the engine is away'));
		await pass(10);
		expect(followed.end).toEqual(new Error('the engine is away'));
		expect(engine.disposed).toBe(1);
	});
});

describe('a tail that takes up again', () => {
	const [third] = plainEvents(3, 1);
	if (!third) throw new Error('there is a third event');

	it('proves by the last event that it has that the history is the same, and goes on after it', async () => {
		const engine = new FakeEngine(plainEvents(1, 5));
		const followed = new Followed(engine, third);
		await pass(100);
		expect(engine.cursors).toEqual([2]);
		expect(followed.ids).toEqual([4, 5]);
	});

	it('has nothing to hand on when nothing came', async () => {
		const engine = new FakeEngine(plainEvents(1, 3));
		engine.end();
		const followed = new Followed(engine, third);
		await pass(100);
		expect(followed).toMatchObject({ end: 'done', batches: [] });
	});

	it('sees that the history was rewritten when another event has that id', async () => {
		for (const changed of [{ timestamp: 9999 }, { type: 'workflow_paused' }, { eventId: 4 }]) {
			const events = [...plainEvents(1, 2), { ...third, ...changed }, ...plainEvents(5, 1)];
			const followed = new Followed(new FakeEngine(events), third);
			await pass(100);
			expect(followed).toMatchObject({ end: 'rewritten', batches: [] });
		}
	});

	it('sees that the history was rewritten when a run that ended is shorter now', async () => {
		const engine = new FakeEngine(plainEvents(1, 2));
		engine.end();
		const followed = new Followed(engine, third);
		await pass(100);
		expect(followed.end).toBe('rewritten');
	});

	it('sees that the history was rewritten when ids go back under it', async () => {
		const engine = new FakeEngine(plainEvents(1, 4));
		const followed = new Followed(engine, third);
		await pass(100);
		engine.push(...plainEvents(5, 1), ...plainEvents(2, 1));
		await pass(100);
		expect(followed.end).toBe('rewritten');
		expect(followed.ids).toEqual([4, 5]);
	});

	it('is unsure when the engine does not give the last event again', async () => {
		const followed = new Followed(new FakeEngine(plainEvents(1, 2)), third);
		await pass(4900);
		expect(followed.end).toBeNull();
		await pass(200);
		expect(followed).toMatchObject({ end: 'unsure', batches: [] });
	});

	it('ends at once when it is closed before the engine gave the last event again', async () => {
		const followed = new Followed(new FakeEngine(plainEvents(1, 2)), third);
		await pass(100);
		followed.tail.close();
		await pass(0);
		expect(followed.end).toBe('closed');
	});

	it('ends with any history where it would have ended without the break', async () => {
		await fc.assert(
			fc.asyncProperty(anyHistory, fc.nat(), async (events, cut) => {
				const stored = events.slice(0, cut % (events.length + 1));
				const engine = new FakeEngine(events);
				engine.end();
				const followed = new Followed(engine, stored.at(-1) ?? null);
				await pass(1000);
				expect(followed.end).toBe('done');
				expect([...stored, ...followed.batches.flat()]).toEqual(events);
			}),
			{ numRuns: 50 }
		);
	});
});

describe('compareHistory', () => {
	async function compared(engine: FakeEngine, stored: readonly RunEvent[]) {
		const found = compareHistory(engine.open, stored);
		await pass(20_000);
		return found;
	}

	it('says the same of a history that has only grown', async () => {
		const engine = new FakeEngine(plainEvents(1, 5));
		expect(await compared(engine, plainEvents(1, 3))).toBe('same');
		expect(await compared(engine, plainEvents(1, 5))).toBe('same');
		expect(await compared(engine, [])).toBe('same');
		expect(engine.cursors).toEqual([0, 0, 0]);
		expect(engine.disposed).toBe(3);
	});

	it('says rewritten when one event differs', async () => {
		const stored = plainEvents(1, 3).with(1, { eventId: 2, timestamp: 7, type: 'workflow_paused' });
		expect(await compared(new FakeEngine(plainEvents(1, 5)), stored)).toBe('rewritten');
	});

	it("says rewritten when the engine's is shorter, ended or at rest", async () => {
		const ended = new FakeEngine(plainEvents(1, 2));
		ended.end();
		expect(await compared(ended, plainEvents(1, 3))).toBe('rewritten');
		expect(await compared(new FakeEngine(plainEvents(1, 2)), plainEvents(1, 3))).toBe('rewritten');
	});

	it('is unsure when the engine gives nothing at all', async () => {
		expect(await compared(new FakeEngine(), plainEvents(1, 3))).toBe('unsure');
	});

	it('tells a restarted run from one that went on, whatever its history', async () => {
		await fc.assert(
			fc.asyncProperty(anyRestart, fc.nat(), async ({ before, after }, cut) => {
				const stored = before.slice(0, 1 + (cut % before.length));
				const same = stored.every((event, index) => {
					const now = after[index];
					return now !== undefined && sameEvent(event, now);
				});
				const engine = new FakeEngine(after);
				expect(await compared(engine, stored)).toBe(same ? 'same' : 'rewritten');
				expect(await compared(new FakeEngine(before), stored)).toBe('same');
			}),
			{ numRuns: 50 }
		);
	});
});
