import { describe, expect, it, test } from 'vitest';
import { lookOfItem } from '../../../../../src/routes/runs/bulk/bulk-look';
import { EMPTY_BULK_FORM, readDeed } from '../../../../../src/routes/runs/bulk/bulk-form';
import { summaryOf } from '../../../../../src/routes/runs/bulk/bulk-summary';
import { countOf, tabIn } from '../../../../../src/routes/runs/bulk/bulk-tabs';
import { aRun } from '../../../support/runs';

describe('what is chosen for many runs', () => {
	test.each([
		['pause', {}, { action: 'pause' }],
		['restart', {}, { action: 'restart' }],
		[
			'restart-from',
			{ step: ' write-ledger ' },
			{ action: 'restart', from: { name: 'write-ledger' } }
		],
		[
			'send-event',
			{ eventType: 'paid', payload: '' },
			{ action: 'send-event', event: { type: 'paid', payload: null } }
		]
	] as const)('%s with %j is %j', (choice, given, deed) => {
		expect(readDeed(choice, { ...EMPTY_BULK_FORM, ...given })).toEqual({ deed, errors: {} });
	});

	it('says what is missing or wrong, each at its field', () => {
		expect(readDeed('restart-from', EMPTY_BULK_FORM).errors.step).toMatch(/Name the step/);
		const form = { ...EMPTY_BULK_FORM, eventType: 'a b', payload: '{' };
		const { deed, errors } = readDeed('send-event', form);
		expect(deed).toBeNull();
		expect(errors.eventType).toMatch(/Letters/);
		expect(errors.payload).toMatch(/is not JSON/);
	});
});

describe('a job in a line', () => {
	it('says what is done to how many, what failed and who began it', () => {
		const metadata = { action: 'terminate', eligible: 1200 };
		const progress = { done: 7, failed: 2, skipped: 1 };
		expect(summaryOf(aRun({ metadata, progress, startedBy: 'ana' }))).toEqual({
			title: 'Terminate 1,200 runs',
			rest: '2 failed · 1 skipped · by ana'
		});
		expect(summaryOf(aRun({ metadata: { action: 'send-event', eligible: 1 } })).title).toBe(
			'Send event to 1 run'
		);
	});
});

describe('what became of the runs', () => {
	const counts = { pending: 3, doing: 1, done: 5, skipped: 2, failed: 0 };

	it('is counted by tab; what is being asked is still to come', () => {
		expect(countOf(counts, 'all')).toBe(11);
		expect(countOf(counts, 'pending')).toBe(4);
		expect(countOf(counts, 'done')).toBe(5);
		expect(tabIn('skipped')).toBe('skipped');
		expect(tabIn('nonsense')).toBe('all');
	});

	it('was not reached when the job is over', () => {
		expect(lookOfItem('doing', false).label).toBe('Asked');
		expect(lookOfItem('doing', true).label).toBe('Not reached');
		expect(lookOfItem('pending', false).label).toBe('To come');
	});
});
