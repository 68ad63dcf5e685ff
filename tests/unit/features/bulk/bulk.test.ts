import { describe, expect, it, test } from 'vitest';
import { lookOfItem } from '../../../../src/lib/features/bulk/bulk-look';
import { EMPTY_BULK_FORM, readAction } from '../../../../src/lib/features/bulk/bulk-form';
import { summaryOf } from '../../../../src/lib/features/bulk/bulk-summary';
import { countOf, tabIn } from '../../../../src/lib/features/bulk/bulk-tabs';
import { aRun } from '../../support/runs';

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
	] as const)('%s with %j is %j', (choice, given, input) => {
		expect(readAction(choice, { ...EMPTY_BULK_FORM, ...given })).toEqual({ input, errors: {} });
	});

	it('says what is missing or wrong, each at its field', () => {
		expect(readAction('restart-from', EMPTY_BULK_FORM).errors.step).toMatch(/Enter the step name/);
		const form = { ...EMPTY_BULK_FORM, eventType: 'a b', payload: '{' };
		const { input, errors } = readAction('send-event', form);
		expect(input).toBeNull();
		expect(errors.eventType).toMatch(/letters/);
		expect(errors.payload).toMatch(/is not valid JSON/);
	});
});

describe('a job in a line', () => {
	it('says what is done to how many, what failed and who began it', () => {
		const metadata = { action: 'terminate', eligible: 1200 };
		const progress = { done: 7, failed: 2, skipped: 1 };
		expect(summaryOf(aRun({ metadata, progress, startedBy: 'ana' }))).toEqual({
			title: 'Terminate: 1,200 runs',
			rest: '2 failed · 1 skipped · by ana'
		});
		expect(summaryOf(aRun({ metadata: { action: 'send-event', eligible: 1 } })).title).toBe(
			'Send event: 1 run'
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
		expect(lookOfItem('doing', false).label).toBe('In progress');
		expect(lookOfItem('doing', true).label).toBe('Not reached');
		expect(lookOfItem('pending', false).label).toBe('Pending');
	});
});
