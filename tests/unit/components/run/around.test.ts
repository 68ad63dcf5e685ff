import { describe, expect, it } from 'vitest';
import { describeActivity } from '../../../../src/lib/components/run/activity';
import { familyTree } from '../../../../src/lib/components/run/family';
import { sharedQuery, sharedValues } from '../../../../src/lib/components/run/shared-metadata';
import { compareDuration, humanWaitMs } from '../../../../src/lib/components/run/explanation/usual';
import { toRunRow, type AuditEntry, type Json } from '../../../../src/lib/protocol';
import { aRun } from '../../support/runs';

const row = (id: string, parent: string | null = null) =>
	toRunRow(aRun({ id, parent: parent === null ? null : { workflow: 'REFUND', id: parent } }));

describe('a run’s family', () => {
	it('is a tree: what led to it, itself, and each child below its own parent', () => {
		const members = familyTree(
			row('self', 'mother'),
			[row('mother', 'grandmother'), row('grandmother')],
			[row('a', 'self'), row('b', 'self'), row('a1', 'a'), row('lost', 'nobody-here')]
		);
		expect(members.map(({ run, depth, isSelf }) => [run.id, depth, isSelf])).toEqual([
			['grandmother', 0, false],
			['mother', 1, false],
			['self', 2, true],
			['a', 3, false],
			['a1', 4, false],
			['b', 3, false]
		]);
	});
});

describe('a duration beside what is usual', () => {
	const usual = { runs: 1_000, p50Ms: 2_000, p95Ms: 8_400 };

	it('says so, and over how many runs', () => {
		expect(compareDuration(3_000, usual)).toEqual({
			text: 'usually 2.0 s, 95% within 8.4 s',
			basis: '(last 1,000 completed runs)',
			isLong: false
		});
		const long = compareDuration(8_401, usual);
		expect(long.isLong).toBe(true);
		expect(long.text).toContain('longer than 95% of runs');
	});

	it('does not count what the run waits for people, and overlapping waits once', () => {
		const asked = (requestedAt: number, decidedAt: number | null) => ({ requestedAt, decidedAt });
		expect(humanWaitMs([], 0, 100)).toBe(0);
		expect(humanWaitMs([asked(10, null)], 0, 100)).toBe(90);
		expect(humanWaitMs([asked(50, 70), asked(10, 30), asked(20, 40)], 15, 100)).toBe(45);
		expect(humanWaitMs([asked(10, 300)], 0, 100)).toBe(90);
	});

	it('claims nothing of a few runs', () => {
		const few = compareDuration(99_000, { ...usual, runs: 1 });
		expect(few).toEqual({
			text: 'usually 2.0 s',
			basis: '(last completed run)',
			isLong: false
		});
	});
});

describe('the activity of a run', () => {
	const entry = (action: string, result: string, detail: Json = {}): AuditEntry => {
		return { id: 1, at: 1, by: 'ana', target: 'REFUND/x', action, result, detail };
	};

	it.each([
		['run.pause', 'done', {}, 'paused the run'],
		['run.pause', 'wrong-state', {}, 'tried to pause the run: wrong state'],
		['run.terminate', 'held', { rollback: true }, 'requested to terminate the run with a rollback'],
		['run.terminate', 'done', { askedBy: 'eve' }, 'terminated the run, requested by eve'],
		['run.restart', 'done', { from: { name: 'load' } }, 'restarted the run from load'],
		[
			'run.restart-dropped',
			'done',
			{ askedBy: 'eve', why: 'It is complete.' },
			'did not restart the run, requested by eve: It is complete.'
		],
		['run.send-event', 'done', { event: { type: 'paid' } }, 'sent the event paid'],
		['approval.decide', 'done', { decision: { approved: false, reason: 'no' } }, 'rejected: “no”'],
		[
			'approval.decide',
			'done',
			{ decision: { approved: false, reason: 'no' }, from: { via: 'page', ip: null } },
			'rejected: “no”'
		],
		['some.future', 'done', null, 'some.future']
	])('%s %s as text', (action, result, detail, text) => {
		expect(describeActivity(entry(action, result, detail)).text).toBe(text);
	});
});

describe('runs like one', () => {
	it('share values, by which all of them are found', () => {
		const one = aRun({ metadata: { region: 'eu', customer: { name: 'Ann Lee' }, order: 7 } });
		const other = aRun({ metadata: { region: 'EU', customer: { name: 'Ann Lee' }, order: 8 } });
		expect(sharedValues(one, other)).toEqual(['region eu', 'customer.name Ann Lee']);
		expect(sharedQuery(one, [other])).toBe('workflow:REFUND region:eu customer.name:"Ann Lee"');
		expect(sharedQuery(one, [])).toBe('workflow:REFUND');
	});
});
