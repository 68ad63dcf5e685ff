import { describe, expect, it } from 'vitest';
import { countKinds, isFailure } from '../../../../src/lib/components/history/event-kind';
import { eventTime } from '../../../../src/lib/components/history/event-time';
import { eventFields, eventLine } from '../../../../src/lib/components/history/event-text';
import { FoundEvents, type EventFilter } from '../../../../src/lib/components/history/found-events';
import type { RunEvent } from '../../../../src/lib/protocol';

const ALL: EventFilter = { kinds: [], failures: false, text: '' };
const events: RunEvent[] = [
	{ eventId: 1, timestamp: 1_000, type: 'workflow_started' },
	{ eventId: 2, timestamp: 1_500, type: 'step_started', stepName: 'charge-1' },
	{
		...{ eventId: 3, timestamp: 3_500, type: 'attempt_errored', stepName: 'charge-1', attempt: 1 },
		error: { name: 'Error', message: 'Card DECLINED' }
	},
	{ eventId: 4, timestamp: 3_600, type: 'wait_timed_out', stepName: 'gate-1' },
	{ eventId: 5, timestamp: 3_700, type: 'teleport_begun', stepName: 'beam-1' }
];
const ids = (found: readonly RunEvent[]) => found.map(({ eventId }) => eventId);

describe('events', () => {
	it('are found by kind, failure and text together', () => {
		const found = (filter: Partial<EventFilter>) =>
			ids(new FoundEvents().of(events, { ...ALL, ...filter }));
		expect(found({ kinds: ['attempt', 'other'] })).toEqual([3, 5]);
		expect(found({ failures: true })).toEqual([3, 4]);
		expect(found({ text: 'card declined' })).toEqual([3]);
		expect(found({ text: 'step started' })).toEqual([2]);
		expect(found({ text: 'charge', failures: true })).toEqual([3]);
	});

	it('are the very same list when nothing is asked', () => {
		expect(new FoundEvents().of(events, ALL)).toBe(events);
	});

	it('of a history that grows are found as if it were looked through afresh', () => {
		const filter: EventFilter = { ...ALL, text: 'charge' };
		const finding = new FoundEvents();
		expect(ids(finding.of(events.slice(0, 2), filter))).toEqual([2]);
		const grown = finding.of(events, filter);
		expect(ids(grown)).toEqual([2, 3]);
		expect(finding.of(events, filter)).toBe(grown);
		const restarted = events.map((event) => ({ ...event, stepName: 'charge-2' }));
		expect(ids(finding.of(restarted, filter))).toEqual([1, 2, 3, 4, 5]);
		expect(ids(finding.of(restarted, { ...ALL, failures: true }))).toEqual([3, 4]);
	});

	it('are counted by kind, those of a later engine as other', () => {
		expect(Object.fromEntries(countKinds(events))).toEqual({
			workflow: 1,
			step: 1,
			attempt: 1,
			wait: 1,
			other: 1
		});
		expect(events.filter(isFailure)).toHaveLength(2);
	});
});

describe('the time of an event', () => {
	const [, second, third] = events;
	if (!second || !third) throw new Error('no events');

	it('is counted from the start or from the one above, back too when the clock went back', () => {
		const by = { zero: 1_000, before: second, now: 0 };
		expect(eventTime(third, 'start', by)).toBe('+2.5 s');
		expect(eventTime(third, 'before', by)).toBe('+2.0 s');
		expect(eventTime(second, 'before', { ...by, before: third })).toBe('−2.0 s');
		expect(eventTime(second, 'before', { ...by, before: undefined })).toBe('+0 ms');
	});
});

it('what an event says is cut where it is long', () => {
	const long = { ...events[0], output: 'x'.repeat(1_000_000) } as RunEvent;
	expect(eventFields(long).length).toBeLessThan(500);
	expect(eventLine(long).length).toBeLessThan(500);
	expect(eventFields({ eventId: 1, timestamp: 1, type: 'x', a: 1, b: { c: [2] } })).toBe(
		'a: 1 · b: {"c":[2]}'
	);
});
