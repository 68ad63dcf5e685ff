// Everything under /agents/, by the Worker's policy table: each Agent × path × person × way in. The
// cells are generated from the table, so that a new entry is tested without a line here.
import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { ROLES } from '../../src/lib/protocol';
import { ADA, EVE, OTTO, PIA, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';

// The table needs of the SDK only how it writes class names in URLs, and of workflows nothing.
vi.mock('agents', () => import('../../node_modules/agents/dist/utils.js'));
const { agentPolicies } = await import('../fixtures/policies');

const signalbox = useSignalbox();

const PEOPLE = { none: 'nix:', viewer: VERA, operator: OTTO, approver: PIA, admin: ADA };
type PersonKind = keyof typeof PEOPLE;

/** One that is there for everybody, of each entry of the table. */
const KNOWN: Record<string, string> = {
	OperationsAgent: 'operations-agent/main',
	StoreAgent: 'store-agent/berlin',
	'StoreAgent/AisleAgent': 'store-agent/berlin/sub/aisle-agent/1'
};

/** Addresses that nobody gets past, whatever the roles. */
const NOWHERE = [
	'operations-agent/other',
	'operations-agent/Main',
	'operations-agent/main/sub/operations-agent/x',
	'operations-agent/main/sub/store-agent/berlin',
	'operations-agent/main/sub/aisle-agent/1',
	'operations-agent/sub/aisle-agent/1',
	'store-agent/berlin/sub/operations-agent/x',
	'store-agent/berlin/sub/operations-agent/main',
	'store-agent/berlin/sub/store-agent/x',
	'store-agent/berlin/sub/nope/x',
	'store-agent/berlin/sub/history-reader/x',
	'store-agent/berlin/sub/aisle-agent',
	'store-agent/berlin/sub/aisle-agent/',
	'store-agent/berlin/sub',
	'store-agent/berlin/sub/aisle-agent/1/sub/aisle-agent/2',
	'store-agent/berlin/x/sub/aisle-agent/1',
	'store-agent/sub/aisle-agent/1',
	'store-agent/sub',
	'store-agent/berlin/anything',
	'store-agent/berlin/state/sub/aisle-agent/1',
	'store-agent//berlin',
	'aisle-agent/1',
	'history-reader/x',
	'refund/x',
	'assets/x',
	'nope/x',
	'store-agent',
	'store-agent/',
	'store-agent/a%2Fb',
	`store-agent/${'a'.repeat(201)}`
];

/** Asks with the path as it is; `fetch` would tidy it up. The status of the answer. */
function statusOf(
	path: string,
	options: { as?: string | null; method?: string; headers?: Record<string, string> } = {}
): Promise<number> {
	const { as = EVE, method = 'GET', headers = {} } = options;
	return new Promise((resolve, reject) => {
		const asking = httpRequest(new URL(signalbox.url), {
			path,
			method,
			headers: { ...(as === null ? {} : { authorization: `Local ${as}` }), ...headers }
		});
		asking.on('response', (response) => {
			response.resume();
			resolve(response.statusCode ?? 0);
		});
		asking.on('upgrade', (response, socket) => {
			socket.destroy();
			resolve(response.statusCode ?? 0);
		});
		asking.on('error', reject);
		asking.end();
	});
}

const UPGRADE = {
	connection: 'Upgrade',
	upgrade: 'websocket',
	'sec-websocket-version': '13',
	'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ=='
};

const objects = async (binding: 'OperationsAgent' | 'StoreAgent') =>
	(await signalbox.harness.getWorker().listDurableObjectIds(binding)).toSorted();

async function allObjects(): Promise<string[]> {
	return [...(await objects('OperationsAgent')), ...(await objects('StoreAgent'))];
}

beforeAll(async () => {
	const run = await signalbox.as(EVE).start({
		...{ workflow: 'AISLE_COUNT', id: 'access-1', params: { aisle: '1' } },
		agent: KNOWN['StoreAgent/AisleAgent'] ?? ''
	});
	await signalbox.as(EVE).runEnded(run);
});

describe('the table', () => {
	test('has an address here for each entry', () => {
		expect(Object.keys(KNOWN).toSorted()).toEqual(
			agentPolicies
				.list()
				.map(({ key }) => key)
				.toSorted()
		);
	});
});

describe.each(agentPolicies.list())('$key', ({ key, policy }) => {
	const path = `/agents/${KNOWN[key]}`;
	const send = policy.send ?? ['operator'];
	const may = (kind: PersonKind, access: 'read' | 'send'): boolean => {
		if (access === 'send') return send.some((role) => role === kind);
		return policy.read === 'anyone' || ROLES.some((role) => role === kind);
	};

	test.each(Object.entries(PEOPLE))('as %s, over a websocket', async (kind, as) => {
		const access = policy.frames === 'checked' ? 'read' : 'send';
		// One of the keys of PEOPLE.
		const expected = may(kind as PersonKind, access) ? 101 : 403;
		expect(await statusOf(path, { as, headers: UPGRADE })).toBe(expected);
		for (const leaf of Object.keys(policy.http ?? {})) {
			const status = await statusOf(`${path}/${leaf}`, { as, headers: UPGRADE });
			expect(status, leaf).toBe(404);
		}
	});

	const cells = Object.entries(policy.http ?? {}).flatMap(([leaf, methods]) =>
		['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap((method) =>
			Object.entries(PEOPLE).map(([kind, as]) => ({
				...{ leaf, method, kind, as },
				access: methods[method]
			}))
		)
	);
	test.each(cells)('$method $leaf as $kind', async ({ leaf, method, as, kind, access }) => {
		const status = await statusOf(`${path}/${leaf}`, { as, method });
		if (access === undefined) return expect([403, 405]).toContain(status);
		// One of the keys of PEOPLE. A body is missing, which whoever may send is told.
		const isRefused = as === PEOPLE.none || !may(kind as PersonKind, access);
		if (isRefused) expect(status).toBe(403);
		else expect([200, 400]).toContain(status);
	});
});

describe('an address that the table does not know', () => {
	test.each(NOWHERE)('%s is not there, and no Agent is made', async (address) => {
		const before = await allObjects();
		for (const as of Object.values(PEOPLE)) {
			for (const headers of [{}, UPGRADE]) {
				const plain = await statusOf(`/agents/${address}`, { as, headers });
				expect([as === PEOPLE.none ? 403 : 404, 404], `${as} ${address}`).toContain(plain);
			}
			for (const leaf of ['state', 'start']) {
				const method = leaf === 'start' ? 'POST' : 'GET';
				const status = await statusOf(`/agents/${address}/${leaf}`, { as, method });
				expect([403, 404, 405], `${as} ${address}/${leaf}`).toContain(status);
			}
		}
		expect(await allObjects()).toEqual(before);
	});

	test.each(['store-agent/new-town', 'store-agent/berlin/sub/aisle-agent/new'])(
		'%s is opened by an operator only',
		async (address) => {
			const before = await allObjects();
			for (const as of [VERA, PIA, ADA]) {
				expect(await statusOf(`/agents/${address}`, { as, headers: UPGRADE })).toBe(404);
				expect(await statusOf(`/agents/${address}/state`, { as })).toBe(404);
				expect(await statusOf(`/agents/${address}/start`, { as, method: 'POST' })).toBe(404);
			}
			expect(await allObjects()).toEqual(before);
			expect(await statusOf(`/agents/${address}`, { as: OTTO, headers: UPGRADE })).toBe(101);
		}
	);
});

describe('a name', () => {
	test('means the same Agent however it is encoded', async () => {
		const agent = 'store-agent/M%C3%BCnchen';
		const run = await signalbox.as(EVE).start({
			...{ workflow: 'FOLLOW_UP', params: { message: 'x', after: '1 hour' } },
			agent
		});
		expect(run.agent).toMatchObject({ name: 'München', path: agent });
		const before = await allObjects();
		for (const spelling of [agent, 'store-agent/M%c3%bcnchen', 'store-agent/%4D%C3%BCnchen']) {
			expect(await statusOf(`/agents/${spelling}/state`, { as: VERA })).toBe(200);
		}
		expect(await allObjects()).toEqual(before);
	});
});

describe('with AUTH=local', () => {
	const foreign = { host: 'evil.example:8787' };

	test.each(['/api/v1/me', '/api/v1/runs', '/', '/agents/store-agent/berlin/state'])(
		'%s is refused for a foreign Host, whoever asks',
		async (path) => {
			for (const as of [null, ...Object.values(PEOPLE)]) {
				expect(await statusOf(path, { as, headers: foreign })).toBe(403);
			}
		}
	);

	test('a websocket and a changing request are refused for it too', async () => {
		const headers = { ...foreign, ...UPGRADE };
		expect(await statusOf('/agents/operations-agent/main', { headers })).toBe(403);
		expect(await statusOf('/api/v1/runs', { method: 'POST', headers: foreign })).toBe(403);
	});

	test('a browser’s page of another host does not get by with the local server’s header', async () => {
		const hidden = { ...foreign, 'mf-original-url': `${signalbox.url.origin}/api/v1/me` };
		const browser = { ...hidden, 'accept-language': 'en-US', 'user-agent': 'Mozilla/5.0' };
		expect(await statusOf('/api/v1/me', { headers: browser })).toBe(403);
	});
});

describe('headers that only the Worker and the SDK may set', () => {
	test('have no effect from outside', async () => {
		const inner = `${signalbox.url.origin}/agents/store-agent/berlin/sub/aisle-agent/forged`;
		const props = Buffer.from('{"forged":true}').toString('base64');
		const headers = {
			'x-cf-agents-subagent-url': inner,
			'x-agents-lifecycle-props': props,
			'x-partykit-room': 'forged'
		};
		const state = '/agents/store-agent/berlin/state';
		expect(await statusOf(state, { as: VERA, headers })).toBe(200);
		const upgrade = { ...headers, ...UPGRADE };
		expect(await statusOf('/agents/store-agent/berlin', { as: VERA, headers: upgrade })).toBe(101);
		const { body } = await signalbox.as(EVE).get('/agents');
		expect(JSON.stringify(body)).not.toContain('forged');
	});
});
