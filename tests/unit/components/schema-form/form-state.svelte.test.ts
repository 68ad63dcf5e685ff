import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
	FormState,
	formInputSchema
} from '../../../../src/lib/components/schema-form/form-state.svelte';
import { jsonObjectSchema, REDACTED, toJson } from '../../../../src/lib/protocol';

const schema = jsonObjectSchema.parse(
	toJson(
		z.toJSONSchema(
			z.strictObject({
				order: z.string().min(1),
				amount: z.number().positive(),
				source: z
					.union([z.strictObject({ text: z.string() }), z.strictObject({ url: z.url() })])
					.optional()
			}),
			{ io: 'input' }
		)
	)
);
const example = { order: 'A-1', amount: 12.5 };

describe('a form from a schema', () => {
	it('reads the value that it began with', () => {
		const form = new FormState(schema, example);
		expect(form.read()).toEqual(example);
		expect(form.errors).toEqual([]);
	});

	it('leaves out what was masked in the value: that has to be entered', () => {
		const form = new FormState(schema, { ...example, order: REDACTED });
		expect(form.read()).toBeUndefined();
		expect(form.errors).toEqual([{ path: 'params.order', message: 'is required' }]);
	});

	it('starts empty, and takes back what was kept of it', () => {
		const form = new FormState(schema);
		if (form.draft.kind !== 'group') throw new Error('a group is expected');
		form.draft.drafts['amount'] = { kind: 'number', text: '12,' };
		const kept = formInputSchema.parse(JSON.parse(JSON.stringify(form.input)));
		const again = new FormState(schema);
		expect(again.restore(kept)).toBe(true);
		expect(again.input).toEqual(form.input);

		const other = { type: 'object', properties: { order: { type: 'number' } } };
		expect(new FormState(other).restore(kept)).toBe(false);
		again.fill(example);
		expect(again.read()).toEqual(example);
	});

	it('gives no value while something is wrong, and says what', () => {
		const form = new FormState(schema, { order: 'A-1', amount: -1 });
		expect(form.read()).toBeUndefined();
		expect(form.errors.map(({ path }) => path)).toEqual(['params.amount']);
		expect(form.strayErrors).toEqual([]);
	});

	it('names at once what is missing and what does not fit', () => {
		const form = new FormState(schema, { order: '', amount: -1 });
		if (form.draft.kind !== 'group') throw new Error('a group is expected');
		form.draft.drafts['order'] = { kind: 'text', text: '' };
		expect(form.read()).toBeUndefined();
		expect(form.errors).toEqual([
			{ path: 'params.order', message: 'is required' },
			{ path: 'params.amount', message: expect.stringContaining('0') }
		]);
	});

	it('says what the server found wrong, above the form where no field shows it', () => {
		const form = new FormState(schema, example);
		form.refuse([
			{ path: 'params.amount', message: 'is more than was paid' },
			{ path: 'params.source.url', message: 'is not reachable' },
			{ path: 'params', message: 'do not fit together' }
		]);
		expect(form.strayErrors.map(({ path }) => path)).toEqual(['params.source.url', 'params']);
	});

	it('carries what was typed from one mode to the other and back', () => {
		const form = new FormState(schema, example);
		form.switchTo('json');
		expect(JSON.parse(form.text)).toEqual(example);
		form.text = '{"order":"B-2","amount":3,"source":{"url":"https://example.com"}}';
		form.switchTo('fields');
		expect(form.mode).toBe('fields');
		expect(form.read()).toEqual({
			order: 'B-2',
			amount: 3,
			source: { url: 'https://example.com' }
		});
	});

	it('stays with JSON that is broken or that its fields would lose', () => {
		const form = new FormState(schema, example);
		form.switchTo('json');
		form.text = '{"order":';
		form.switchTo('fields');
		expect(form.mode).toBe('json');
		expect(form.errors[0]?.message).toMatch(/^is not valid JSON/);

		form.text = '{"order":"A-1","amount":1,"colour":"red"}';
		form.switchTo('fields');
		expect(form.mode).toBe('json');
		expect(form.errors).toHaveLength(1);
		expect(form.read()).toBeUndefined();
	});

	it('begins as JSON with a value that it has no fields for', () => {
		const form = new FormState(schema, { colour: 'red' });
		expect(form.mode).toBe('json');
		expect(form.text).toContain('colour');
	});

	it('takes half-written values to JSON as far as they go', () => {
		const form = new FormState(schema, { order: 'A-1', amount: 1 });
		if (form.draft.kind === 'group') form.draft.drafts.amount = { kind: 'number', text: 'many' };
		form.switchTo('json');
		expect(JSON.parse(form.text)).toEqual({ order: 'A-1' });
	});
});
