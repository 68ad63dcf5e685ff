import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { agentRefOf, classNamed, hopsOf } from '../../../../src/lib/agent/rpc/agent-address';
import { agentPathSchema } from '../../../../src/lib/protocol';

// The SDK's door needs workerd; the one function that is used of it is plain.
vi.mock('agents', () => import('../../../../node_modules/agents/dist/utils.js'));

const berlin = { className: 'StoreAgent', name: 'berlin' };

describe("an Agent's address", () => {
	it('is kebab-cased as in its URL', () => {
		expect(agentRefOf([berlin])).toEqual({
			class: 'StoreAgent',
			name: 'berlin',
			path: 'store-agent/berlin'
		});
	});

	it('is that of the sub-agent, below its parents', () => {
		expect(agentRefOf([berlin, { className: 'AisleAgent', name: '7' }])).toEqual({
			class: 'AisleAgent',
			name: '7',
			path: 'store-agent/berlin/sub/aisle-agent/7'
		});
	});

	it('encodes what a URL cannot hold', () => {
		const { path, name } = agentRefOf([{ className: 'StoreAgent', name: 'a/sub/b c%' }]);
		expect(path).toBe('store-agent/a%2Fsub%2Fb%20c%25');
		expect(name).toBe('a/sub/b c%');
	});

	it('has at least one hop', () => {
		expect(() => agentRefOf([])).toThrow('at least one hop');
	});

	it('is taken apart as it was put together, whatever the names', () => {
		const hop = fc.record({
			className: fc.constantFrom('StoreAgent', 'AisleAgent', 'OperationsAgent'),
			name: fc.oneof(
				fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 40 }),
				fc.constantFrom('größe', '日本橋', '100%', '/sub/', 'a/sub/b', '..', '👩‍🔧')
			)
		});
		fc.assert(
			fc.property(fc.array(hop, { minLength: 1, maxLength: 4 }), (hops) => {
				const { path } = agentRefOf(hops);
				expect(agentPathSchema.safeParse(path).success).toBe(true);
				expect(hopsOf(path).map(({ name }) => name)).toEqual(hops.map(({ name }) => name));
				const classes = ['OperationsAgent', 'StoreAgent', 'AisleAgent'];
				expect(hopsOf(path).map(({ kebab }) => classNamed(kebab, classes))).toEqual(
					hops.map(({ className }) => className)
				);
			})
		);
	});
});

describe('the class behind a kebab-cased name', () => {
	it('is the one whose name it is, or none', () => {
		const classes = ['StoreAgent', 'AisleAgent', 'CHAT'];
		expect(classNamed('store-agent', classes)).toBe('StoreAgent');
		expect(classNamed('chat', classes)).toBe('CHAT');
		expect(classNamed('StoreAgent', classes)).toBeUndefined();
		expect(classNamed('', classes)).toBeUndefined();
	});
});
