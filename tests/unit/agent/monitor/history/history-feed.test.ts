import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
	RenewedFeed,
	type HistorySource
} from '../../../../../src/lib/agent/monitor/history/history-feed';
import {
	HistoryReading,
	type HistoryRead
} from '../../../../../src/lib/agent/monitor/history/history-reading';
import { plainEvents } from '../../../support/engine';

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const REF = { workflow: 'REFUND', id: 'r1' };
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const idsOf = ({ events }: HistoryRead) => events.map((event) => Object(event)['eventId']);

/** An instance whose present life can be ended, as a restart does, and its history rewritten. */
class Instance implements HistorySource {
	events: unknown[] = [];
	hasEnded = false;
	/** The ids of events at which each read fails. */
	readonly unreadable = new Set<number>();
	/** Where each reading began. */
	readonly opened: number[] = [];
	disposed = 0;
	#life = Promise.withResolvers<never>();
	#changed = Promise.withResolvers<null>();

	async open(_workflow: string, _id: string, after: number): Promise<HistoryReading> {
		this.opened.push(after);
		const life = this.#life.promise;
		life.catch(() => undefined);
		let cursor = after;
		return new HistoryReading({
			next: async () => {
				for (;;) {
					const value = this.events.find((event) => Object(event)['eventId'] > cursor);
					if (value !== undefined) {
						cursor = Object(value)['eventId'] as number;
						if (this.unreadable.has(cursor)) throw new Error(`event ${cursor} cannot be read`);
						return { done: false, value };
					}
					if (this.hasEnded) return { done: true, value: undefined };
					await Promise.race([life, this.#changed.promise]);
				}
			},
			[Symbol.dispose]: () => {
				this.disposed += 1;
			}
		});
	}

	add(...events: unknown[]): void {
		this.events.push(...events);
		this.#changed.resolve(null);
		this.#changed = Promise.withResolvers<null>();
	}

	/** Breaks off every reading that is open. */
	breakOff(): void {
		this.#life.reject(new Error('the engine ended this life'));
		this.#life = Promise.withResolvers<never>();
	}
}

/** A feed that has read what there is. */
async function opened(instance: Instance, after: number): Promise<RenewedFeed> {
	const opening = RenewedFeed.open(instance, REF, after);
	await pass(15);
	return opening;
}

/** A feed that stands after the third of three events. */
async function atThree(): Promise<{ instance: Instance; feed: RenewedFeed }> {
	const instance = new Instance();
	instance.add(...plainEvents(1, 3));
	const feed = await opened(instance, 0);
	await feed.next();
	return { instance, feed };
}

describe('a feed of renewed readings', () => {
	it('hands on what there is and then what comes, by one reading', async () => {
		const instance = new Instance();
		instance.add(...plainEvents(1, 3));
		const feed = await opened(instance, 1);
		const first = feed.next();
		await pass(10);
		expect(idsOf(await first)).toEqual([2, 3]);
		const second = feed.next();
		await pass(1000);
		instance.add(...plainEvents(4, 2));
		await pass(10);
		expect(idsOf(await second)).toEqual([4, 5]);
		expect(instance.opened).toEqual([1]);
	});

	it('has what there is at hand when it is opened, however slow reads are after that', async () => {
		const instance = new Instance();
		instance.add(...plainEvents(1, 3));
		const feed = await opened(instance, 0);
		instance.breakOff();
		// No time passes, as it does when something is asked of the engine.
		expect(idsOf(await feed.next())).toEqual([1, 2, 3]);
	});

	it('begins another reading when nothing came for a while, one event early', async () => {
		const { instance, feed } = await atThree();
		const second = feed.next();
		await pass(12_000);
		instance.add(...plainEvents(4, 1));
		await pass(10);
		expect(idsOf(await second)).toEqual([4]);
		expect(instance.opened).toEqual([0, 2, 2]);
		expect(instance.disposed).toBe(2);
	});

	it('goes on where it was when a reading breaks off', async () => {
		const { instance, feed } = await atThree();
		const second = feed.next();
		instance.breakOff();
		await pass(10);
		instance.add(...plainEvents(4, 1));
		await pass(10);
		expect(idsOf(await second)).toEqual([4]);
	});

	it('hands on the first event of another history, whose id tells', async () => {
		const { instance, feed } = await atThree();
		const second = feed.next();
		instance.events = plainEvents(1, 4).map((event) => ({ ...event, timestamp: 77 }));
		instance.breakOff();
		await pass(10);
		expect(idsOf(await second)).toEqual([3, 4]);
	});

	it('is done when the event that it knows is there no more', async () => {
		const { instance, feed } = await atThree();
		const second = feed.next();
		instance.events = plainEvents(1, 1);
		instance.breakOff();
		await pass(6000);
		expect(await second).toEqual({ events: [], done: true });
	});

	it('skips an event that cannot be read, visibly, and loses nothing else', async () => {
		const { instance, feed } = await atThree();
		instance.unreadable.add(4);
		instance.add(...plainEvents(4, 3));
		const second = feed.next();
		await pass(2000);
		const read = await second;
		expect(idsOf(read)).toEqual([4, 5, 6]);
		expect(read.events[0]).toMatchObject({
			type: 'unreadable',
			timestamp: 1003,
			error: { message: 'event 4 cannot be read' }
		});
	});

	it('is done when the last event of an ended run cannot be read', async () => {
		const { instance, feed } = await atThree();
		instance.unreadable.add(4);
		instance.hasEnded = true;
		instance.add(...plainEvents(4, 1));
		const second = feed.next();
		await pass(2000);
		const read = await second;
		expect(read).toMatchObject({ events: [{ eventId: 4, type: 'unreadable' }], done: true });
	});

	it('fails after a bounded number of events that cannot be read', async () => {
		const { instance, feed } = await atThree();
		for (let id = 4; id < 40; id += 1) instance.unreadable.add(id);
		instance.add(...plainEvents(4, 36));
		const second = feed.next();
		second.catch(() => undefined);
		await pass(10_000);
		await expect(second).rejects.toThrow('event 4 cannot be read');
		expect(instance.opened.length).toBeLessThan(12);
	});

	it('fails when it breaks off before it has found anything', async () => {
		const instance = new Instance();
		const feed = await opened(instance, 0);
		const first = feed.next();
		first.catch(() => undefined);
		await pass(10);
		instance.breakOff();
		await expect(first).rejects.toThrow('the engine ended this life');
	});

	it('lets go of what it opened when that broke off before it could be read', async () => {
		const instance = new Instance();
		const opening = RenewedFeed.open(instance, REF, 0);
		opening.catch(() => undefined);
		await pass(5);
		instance.breakOff();
		await expect(opening).rejects.toThrow('the engine ended this life');
		expect(instance.disposed).toBe(1);
	});

	it('reads nothing once it is closed, and lets go of what it had open', async () => {
		const instance = new Instance();
		const feed = await opened(instance, 0);
		feed[Symbol.dispose]();
		expect(await feed.next()).toEqual({ events: [], done: true });
		expect(instance.disposed).toBe(1);
	});
});

describe('a reading', () => {
	it('loses no event that came after a read had given up waiting', async () => {
		const instance = new Instance();
		const reading = await instance.open('', '', 0);
		const first = reading.read(100);
		await pass(100);
		expect(await first).toEqual({ events: [], done: false });
		instance.add(...plainEvents(1, 2));
		await pass(10);
		const second = reading.read(100);
		await pass(10);
		expect(idsOf(await second)).toEqual([1, 2]);
	});

	it('ends a read of much, and goes on with the next', async () => {
		const instance = new Instance();
		instance.add(...plainEvents(1, 250));
		instance.hasEnded = true;
		const reading = await instance.open('', '', 0);
		expect(await reading.read(100)).toMatchObject({ events: { length: 200 }, done: false });
		expect(await reading.read(100)).toMatchObject({ events: { length: 50 }, done: true });
		instance.events = [{ eventId: 1, output: 'x'.repeat(5_000_000) }, { eventId: 2 }];
		const heavy = await instance.open('', '', 0);
		expect(await heavy.read(100)).toMatchObject({ events: { length: 1 }, done: false });
	});
});
