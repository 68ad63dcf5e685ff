import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

// The classes need workerd; what a catalogue says of them does not.
vi.mock('agents/workflows', () => ({ AgentWorkflow: vi.fn() }));
vi.mock('cloudflare:workflows', () => ({ NonRetryableError: Error }));

const { WorkerCatalogue, defineWorkflow } = await import('../../../src/lib/workflows');
const { catalogue } = await import('../../../src/worker/catalogue');
const { workflowInfoSchema } = await import('../../../src/lib/protocol');

const entry = defineWorkflow({
	workflow: 'GREET',
	title: 'Greet',
	description: 'Says hello.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: z.strictObject({
		name: z.string().meta({ title: 'Name', description: 'Whom to greet.' }),
		times: z.number().default(1)
	}),
	example: { name: 'Ana' }
});

describe('a catalogue', () => {
	it('gives back what was added, in that order', () => {
		const both = new WorkerCatalogue([entry, { ...entry, workflow: 'GREET_AGAIN' }]);
		expect(both.get('GREET')).toBe(entry);
		expect(both.get('GONE')).toBeUndefined();
		expect(both.list().map(({ workflow }) => workflow)).toEqual(['GREET', 'GREET_AGAIN']);
	});

	it('refuses a second entry for a binding', () => {
		const one = new WorkerCatalogue([entry]);
		expect(() => one.add(entry)).toThrow('GREET');
		expect(one.list()).toHaveLength(1);
	});

	it('describes params as they are sent: a field with a default is not required', () => {
		const [info] = new WorkerCatalogue([entry]).list();
		expect(info?.params).toMatchObject({
			type: 'object',
			required: ['name'],
			properties: {
				name: { type: 'string', title: 'Name', description: 'Whom to greet.' },
				times: { type: 'number', default: 1 }
			},
			additionalProperties: false
		});
	});

	it('has an entry start by hand and without metadata unless it says otherwise', () => {
		expect(entry.startable).toBe(true);
		expect(entry.metadata({ name: 'Ana', times: 1 })).toEqual({});
		expect(defineWorkflow({ ...entry, startable: false }).startable).toBe(false);
	});
});

describe('the workflows of this Worker', () => {
	it.each(catalogue.list())('$workflow has an example that passes, and a form', (info) => {
		expect(workflowInfoSchema.parse(info)).toEqual(info);
		const found = catalogue.get(info.workflow);
		const checked = found?.params.safeParse(info.example);
		expect(checked?.error?.issues ?? []).toEqual([]);
		expect(found?.metadata(checked?.data)).toBeTypeOf('object');
		expect(info.params).toMatchObject({ type: 'object', properties: expect.any(Object) });
	});
});
