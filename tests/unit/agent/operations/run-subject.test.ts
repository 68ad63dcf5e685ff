import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Redaction } from '../../../../src/lib/agent/operations/redaction';
import { subjectOf } from '../../../../src/lib/agent/operations/run-subject';
import { MAX_SUBJECT_TEXT, runSchema, type WorkflowEntry } from '../../../../src/lib/protocol';
import { defineWorkflow } from '../../../../src/lib/workflows/define';
import { aRun } from '../../support/runs';

const params = z.object({ order: z.string(), amount: z.number().default(5) });
const entryWith = (subject: (given: z.output<typeof params>) => unknown) =>
	defineWorkflow({
		...{ workflow: 'REFUND', title: 'Refund', description: '', agentClass: 'StoreAgent' },
		...{ agent: 'store-agent/berlin', params, example: { order: 'ORD-1' } },
		subject: subject as () => string
	}) as WorkflowEntry;
const run = {
	workflow: 'REFUND',
	params: { order: 'ORD-1' },
	metadata: { order: 'ORD-1', paid: true, amount: 5 }
};

describe('what a run is about', () => {
	it('is what its catalogue entry says of its params, as they are read', () => {
		const entry = entryWith(({ order, amount }) => `Refund ${amount.toFixed(2)} · ${order}`);
		expect(subjectOf(run, entry)).toBe('Refund 5.00 · ORD-1');
	});

	it('is put together from the metadata where that says nothing', () => {
		expect(subjectOf(run, undefined)).toBe('ORD-1 · 5');
		expect(
			subjectOf(
				{ ...run, params: { order: 5 } },
				entryWith(() => 'x')
			)
		).toBe('ORD-1 · 5');
		expect(
			subjectOf({ workflow: 'REFUND', params: null, metadata: {} }, undefined)
		).toBeUndefined();
		const broken = entryWith(() => {
			throw new Error('no');
		});
		expect(subjectOf(run, broken)).toBe('ORD-1 · 5');
		for (const nothing of ['', ' \n ', 5, null, undefined, {}]) {
			expect(
				subjectOf(
					run,
					entryWith(() => nothing)
				)
			).toBe('ORD-1 · 5');
		}
	});

	it('is one line that fits, whatever is answered', () => {
		expect(
			subjectOf(
				run,
				entryWith(() => ' a\n\tb\u0000c ')
			)
		).toBe('a b c');
		const long = subjectOf(
			run,
			entryWith(() => 'x'.repeat(10_000))
		);
		expect(long).toMatch(/^x{99}…$/);
		expect(
			subjectOf(
				run,
				entryWith(() => '<b>bold</b>')
			)
		).toBe('<b>bold</b>');
		fc.assert(
			fc.property(fc.string({ unit: 'binary', maxLength: 900 }), (text) => {
				const subject = subjectOf({ ...run, params: null, metadata: { text } }, undefined) ?? '';
				expect(subject).not.toMatch(/[\n\r\t]/);
				expect(subject.length).toBeLessThanOrEqual(MAX_SUBJECT_TEXT);
				expect(runSchema.shape.subject.safeParse(subject).success).toBe(true);
			})
		);
	});

	it('never holds a value that is masked', () => {
		const secretive = entryWith(({ order }) => `For ${order}`);
		const entry = { ...secretive, redact: ['order'] };
		const catalogue = { get: () => entry, entries: () => [entry], list: () => [] };
		const masked = new Redaction({}, catalogue).maskRun(aRun(run));
		expect(masked.subject).toBe('For [REDACTED]');
	});
});
