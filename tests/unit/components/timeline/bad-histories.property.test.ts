// Histories that make no sense: whatever comes, it is drawn, and what is drawn has its place.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventTime } from '../../../../src/lib/components/history/event-time';
import {
	eventDetail,
	eventFields,
	eventLine,
	eventTypeText,
	eventTone
} from '../../../../src/lib/components/history/event-text';
import { FoundEvents } from '../../../../src/lib/components/history/found-events';
import { barsOf, pauseBands } from '../../../../src/lib/components/timeline/model/bars';
import { groupTimes, notable } from '../../../../src/lib/components/timeline/model/group-facts';
import { groupLook, groupLabel } from '../../../../src/lib/components/timeline/rows/group-look';
import { gatherGroups, GrowingGroups } from '../../../../src/lib/components/timeline/model/groups';
import { idlePeriods } from '../../../../src/lib/components/timeline/model/idle';
import { lensOf, rangeOf, zoomed } from '../../../../src/lib/components/timeline/model/lens';
import { mapLines } from '../../../../src/lib/components/timeline/model/minimap';
import { lookOfRow, rowLabel, tookOf } from '../../../../src/lib/components/timeline/rows/row-look';
import { WHOLE, type Span } from '../../../../src/lib/components/timeline/model/scale';
import { configFacts } from '../../../../src/lib/components/timeline/model/step-facts';
import { strips } from '../../../../src/lib/components/timeline/model/strips';
import { spanOf, ticks } from '../../../../src/lib/components/timeline/model/ticks';
import {
	formatClock,
	formatExactly,
	formatRelative
} from '../../../../src/lib/components/ui/time-format';
import {
	buildTimeline,
	cutShort,
	EMPTY_HISTORY,
	fold,
	runEventSchema,
	TimelineBuilder,
	toRun,
	type RunEvent,
	type Timeline
} from '../../../../src/lib/protocol';

const TYPES = [
	...['workflow_queued', 'workflow_started', 'workflow_paused', 'workflow_running'],
	...['workflow_completed', 'workflow_errored', 'workflow_terminated', 'workflow_waiting'],
	...['step_started', 'step_completed', 'step_errored', 'sleep_started', 'sleep_completed'],
	...['attempt_started', 'attempt_completed', 'attempt_errored', 'wait_started'],
	...['wait_completed', 'wait_timed_out', 'rollback_started', 'rollback_step_started'],
	...['rollback_attempt_errored', 'rollback_step_completed', 'teleport_begun', '', '__proto__']
];

/** A name as people, machines and attackers write them. */
const name = fc.oneof(
	fc.constantFrom('a-1', 'a-2', 'process-7', '__agent_x_0-1', '', '-', '-1', 'constructor'),
	fc.constantFrom('<img src=x onerror=alert(1)>-1', 'שלום עולם-1', '👩‍👩‍👧-3', '\u202Eevil-1', '\0'),
	fc.string({ unit: 'grapheme', maxLength: 30 }),
	fc.string({ minLength: 2_000, maxLength: 2_000 })
);
const time = fc.oneof(
	fc.integer({ min: 1_700_000_000_000, max: 1_700_000_600_000 }),
	fc.integer({ min: 0, max: 10 }),
	fc.constantFrom(8_640_000_000_000_001, Number.MAX_SAFE_INTEGER)
);
const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));

const garbage: fc.Arbitrary<RunEvent> = fc
	.record(
		{
			eventId: fc.integer({ min: 0, max: 200 }),
			timestamp: time,
			type: fc.oneof(fc.constantFrom(...TYPES), fc.string()),
			stepName: fc.oneof({ arbitrary: name, weight: 8 }, { arbitrary: anything, weight: 1 }),
			attempt: fc.oneof(fc.integer({ min: -1, max: 9 }), anything),
			retryDelayMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), anything),
			durationMs: fc.oneof(fc.integer({ min: 0, max: 90_000 }), anything),
			eventType: fc.oneof(name, anything),
			error: fc.oneof(
				fc.record({ name: fc.string(), message: fc.string(), stack: fc.string() }),
				anything
			),
			config: anything,
			output: anything
		},
		{ requiredKeys: ['eventId', 'timestamp', 'type'] }
	)
	.map((event) => JSON.parse(JSON.stringify(event)) as RunEvent);

const histories = fc.array(garbage, { maxLength: 60 });
const RUNS = { numRuns: 300 };

describe('whatever a history says', () => {
	it('comes over the wire and gives rows with an order of their times', () => {
		fc.assert(
			fc.property(histories, (events) => {
				for (const event of events) expect(runEventSchema.safeParse(event).success).toBe(true);
				for (const timeline of [buildTimeline(events), cutShort(buildTimeline(events))]) {
					const keys = timeline.rows.map(({ key }) => key);
					expect(new Set(keys).size).toBe(keys.length);
					for (const row of timeline.rows) expect(lasts(row)).toBe(true);
					for (const { attempts } of timeline.rows) expect(attempts.every(lasts)).toBe(true);
				}
			}),
			RUNS
		);
	});

	it('gives the same picture read at once and bit by bit', () => {
		fc.assert(
			fc.property(histories, fc.integer({ min: 1, max: 7 }), (events, step) => {
				const inOrder = [...new Map(events.map((event) => [event.eventId, event])).values()];
				inOrder.sort((a, b) => a.eventId - b.eventId);
				const builder = new TimelineBuilder();
				let read: Timeline = buildTimeline([]);
				for (let from = 0; from < inOrder.length; from += step) {
					read = builder.append(inOrder.slice(from, from + step));
				}
				const rows = (timeline: Timeline) =>
					timeline.rows.toSorted((a, b) => (a.key < b.key ? -1 : 1));
				expect(rows(read)).toEqual(rows(buildTimeline(inOrder)));
			}),
			RUNS
		);
	});

	it('folds to a run that has a status', () => {
		fc.assert(
			fc.property(histories, (events) => {
				const history = events.reduce(fold, EMPTY_HISTORY);
				expect(toRun(FACTS, history).status).toEqual(expect.any(String));
			}),
			RUNS
		);
	});

	it('is drawn with every piece inside the picture, whole and through a lens', () => {
		fc.assert(
			fc.property(histories, fc.double({ min: 1, max: 1e9, noNaN: true }), (events, factor) => {
				const timeline = buildTimeline(events);
				const now = timeline.to ?? 0;
				const from = timeline.from ?? 0;
				const folds = idlePeriods(timeline, now);
				const axis: Span = {
					...spanOf({ from, to: timeline.run.endedAt === null ? null : now }, now),
					folds
				};
				const lens = lensOf(axis, rangeOf(axis, zoomed(WHOLE, factor, 50)));
				for (const span of [axis, { ...axis, lens }]) {
					expect(ticks(span, from, 10).length).toBeLessThan(60);
					expect(pauseBands(timeline.pauses, span, now).every(isInside)).toBe(true);
					for (const row of timeline.rows) {
						expect(barsOf(row, span, now).every(isInside)).toBe(true);
					}
					const shapes = strips(mapLines(timeline.rows), span, now);
					expect(shapes.every(({ d }) => !/NaN|Infinity/.test(d))).toBe(true);
				}
			}),
			RUNS
		);
	});

	it('has words', () => {
		fc.assert(
			fc.property(histories, (events) => {
				const timeline = buildTimeline(events);
				for (const row of timeline.rows) {
					expect(rowLabel(row, lookOfRow(row), 0)).not.toBe('');
					expect(tookOf(row, 0)).not.toBe('');
					configFacts(row.config);
				}
				for (const group of gatherGroups(timeline.rows)) {
					expect(groupLabel(group, true, 0)).toContain(groupLook(group).label ? group.name : '');
					groupTimes(group);
					notable(group, 3);
				}
				new GrowingGroups().read(timeline.rows).entries({ withSdk: true, isOpen: () => true });
				events.forEach((event, index) => {
					const at = { zero: 0, before: events[index - 1], now: 0 };
					for (const by of ['start', 'before', 'clock'] as const) {
						expect(eventTime(event, by, at)).toEqual(expect.any(String));
					}
					const said = [eventTypeText, eventDetail, eventFields, eventLine, eventTone];
					for (const say of said) expect(say(event)).toEqual(expect.any(String));
				});
				const finding = new FoundEvents();
				finding.of(events, { kinds: ['step'], failures: true, text: 'a' });
			}),
			RUNS
		);
	});
});

it('a time that no calendar has is shown as what it is', () => {
	for (const at of [8_640_000_000_000_001, Number.MAX_SAFE_INTEGER]) {
		expect(formatExactly(at)).toBe(String(at));
		expect(formatClock(at, 0)).toEqual(expect.any(String));
		expect(formatRelative(at, 0)).toEqual(expect.any(String));
	}
});

type Lasting = { startedAt: number; endedAt: number | null };
const lasts = ({ startedAt, endedAt }: Lasting) => endedAt === null || endedAt >= startedAt;

const SLACK = 1e-6;
const isInside = ({ left, width }: { left: number; width: number }) =>
	left >= 0 && left <= 100 && width >= -SLACK && left + width <= 100 + SLACK;

const FACTS: Parameters<typeof toRun>[0] = {
	ref: { workflow: 'A', id: 'a' },
	generation: 1,
	agent: { class: 'S', name: 's', path: 'store-agent/s' },
	parent: null,
	metadata: {},
	params: null,
	startedBy: null,
	progress: null,
	createdAt: 0,
	touchedAt: 0,
	lost: false
};
