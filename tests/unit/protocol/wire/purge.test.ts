import { describe, expect, it } from 'vitest';
import {
	matchRoute,
	OPERATIONS,
	pickByDryRun,
	purgeCriteriaSchema
} from '../../../../src/lib/protocol';

const reads = (criteria: unknown) => purgeCriteriaSchema.safeParse(criteria);

describe('the criteria of a purge', () => {
	it('are refused when they say nothing, since that would mean every run', () => {
		for (const nothing of [
			{},
			{ q: '' },
			{ q: '  \t' },
			{ metadata: {} },
			{ q: ' ', metadata: {} },
			{ workflow: undefined }
		]) {
			expect(reads(nothing).error?.issues[0]?.message).toContain(
				'at least one criterion is required'
			);
		}
	});

	it('take * for every ended run', () => {
		expect(reads({ q: '*' }).success).toBe(true);
	});

	it('take one of a kind or a list', () => {
		const one = { workflow: 'REFUND', status: 'complete', outcome: 'failed' };
		expect(reads(one).data).toEqual(one);
		const many = { workflow: ['REFUND', 'PURGE'], status: ['errored'], outcome: ['rejected'] };
		expect(reads(many).data).toEqual(many);
	});

	it('take times in milliseconds and as text with a zone', () => {
		expect(reads({ createdBefore: 5, finishedBefore: '1970-01-01T01:00:00+01:00' }).data).toEqual({
			createdBefore: 5,
			finishedBefore: 0
		});
	});

	it('are refused, with the field named, when one of them is not what it should be', () => {
		const wrong: [object, string][] = [
			[{ workflow: '' }, 'workflow'],
			[{ workflow: [] }, 'workflow'],
			[{ status: 'done' }, 'status'],
			[{ outcome: ['completed', 'won'] }, 'outcome'],
			[{ agent: 'berlin' }, 'agent'],
			[{ createdBefore: 'yesterday' }, 'createdBefore'],
			[{ createdBefore: '2026-01-01T00:00:00' }, 'createdBefore'],
			[{ finishedBefore: -1 }, 'finishedBefore'],
			[{ finishedBefore: 1.5 }, 'finishedBefore'],
			[{ metadata: { region: ['eu'] } }, 'metadata'],
			[{ metadata: { '': 'eu' } }, 'metadata'],
			[{ q: 'x'.repeat(2001) }, 'q']
		];
		for (const [criteria, field] of wrong) {
			expect(reads(criteria).error?.issues[0]?.path[0]).toBe(field);
		}
	});

	it('are refused when they hold what nobody knows, rather than purging more than was meant', () => {
		expect(reads({ status: 'complete', stauts: 'errored' }).success).toBe(false);
	});
});

describe('the body of a purge', () => {
	it('deletes unless it says that it is a rehearsal', () => {
		const criteria = { status: 'complete' };
		for (const [body, name] of [
			[{ criteria }, 'purge.start'],
			[{ criteria, dryRun: false }, 'purge.start'],
			[{ criteria, dryRun: true }, 'purge.preview']
		] as const) {
			const match = matchRoute('POST', '/purges');
			if (match.kind !== 'operation') throw new Error('There is no such route.');
			expect(pickByDryRun(match.operations, body)?.name).toBe(name);
			expect(OPERATIONS[name].input.parse(body)).toEqual(body);
		}
		const { input } = OPERATIONS['purge.start'];
		expect(input.safeParse({ criteria, dryRun: 'yes' }).success).toBe(false);
		expect(input.safeParse({ criteria, dryRun: true }).success).toBe(false);
		expect(input.safeParse({ criteria, dry: true }).success).toBe(false);
		expect(OPERATIONS['purge.preview'].input.safeParse({ dryRun: true }).success).toBe(false);
	});
});
