// Every way in that the contract knows × everybody who can come: generated, so that a new operation,
// view or method is tested without a line here. What each request answers to whom, when it is let in,
// permissions.test.ts says.
import { readFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import {
	API_ROOT,
	OPERATION_NAMES,
	operationOf,
	refusalAnywhere,
	ROLES,
	routesOf,
	VIEW_REQUESTS,
	viewSchema,
	type Identity,
	type OperationName,
	type ViewKind
} from '../../src/lib/protocol';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const LIMITED = ['viewer:REFUND', 'operator:store-agent/berlin', 'approver:REFUND'];
const PEOPLE = [...ROLES, ...LIMITED, ''];

const identityOf = (given: string): Identity => ({
	...{ subject: 'local:who', name: 'who', email: null },
	roles: ROLES.filter((role) => role === given),
	...(given.includes(':') ? { scopedRoles: [given] } : {})
});

/** Members of paths; any that is not listed is the word `none`. */
const SAMPLE: Record<string, string> = { workflow: 'REFUND', id: 'none', token: 'none' };

const routes = OPERATION_NAMES.flatMap((name) =>
	routesOf(name).map(({ method, path }) => ({
		...{ name, method },
		path: `${API_ROOT}${path.replaceAll(/\{(\w+)\}/g, (_all, key) => SAMPLE[String(key)] ?? 'none')}`
	}))
);

/** The status of a request, with the headers as they are given. */
function statusOf(
	method: string,
	path: string,
	headers: Record<string, string>
): Promise<{ status: number; text: string }> {
	const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
	const asking = httpRequest(new URL(path, signalbox.url), { method, headers });
	asking.on('response', async (response) => {
		const text = (await response.toArray()).join('');
		resolve({ status: response.statusCode ?? 0, text });
	});
	asking.on('error', reject);
	asking.end();
	return promise;
}

describe.each(routes)('$method $path ($name)', ({ name, method, path }) => {
	test('is closed to whoever does not say who they are in a way that is read', async () => {
		for (const authorization of ['Local who:king', 'Local :viewer', 'Local who:admin:REFUND']) {
			const { status, text } = await statusOf(method, path, { authorization });
			expect(status, authorization).toBe(401);
			expect(text).toContain('unauthenticated');
		}
	});

	test('is closed at a foreign host, and to a foreign page that would change something', async () => {
		const authorization = 'Local who:viewer,operator,approver,admin';
		const foreign = await statusOf(method, path, { authorization, host: 'evil.example' });
		expect(foreign.status).toBe(403);
		expect(foreign.text).toContain('foreign-host');
		if (method === 'GET') return;
		const crossed = await statusOf(method, path, { authorization, origin: 'https://evil.example' });
		expect(crossed.status).toBe(403);
		expect(crossed.text).toContain('foreign-origin');
	});

	test('is closed to whoever has none of its roles, whatever the body', async () => {
		for (const given of PEOPLE) {
			if (refusalAnywhere(name, identityOf(given)) === null) continue;
			for (const type of ['application/json', 'text/plain']) {
				const headers = { authorization: `Local who:${given}`, 'content-type': type };
				const { status, text } = await statusOf(method, path, headers);
				// A job and a dry run share an address: which it is, the body says.
				expect([403, 404], `${given}: ${text}`).toContain(status);
				expect(text).toMatch(/forbidden|unknown-|not-found/);
			}
		}
	});
});

/** Something to look at, of each kind of view. */
const VIEWS: Record<ViewKind, object> = {
	runs: { query: {} },
	run: { workflow: 'REFUND', id: 'none' },
	approvals: { query: {} },
	approval: { id: 'ap_nothing' },
	activity: {},
	audit: { query: {} },
	views: {},
	agents: {},
	'run-audit': { workflow: 'REFUND', id: 'none' },
	summary: {}
};

describe('a view over the websocket', () => {
	test('there is one of each kind here', () => {
		const kinds = viewSchema.options.map(({ shape }) => shape.kind.value);
		expect(Object.keys(VIEWS).toSorted()).toEqual(kinds.toSorted());
	});

	test.each(PEOPLE)('is open to the roles of its operation: %s', async (given) => {
		const socket = await signalbox.connect('operations-agent/main', {
			...{ as: `who:${given}`, sdk: true }
		});
		for (const [kind, members] of Object.entries(VIEWS)) {
			socket.send({ type: 'watch', watch: kind, view: { kind, ...members } });
			const { text } = await socket.next(({ json }) => json['watch'] === kind);
			const request = VIEW_REQUESTS[kind as ViewKind]; // a key of VIEWS
			const isRefused = refusalAnywhere(request, identityOf(given)) !== null;
			expect(text.includes('problem:forbidden'), `${kind}: ${text}`).toBe(isRefused);
		}
		await socket.close();
	});
});

/** The methods that a class of ours declares, callable or not. */
function methodsIn(file: string): string[] {
	const source = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
	const found = source.matchAll(/^\t(?:override |protected |async |get |set )*#?(\w+)\(/gm);
	return [...new Set([...found].flatMap(([, name]) => name ?? []))];
}
/** What the SDK's Agents and Durable Objects have. */
const SDK_METHODS = [
	...['setState', 'destroy', 'sql', 'schedule', 'queue', 'runWorkflow', 'approveWorkflow'],
	...['terminateWorkflow', 'deleteWorkflows', 'migrateWorkflowBinding', 'getWorkflow', 'alarm'],
	...['fetch', 'onRequest', 'onStart', 'deleteSubAgent', 'getConnections', 'broadcast', 'mcp']
];

describe.each([
	['operations-agent/main', 'lib/agent/operations/operations-agent.ts', ['perform']],
	['store-agent/berlin', 'samples/store-agent.ts', []]
] as const)('methods of %s', (agent, file, callable) => {
	test('are not called over a websocket, but for those that are meant to be', async () => {
		const methods = [...methodsIn(file), ...SDK_METHODS].filter(
			(method) => !callable.some((name) => name === method)
		);
		expect(methods.length).toBeGreaterThan(SDK_METHODS.length);
		const socket = await signalbox.connect(agent, {
			as: 'who:viewer,operator,approver,admin',
			sdk: true
		});
		for (const method of methods) {
			const answer = await socket.rpc(method);
			expect(answer, method).toMatchObject({ success: false });
			expect(String(answer['error']), method).toContain('does not exist or is not callable');
		}
		await socket.close();
	});
});

test('each operation says where it takes place, and only an admin’s concern is the whole', () => {
	for (const name of OPERATION_NAMES) {
		const { place, roles } = operationOf(name satisfies OperationName);
		if (place === 'workspace') expect(roles, name).toEqual(['admin']);
	}
});
