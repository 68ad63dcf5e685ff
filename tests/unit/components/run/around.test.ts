import { describe, expect, it } from 'vitest';
import { deedOf } from '../../../../src/lib/components/run/deed-words';
import { familyTree } from '../../../../src/lib/components/run/family';
import { sharedQuery, sharedValues } from '../../../../src/lib/components/run/shared-metadata';
import { compareDuration } from '../../../../src/lib/components/run/standing/usual';
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
			words: 'usually 2.0 s, 95 in 100 up to 8.4 s',
			basis: 'of the last 1,000 completed runs',
			isLong: false
		});
		const long = compareDuration(8_401, usual);
		expect(long.isLong).toBe(true);
		expect(long.words).toContain('longer than 95 in 100');
	});

	it('claims nothing of a few runs', () => {
		const few = compareDuration(99_000, { ...usual, runs: 1 });
		expect(few).toEqual({
			words: 'usually 2.0 s',
			basis: 'of the last completed run',
			isLong: false
		});
	});
});

describe('who did what to a run', () => {
	const entry = (action: string, result: string, detail: Json = {}): AuditEntry => {
		return { id: 1, at: 1, by: 'ana', target: 'REFUND/x', action, result, detail };
	};

	it.each([
		['run.pause', 'done', {}, 'paused it'],
		['run.pause', 'wrong-state', {}, 'tried to pause it: wrong state'],
		['run.terminate', 'held', { rollback: true }, 'asked to terminate it with a rollback'],
		['run.terminate', 'done', { askedBy: 'eve' }, 'terminated it, as eve asked'],
		['run.restart', 'done', { from: { name: 'load' } }, 'restarted it from load'],
		[
			'run.restart-dropped',
			'done',
			{ askedBy: 'eve', why: 'It is complete.' },
			'did not restart it, as eve asked: It is complete.'
		],
		['run.send-event', 'done', { event: { type: 'paid' } }, 'sent the event paid'],
		['approval.decide', 'done', { decision: { approved: false, reason: 'no' } }, 'rejected: “no”'],
		['some.future', 'done', null, 'some.future']
	])('%s %s reads as words', (action, result, detail, words) => {
		expect(deedOf(entry(action, result, detail)).words).toBe(words);
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
