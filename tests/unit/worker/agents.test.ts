import { readFileSync } from 'node:fs';
import type { Agent } from 'agents';
import { describe, expect, it, vi } from 'vitest';
import type { AgentTarget } from '../../../src/worker/agent-policy';
import type { Identity, Role } from '../../../src/lib/protocol';

// The table needs of the SDK only how it writes class names in URLs.
vi.mock('agents', () => import('../../../node_modules/agents/dist/utils.js'));

const { AgentPolicies, accessOf, refusedAccess } = await import('../../../src/worker/agent-policy');
const { agentPolicies } = await import('../../../src/worker/agents');

/** The names of all Agent classes that the Worker exports; `DurableObject`s that are none are not. */
type Exports = Cloudflare.GlobalProps['mainModule'];
type AgentName = {
	[Name in keyof Exports]: Exports[Name] extends abstract new (...args: never[]) => Agent
		? Name
		: never;
}[keyof Exports];

/** A new Agent class does not compile here until it stands below, and then it wants an entry. */
const AGENT_CLASSES: Record<AgentName, true> = {
	// samples:start
	StoreAgent: true,
	AisleAgent: true,
	// samples:end
	OperationsAgent: true
};

/** The Agent classes that check frames themselves: `guarded()` marks them. */
type CheckedName = {
	[Name in AgentName]: InstanceType<Exports[Name]> extends { readonly checksFrames: true }
		? Name
		: never;
}[AgentName];

/** A class that is not guarded does not compile here. */
const CHECKED: readonly CheckedName[] = [
	// samples:start
	'StoreAgent',
	'AisleAgent',
	// samples:end
	'OperationsAgent'
];

const person = (...roles: Role[]): Identity => ({
	subject: 'local:ana',
	name: 'ana',
	email: null,
	roles
});

const policies = new AgentPolicies({
	ChatAgent: { names: 'any', frames: 'unchecked', http: { history: { GET: 'read' } } },
	DeskAgent: {
		names: 'any',
		frames: 'checked',
		send: ['approver', 'admin'],
		http: { note: { GET: 'read', POST: 'send' } },
		children: { DrawerAgent: { names: 'any', frames: 'checked' } }
	}
});

function found(path: string): AgentTarget {
	const target = policies.find(`/agents/${path}`);
	if (!target) throw new Error(`${path} was not found`);
	return target;
}

describe('the table of this Worker', () => {
	it('has an entry for every binding of a Durable Object', () => {
		const config = readFileSync('wrangler.jsonc', 'utf8');
		const objects = /"durable_objects": \{[^}]*?\[([^\]]*)\]/.exec(config)?.[1] ?? '';
		const bound = [...objects.matchAll(/"name": "(\w+)"/g)];
		const roots = agentPolicies.list().flatMap(({ key }) => (key.includes('/') ? [] : [key]));
		expect(roots.toSorted()).toEqual(bound.map(([, name]) => name).toSorted());
	});

	it('says of guarded classes only that they check frames', () => {
		for (const { key, policy } of agentPolicies.list()) {
			const name = key.split('/').at(-1) ?? '';
			const isGuarded = CHECKED.some((checked) => checked === name);
			expect(policy.frames, key).toBe(isGuarded ? 'checked' : 'unchecked');
		}
	});

	it('has an entry for every Agent class that the Worker exports', () => {
		const named = new Set(agentPolicies.list().flatMap(({ key }) => key.split('/')));
		expect([...named].toSorted()).toEqual(Object.keys(AGENT_CLASSES).toSorted());
	});
});

describe('an address', () => {
	it('is that of an Agent, of a sub-agent, or of a path below', () => {
		expect(found('chat-agent/a')).toMatchObject({ path: 'chat-agent/a', leaf: '' });
		expect(found('chat-agent/a/').leaf).toBe('');
		expect(found('chat-agent/a/history').leaf).toBe('history');
		expect(found('desk-agent/a%20b/sub/drawer-agent/%31/note')).toMatchObject({
			root: { className: 'DeskAgent', name: 'a b' },
			path: 'desk-agent/a%20b/sub/drawer-agent/1',
			leaf: 'note'
		});
	});

	it.each([
		'/agents',
		'/agents/',
		'/agents/chat-agent',
		'/agents/chat-agent/',
		'/agents/ChatAgent/a',
		'/agents/constructor/a',
		'/agents/drawer-agent/1',
		'/agents//a',
		'/agents/chat-agent/a/sub/drawer-agent/1',
		'/agents/desk-agent/a/sub/drawer-agent',
		'/agents/desk-agent/a/sub/chat-agent/1',
		'/agents/desk-agent/a/sub/constructor/1',
		'/agents/desk-agent/sub/drawer-agent/1',
		'/agents/desk-agent/a%2Fb',
		'/agents/desk-agent/..',
		'/agents/desk-agent/%2e%2e',
		'/agents/desk-agent/%00',
		'/agents/desk-agent/%ff',
		`/agents/desk-agent/${'a'.repeat(201)}`,
		'/api/v1/agents/chat-agent/a',
		'x/agents/chat-agent/a'
	])('%s is none', (path) => {
		expect(policies.find(path)).toBeNull();
	});
});

describe('access', () => {
	const websocket = { method: 'GET', isUpgrade: true };

	it('by websocket is reading where frames are checked, and sending where they are not', () => {
		expect(accessOf(found('desk-agent/a'), websocket)).toBe('read');
		expect(accessOf(found('chat-agent/a'), websocket)).toBe('send');
		expect(accessOf(found('chat-agent/a/history'), websocket)).toMatchObject({ status: 404 });
	});

	it('by HTTP is what the entry says of path and method', () => {
		const desk = found('desk-agent/a/note');
		expect(accessOf(desk, { method: 'HEAD', isUpgrade: false })).toBe('read');
		expect(accessOf(desk, { method: 'POST', isUpgrade: false })).toBe('send');
		expect(accessOf(desk, { method: 'PUT', isUpgrade: false })).toMatchObject({ status: 405 });
		for (const path of ['desk-agent/a', 'desk-agent/a/constructor', 'desk-agent/a/note/x']) {
			expect(accessOf(found(path), { method: 'GET', isUpgrade: false })).toMatchObject({
				status: 404
			});
		}
	});

	it('takes any role to read, and an operator to send unless the entry says otherwise', () => {
		expect(refusedAccess(found('chat-agent/a'), 'read', person('admin'))).toBeNull();
		expect(refusedAccess(found('chat-agent/a'), 'read', person())).toMatchObject({ status: 403 });
		expect(refusedAccess(found('chat-agent/a'), 'send', person('operator'))).toBeNull();
		expect(refusedAccess(found('chat-agent/a'), 'send', person('admin'))?.detail).toBe(
			'chat-agent/a requires the role operator. ana has admin.'
		);
		expect(refusedAccess(found('desk-agent/a'), 'send', person('approver'))).toBeNull();
		expect(refusedAccess(found('desk-agent/a'), 'send', person('operator'))?.detail).toContain(
			'approver or admin'
		);
	});
});
