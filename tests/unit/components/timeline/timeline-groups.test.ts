import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findRows } from '../../../../src/lib/components/timeline/model/find-rows';
import { groupTimes, notable } from '../../../../src/lib/components/timeline/model/group-facts';
import {
	GrowingGroups,
	MIN_MEMBERS,
	stemOf,
	type StepGroup
} from '../../../../src/lib/components/timeline/model/groups';
import { buildTimeline, TimelineBuilder, type RunEvent } from '../../../../src/lib/protocol';

const SHOWN = { withSdk: true, isOpen: () => false };

/** A loop of so many steps; those named in `failing` fail. */
function loop(
	count: number,
	nameOf: (index: number) => string,
	failing: number[] = []
): RunEvent[] {
	return Array.from({ length: count }, (_, index): RunEvent[] => {
		const stepName = nameOf(index);
		const end = failing.includes(index) ? 'step_errored' : 'step_completed';
		return [
			{ eventId: index * 2 + 1, timestamp: index * 10, type: 'step_started', stepName },
			{ eventId: index * 2 + 2, timestamp: index * 10 + 5, type: end, stepName }
		];
	}).flat();
}

const rowsOf = (events: readonly RunEvent[]) => buildTimeline(events).rows;
const groupsOf = (events: readonly RunEvent[]): StepGroup[] =>
	new GrowingGroups().read(rowsOf(events)).all();

describe('the stem of a name', () => {
	it('is the name without the number at its end', () => {
		expect(
			['load-batch-17', 'process', 'process 3', 'shard#12', 'v2-upload', '2024', 'día-٣', ''].map(
				stemOf
			)
		).toEqual(['load-batch', 'process', 'process', 'shard', 'v2-upload', '2024', 'día-٣', '']);
	});

	it('is found at once, however long the name', () => {
		expect(stemOf('-'.repeat(100_000))).toBe('-'.repeat(100_000));
		expect(stemOf(`a${'1'.repeat(100_000)}`)).toBe('a');
	});
});

describe('a loop', () => {
	it('is one row with its count, its failures and its whole span', () => {
		const [group] = groupsOf(loop(400, (index) => `process-${index + 1}`, [3, 7]));
		expect(group).toMatchObject({
			key: 'group:step:process',
			name: 'process',
			failed: 2,
			open: 0,
			startedAt: 0,
			endedAt: 3_995
		});
		expect(group?.members).toHaveLength(400);
	});

	it('whose code counts by itself is one row too', () => {
		expect(groupsOf(loop(250, (index) => `load-batch-${index}-1`))[0]?.name).toBe('load-batch');
	});

	it('of a few steps is simply listed', () => {
		const rows = rowsOf(loop(MIN_MEMBERS - 1, (index) => `process-${index + 1}`));
		expect(new GrowingGroups().read(rows).entries(SHOWN)).toEqual(rows);
	});

	it('is at work while one of its steps is', () => {
		const events = loop(MIN_MEMBERS, (index) => `process-${index + 1}`).slice(0, -1);
		expect(groupsOf(events)[0]).toMatchObject({ open: 1, endedAt: null });
	});

	it('opens to all of its steps, right below it', () => {
		const rows = rowsOf([
			...loop(30, (index) => `process-${index + 1}`),
			{ eventId: 61, timestamp: 1_000, type: 'step_started', stepName: 'sum-1' }
		]);
		const groups = new GrowingGroups().read(rows);
		expect(groups.entries(SHOWN).map(({ name }) => name)).toEqual(['process', 'sum']);
		const open = groups.entries({ withSdk: true, isOpen: () => true });
		expect(open).toHaveLength(32);
		expect(open[1]).toBe(rows[0]);
		expect(open.at(-1)).toBe(rows[30]);
	});

	it('stays away with the steps of the SDK when those are not shown', () => {
		const rows = rowsOf(loop(30, (index) => `__agent_mergeAgentState_${index}-1`));
		const groups = new GrowingGroups().read(rows);
		expect(groups.entries({ ...SHOWN, withSdk: false })).toEqual([]);
		expect(groups.entries(SHOWN)).toHaveLength(1);
	});
});

it('groups that grow say the same as groups that are gathered afresh', () => {
	const event = fc.record({
		timestamp: fc.integer({ min: 0, max: 500 }),
		type: fc.constantFrom('step_started', 'step_completed', 'step_errored', 'wait_started'),
		stepName: fc.integer({ min: 1, max: 60 }).map((count) => `process-${count}`)
	});
	fc.assert(
		fc.property(
			fc.array(event, { maxLength: 150 }),
			fc.integer({ min: 1, max: 9 }),
			(told, step) => {
				const events = told.map((fields, index): RunEvent => ({ eventId: index + 1, ...fields }));
				const builder = new TimelineBuilder();
				const growing = new GrowingGroups();
				for (let read = 0; read <= events.length; read += step) {
					const { rows } = builder.append(events.slice(0, read));
					growing.read(rows);
					expect(growing.all()).toEqual(new GrowingGroups().read(rows).all());
					expect(growing.entries(SHOWN)).toEqual(new GrowingGroups().read(rows).entries(SHOWN));
				}
			}
		),
		{ numRuns: 60 }
	);
});

it('a group of a restarted run forgets the rows of the one before', () => {
	const growing = new GrowingGroups();
	growing.read(rowsOf(loop(50, (index) => `process-${index + 1}`)));
	growing.read(rowsOf(loop(25, (index) => `other-${index + 1}`)));
	expect(growing.all().map(({ name, members }) => [name, members.length])).toEqual([['other', 25]]);
});

it('a group says how long its steps took and which are worth a look', () => {
	const [group] = groupsOf(loop(40, (index) => `process-${index + 1}`));
	if (!group) throw new Error('no group');
	expect(groupTimes(group)).toEqual({ least: 5, median: 5, p95: 5, most: 5 });
	expect(notable(group, 3)).toHaveLength(3);
	const [failing] = groupsOf(loop(40, (index) => `process-${index + 1}`, [9]));
	expect(failing && notable(failing, 3).map(({ count }) => count)).toEqual([10]);
});

it('steps are found by name, event and error, whatever the case, out of their groups', () => {
	const rows = rowsOf([
		...loop(30, (index) => `process-${index + 1}`),
		{
			...{ eventId: 61, timestamp: 400, type: 'step_errored', stepName: 'pay-1' },
			error: { name: 'Error', message: 'Card DECLINED' }
		},
		{ eventId: 62, timestamp: 410, type: 'wait_started', stepName: 'gate-1', eventType: 'go-ahead' }
	]);
	const found = (text: string) => findRows(rows, text, false).map(({ stepName }) => stepName);
	expect(found('declined')).toEqual(['pay-1']);
	expect(found('GO-AHEAD')).toEqual(['gate-1']);
	expect(found('process-17')).toEqual(['process-17']);
});
