import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fits, toDraft, type Draft } from '../../../../src/lib/components/schema-form/draft';
import { toField, type Field } from '../../../../src/lib/components/schema-form/field';
import { parseJson, toValue } from '../../../../src/lib/components/schema-form/reading';
import { validate } from '../../../../src/lib/components/schema-form/validate';
import { jsonObjectSchema, toJson, type Json, type JsonObject } from '../../../../src/lib/protocol';

const schemaOf = (type: z.ZodType): JsonObject =>
	jsonObjectSchema.parse(toJson(z.toJSONSchema(type, { io: 'input' })));

const importSchema = schemaOf(
	z.strictObject({
		source: z.union([
			z.strictObject({ text: z.string().min(1).meta({ format: 'textarea' }) }),
			z.strictObject({ url: z.url() })
		]),
		format: z.enum(['csv', 'ndjson']).meta({ title: 'Format', description: 'How it is written' }),
		batchSize: z.number().int().min(1).max(5000).default(500),
		dryRun: z.boolean().optional(),
		tags: z.array(z.string()).optional(),
		limits: z.strictObject({ rows: z.number().optional() }).optional()
	})
);

function property(field: Field, name: string): Field {
	const found = field.kind === 'group' && field.properties.find((entry) => entry.name === name);
	if (!found) throw new Error(`no property ${name}`);
	return found.field;
}

/** The draft of a field inside a group, to type into. */
function draftOf<K extends Draft['kind']>(draft: Draft, name: string, kind: K) {
	const found = draft.kind === 'group' ? draft.drafts[name] : undefined;
	if (found?.kind !== kind) throw new Error(`no draft ${name} of kind ${kind}`);
	return found as Extract<Draft, { kind: K }>;
}

const roundTrip = (schema: JsonObject, value: Json) => {
	const field = toField(schema);
	return toValue(field, toDraft(field, value));
};

describe('the fields of a schema', () => {
	it('are what a person can fill in', () => {
		const form = toField(importSchema);
		expect(form.kind === 'group' && form.properties.map(({ field }) => field.kind)).toEqual([
			'union',
			'choice',
			'number',
			'boolean',
			'list',
			'group'
		]);
		expect(property(form, 'format')).toMatchObject({
			title: 'Format',
			description: 'How it is written',
			required: true,
			options: ['csv', 'ndjson']
		});
		expect(property(form, 'batchSize')).toMatchObject({
			title: 'batchSize',
			required: false,
			fallback: 500,
			integer: true,
			min: 1,
			max: 5000
		});
	});

	it('offer a union as a choice, named by what only that variant has', () => {
		const source = property(toField(importSchema), 'source');
		expect(source.kind === 'union' && source.variants.map(({ title }) => title)).toEqual([
			'text',
			'url'
		]);
		const mixed = toField(schemaOf(z.union([z.string(), z.number(), z.null()])));
		expect(
			mixed.kind === 'union' && mixed.variants.map(({ title, kind }) => [title, kind])
		).toEqual([
			['Text', 'text'],
			['Number', 'number'],
			['None', 'fixed']
		]);
		const tagged = toField(
			schemaOf(
				z.discriminatedUnion('type', [
					z.object({ type: z.literal('card'), number: z.string() }),
					z.object({ type: z.literal('cash') })
				])
			)
		);
		expect(tagged.kind === 'union' && tagged.variants.map(({ title }) => title)).toEqual([
			'card',
			'cash'
		]);
	});

	it('give room to a text that is said to be long, or that has no limit and a name for it', () => {
		const long = (type: z.ZodType, name: string) => {
			const field = property(toField(schemaOf(z.object({ [name]: type }))), name);
			return field.kind === 'text' && field.long;
		};
		expect(long(z.string(), 'message')).toBe(true);
		expect(long(z.string().max(40), 'message')).toBe(false);
		expect(long(z.string(), 'order')).toBe(false);
		expect(long(z.url(), 'data')).toBe(false);
		expect(long(z.string().meta({ contentMediaType: 'text/csv' }), 'file')).toBe(true);
	});

	it('offer a file for what is rather loaded than typed, not for a choice called "Text"', () => {
		const schema = schemaOf(
			z.object({ csv: z.string(), note: z.string(), after: z.union([z.string(), z.number()]) })
		);
		const form = toField(schema);
		expect(property(form, 'csv')).toMatchObject({ long: true, file: true });
		expect(property(form, 'note')).toMatchObject({ long: true, file: false });
		expect(property(form, 'after')).toMatchObject({
			variants: [
				{ title: 'Text', long: false, file: false },
				{ title: 'Number', kind: 'number' }
			]
		});
	});

	it('follow references, and stop where a schema holds itself', () => {
		const node: z.ZodType = z.object({
			name: z.string(),
			get next() {
				return z.array(node).optional();
			}
		});
		let field = toField(schemaOf(node));
		let depth = 0;
		while (field.kind !== 'json') {
			const inner: Field = field.kind === 'list' ? field.item : property(field, 'next');
			field = inner;
			depth += 1;
		}
		expect(depth).toBeGreaterThan(3);
		expect(toField({ $ref: '#/nowhere' })).toMatchObject({ kind: 'json' });
		expect(toField({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } }).kind).toBe('json');
	});

	it('that a form cannot offer well are JSON', () => {
		expect(toField({}).kind).toBe('json');
		expect(toField(schemaOf(z.record(z.string(), z.number()))).kind).toBe('json');
		expect(toField(schemaOf(z.tuple([z.string(), z.number()]))).kind).toBe('json');
	});
});

describe('a filled form', () => {
	it('says the value it was begun with', () => {
		const value = {
			source: { url: 'https://example.com/a.csv' },
			format: 'ndjson',
			batchSize: 20,
			dryRun: false,
			tags: ['a', 'b'],
			limits: { rows: 3 }
		};
		expect(roundTrip(importSchema, value)).toEqual({ value, errors: [] });
	});

	it('begins with the defaults and leaves out what was not given', () => {
		const minimal = { source: { text: 'sku' }, format: 'csv' };
		expect(roundTrip(importSchema, minimal)).toEqual({
			value: { ...minimal, batchSize: 500 },
			errors: []
		});
		const form = toField(importSchema);
		const draft = toDraft(form, minimal);
		draftOf(draft, 'batchSize', 'number').text = '';
		expect(toValue(form, draft).value).toEqual(minimal);
	});

	it('names each field that is missing or wrong', () => {
		const form = toField(importSchema);
		const draft = toDraft(form);
		draftOf(draft, 'batchSize', 'number').text = '1.5';
		expect(toValue(form, draft).errors).toEqual([
			{ path: 'params.source.text', message: 'is required' },
			{ path: 'params.format', message: 'is required' },
			{ path: 'params.batchSize', message: 'must be a whole number' }
		]);
		draftOf(draft, 'batchSize', 'number').text = 'many';
		expect(toValue(form, draft).errors[2]?.message).toBe('must be a number');
	});

	it('sends the variant that is chosen, and keeps what was typed in the other', () => {
		const form = toField(importSchema);
		const draft = toDraft(form, { source: { text: 'typed' }, format: 'csv' });
		const source = draftOf(draft, 'source', 'union');
		source.index = 1;
		expect(toValue(form, draft).errors).toMatchObject([{ path: 'params.source.url' }]);
		source.index = 0;
		expect(toValue(form, draft).value).toMatchObject({ source: { text: 'typed' } });
	});

	it('asks nothing of a group that is left out', () => {
		const schema = schemaOf(z.object({ to: z.object({ city: z.string().min(1) }).optional() }));
		const form = toField(schema);
		const draft = toDraft(form);
		expect(toValue(form, draft)).toEqual({ value: {}, errors: [] });
		draftOf(draft, 'to', 'group').given = true;
		expect(toValue(form, draft).errors).toEqual([
			{ path: 'params.to.city', message: 'is required' }
		]);
	});

	it('keeps constants, numbers among the choices and values that are null', () => {
		const schema = schemaOf(
			z.object({
				kind: z.literal('x'),
				size: z.literal([1, 2]),
				note: z.string().nullable(),
				any: z.unknown()
			})
		);
		const value = { kind: 'x', size: 2, note: null, any: { deep: [1] } };
		expect(roundTrip(schema, value)).toEqual({ value, errors: [] });
	});

	it('has items of a list one by one, and names them by their place', () => {
		const form = toField(schemaOf(z.object({ urls: z.array(z.string().min(1)).min(1) })));
		const draft = toDraft(form);
		expect(draftOf(draft, 'urls', 'list').items).toHaveLength(1);
		expect(toValue(form, draft).errors).toEqual([
			{ path: 'params.urls.0', message: 'is required' }
		]);
	});

	it('knows a value that it cannot hold, so that no key is lost on the way', () => {
		const form = toField(importSchema);
		expect(fits(form, { source: { text: 'a' }, format: 'csv' })).toBe(true);
		expect(fits(form, { source: { text: 'a' }, format: 'csv', extra: 1 })).toBe(false);
		expect(fits(form, { format: 'csv' })).toBe(false);
	});
});

describe('a check against the schema', () => {
	it('finds nothing wrong with a value that fits', () => {
		expect(validate(importSchema, { source: { text: 'a' }, format: 'csv' })).toEqual([]);
	});

	it('names the field inside the variant that was meant', () => {
		const errors = validate(importSchema, { source: { url: 'nowhere' }, format: 'xml' });
		expect(errors.map(({ path }) => path)).toEqual(['params.source.url', 'params.format']);
	});

	it('names the union when no variant was meant more than another', () => {
		expect(validate(importSchema, { source: 7, format: 'csv' }).map(({ path }) => path)).toEqual([
			'params.source'
		]);
	});

	it('leaves a schema that it cannot read to the server', () => {
		expect(validate({ type: 'nonsense' }, { a: 1 })).toEqual([]);
	});
});

it('JSON that is broken says where', () => {
	expect(parseJson('{"a": 1}')).toEqual({ ok: true, value: { a: 1 } });
	expect(parseJson('{"a": }')).toMatchObject({ ok: false });
});
