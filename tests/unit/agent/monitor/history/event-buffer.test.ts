import { beforeEach, describe, expect, it } from 'vitest';
import {
	EventBuffer,
	type BufferedEvents
} from '../../../../../src/lib/agent/monitor/history/event-buffer';

const ref = { workflow: 'REFUND', id: 'a' };
const eventOf = (eventId: number, type = 'step_completed') => ({ eventId, timestamp: 1, type });

describe('events that wait to be stored', () => {
	let buffer: EventBuffer;
	let stored: BufferedEvents[];
	const add = (events: ReturnType<typeof eventOf>[], generation = 1) =>
		buffer.addEvents({ ref, generation, events });
	const idsOf = () => stored.map(({ events }) => events.map(({ eventId }) => eventId));

	beforeEach(() => {
		stored = [];
		buffer = new EventBuffer();
		buffer.setStore((buffered) => stored.push(buffered));
	});

	it('are stored together, in order, once', () => {
		expect(add([eventOf(1), eventOf(2)])).toBe(true);
		expect(add([eventOf(3)])).toBe(true);
		expect(stored).toEqual([]);
		buffer.flushRun(ref);
		buffer.flushAll();
		expect(idsOf()).toEqual([[1, 2, 3]]);
	});

	it('are there once, although two readers bring them', () => {
		add([eventOf(1), eventOf(2)]);
		add([eventOf(1), eventOf(2), eventOf(3)]);
		buffer.flushAll();
		expect(idsOf()).toEqual([[1, 2, 3]]);
	});

	it.each([
		'wait_started',
		'workflow_completed',
		'workflow_paused',
		'rollback_started',
		'unreadable'
	])('do not wait when there is a %s among them', (type) => {
		expect(add([eventOf(1)])).toBe(true);
		expect(add([eventOf(2, type)])).toBe(false);
	});

	it('of the former generation are stored before those of the next', () => {
		add([eventOf(5)]);
		add([eventOf(1)], 2);
		buffer.flushAll();
		expect(stored.map(({ generation }) => generation)).toEqual([1, 2]);
	});

	it('do not gather without an end', () => {
		const events = Array.from({ length: 500 }, (_, at) => eventOf(at + 1));
		expect(add(events)).toBe(false);
	});

	it('of a deleted run are forgotten', () => {
		add([eventOf(1)]);
		buffer.discardRun(ref);
		buffer.flushAll();
		expect(stored).toEqual([]);
	});
});
