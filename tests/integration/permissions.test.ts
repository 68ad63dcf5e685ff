// One table of who may, checked at every door: HTTP, the websocket, and each Agent's own URL.
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import {
	encodeIdentity,
	IDENTITY_HEADER,
	operationOf,
	OPERATIONS,
	ROLES,
	type AuditEntry,
	type OperationName,
	type Role
} from '../../src/lib/protocol';
import { ADA, EVE, nameOf, OTTO, PIA, VERA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();
const everyone: readonly Role[] = ROLES;
const nobody = { workflow: 'REFUND', id: 'nobody' };
const here = '/runs/REFUND/nobody';
const criteria = { q: 'id:nobody' };
const job = { action: 'pause', select: criteria };

type Rule = {
	/** Who may; written down here once more, so that the Worker's table cannot change unseen. */
	roles: readonly Role[];
	/** Over HTTP; null for what only the websocket offers. */
	http: [method: string, path: string, body?: unknown] | null;
	/** Over the websocket, beside the type. */
	request: object;
};

const policy = { name: 'nobody', age: '30d', schedule: '0 3 * * *' };

const RULES: Record<OperationName, Rule> = {
	'workflows.list': { roles: everyone, http: ['GET', '/workflows'], request: {} },
	'runs.list': { roles: everyone, http: ['GET', '/runs'], request: { query: {} } },
	'runs.suggest': { roles: everyone, http: null, request: { of: 'metadata-keys' } },
	'runs.export': { roles: everyone, http: ['GET', '/runs/export'], request: { query: {} } },
	'run.get': { roles: everyone, http: ['GET', here], request: nobody },
	'run.events': { roles: everyone, http: ['GET', `${here}/events`], request: nobody },
	'run.around': { roles: everyone, http: ['GET', `${here}/around`], request: nobody },
	'run.audit': { roles: everyone, http: ['GET', `${here}/audit`], request: nobody },
	'run.start': {
		roles: ['operator'],
		http: ['POST', '/runs', { workflow: 'NO_SUCH' }],
		request: { workflow: 'NO_SUCH' }
	},
	'run.adopt': { roles: ['operator'], http: ['POST', `${here}/adopt`, {}], request: nobody },
	'run.pause': { roles: ['operator'], http: ['POST', `${here}/pause`], request: nobody },
	'run.resume': { roles: ['operator'], http: ['POST', `${here}/resume`], request: nobody },
	'run.terminate': { roles: ['operator'], http: ['POST', `${here}/terminate`], request: nobody },
	'run.restart': { roles: ['operator'], http: ['POST', `${here}/restart`], request: nobody },
	'run.undo': { roles: ['operator'], http: ['POST', `${here}/undo`], request: nobody },
	'run.send-event': {
		roles: ['operator'],
		http: ['POST', `${here}/events`, { type: 'x' }],
		request: { ...nobody, event: { type: 'x' } }
	},
	'run.pin': {
		roles: ['operator', 'admin'],
		http: ['PUT', `${here}/pin`],
		request: { ...nobody, pinned: true }
	},
	'run.delete': { roles: ['admin'], http: ['DELETE', here], request: nobody },
	'agents.list': { roles: everyone, http: ['GET', '/agents'], request: { query: {} } },
	'approvals.list': { roles: everyone, http: ['GET', '/approvals'], request: { query: {} } },
	'approval.get': {
		roles: everyone,
		http: ['GET', '/approvals/ap_nobody'],
		request: { id: 'ap_nobody' }
	},
	'approval.decide': {
		roles: ['approver'],
		http: ['POST', '/approvals/ap_nobody/decision', { approved: true }],
		request: { id: 'ap_nobody', decision: { approved: true } }
	},
	'approval.undo': {
		roles: ['approver'],
		http: ['POST', '/approvals/ap_nobody/undo'],
		request: { id: 'ap_nobody' }
	},
	'approval.deliver-now': {
		roles: ['approver'],
		http: ['POST', '/approvals/ap_nobody/deliver-now'],
		request: { id: 'ap_nobody' }
	},
	'approval.claim': {
		roles: ['approver'],
		http: ['POST', '/approvals/ap_nobody/claim'],
		request: { id: 'ap_nobody' }
	},
	'approval.release': {
		roles: ['approver', 'admin'],
		http: ['POST', '/approvals/ap_nobody/release'],
		request: { id: 'ap_nobody' }
	},
	'approval.hand-over': {
		roles: ['approver', 'admin'],
		http: ['POST', '/approvals/ap_nobody/hand-over', { to: 'ben' }],
		request: { id: 'ap_nobody', to: 'ben' }
	},
	'approvals.decide-many': {
		roles: ['approver'],
		http: ['POST', '/approvals/decisions', { ids: ['ap_nobody'], decision: { approved: true } }],
		request: { ids: ['ap_nobody'], decision: { approved: true } }
	},
	'approvals.figures': {
		roles: everyone,
		http: ['GET', '/approvals/figures'],
		request: { query: {} }
	},
	'approval.open-link': {
		roles: everyone,
		http: ['GET', '/links/nobody'],
		request: { token: 'nobody' }
	},
	'webhooks.list': { roles: ['admin'], http: ['GET', '/webhooks'], request: {} },
	'webhook.create': {
		roles: ['admin'],
		http: ['POST', '/webhooks', { url: 'http://localhost:1' }],
		request: { webhook: { url: 'http://localhost:1' } }
	},
	'webhook.delete': {
		roles: ['admin'],
		http: ['DELETE', '/webhooks/wh_nobody'],
		request: { id: 'wh_nobody' }
	},
	'purge.preview': {
		roles: ['admin'],
		http: ['POST', '/purges', { criteria, dryRun: true }],
		request: { criteria }
	},
	'policies.list': { roles: ['admin'], http: ['GET', '/policies'], request: {} },
	'policy.preview': {
		roles: ['admin'],
		http: ['POST', '/policies', { ...policy, dryRun: true }],
		request: { policy }
	},
	'policy.save': {
		roles: ['admin'],
		http: ['PUT', '/policies/rp_nobody', policy],
		request: { id: 'rp_nobody', policy }
	},
	'policy.delete': {
		roles: ['admin'],
		http: ['DELETE', '/policies/rp_nobody'],
		request: { id: 'rp_nobody' }
	},
	'policy.run': {
		roles: ['admin'],
		http: ['POST', '/policies/rp_nobody/run'],
		request: { id: 'rp_nobody' }
	},
	'purges.list': { roles: ['admin'], http: ['GET', '/purges'], request: { query: {} } },
	'purge.get': {
		roles: ['admin'],
		http: ['GET', '/purges/nobody'],
		request: { id: 'nobody' }
	},
	'purge.export': {
		roles: ['admin'],
		http: ['GET', '/purges/nobody/export'],
		request: { id: 'nobody' }
	},
	'purge.pause': {
		roles: ['admin'],
		http: ['POST', '/purges/nobody/pause'],
		request: { id: 'nobody' }
	},
	'purge.resume': {
		roles: ['admin'],
		http: ['POST', '/purges/nobody/resume'],
		request: { id: 'nobody' }
	},
	'purge.abort': {
		roles: ['admin'],
		http: ['POST', '/purges/nobody/abort'],
		request: { id: 'nobody' }
	},
	'tombstones.list': { roles: ['admin'], http: ['GET', '/tombstones'], request: { query: {} } },
	'purge.start': {
		roles: ['admin'],
		http: ['POST', '/purges', { criteria }],
		request: { criteria }
	},
	// The table lets admins in too; to pause, the job's own action wants an operator.
	'bulk.preview': {
		roles: ['operator'],
		http: ['POST', '/bulk-actions', { ...job, dryRun: true }],
		request: { job }
	},
	'bulk.start': { roles: ['operator'], http: ['POST', '/bulk-actions', job], request: { job } },
	'bulk.get': {
		roles: everyone,
		http: ['GET', '/bulk-actions/nobody'],
		request: { id: 'nobody', query: {} }
	},
	'bulk.abort': {
		roles: ['operator', 'admin'],
		http: ['POST', '/bulk-actions/nobody/abort'],
		request: { id: 'nobody' }
	},
	'bulk.retry': {
		roles: ['operator', 'admin'],
		http: ['POST', '/bulk-actions/nobody/retry'],
		request: { id: 'nobody' }
	},
	'audit.export': { roles: ['admin'], http: ['GET', '/audit/export'], request: { query: {} } },
	'audit.verify': { roles: ['admin'], http: ['GET', '/audit/verify'], request: {} },
	'audit.list': { roles: ['admin'], http: ['GET', '/audit'], request: { query: {} } },
	'views.list': { roles: everyone, http: ['GET', '/views'], request: {} },
	'view.save': {
		roles: everyone,
		http: ['PUT', '/views/nobody', { name: 'x' }],
		request: { id: 'nobody', view: { name: 'x' } }
	},
	'view.delete': { roles: everyone, http: ['DELETE', '/views/nobody'], request: { id: 'nobody' } },
	'view.pin': {
		roles: everyone,
		http: ['PUT', '/views/nobody/pin'],
		request: { id: 'nobody', pinned: true }
	},
	'fleet.reindex': { roles: ['admin'], http: ['POST', '/fleet/reindex'], request: {} },
	'bindings.list': { roles: ['admin'], http: ['GET', '/bindings'], request: {} },
	'binding.preview': {
		roles: ['admin'],
		http: ['POST', '/bindings/NOBODY/migrate', { to: 'REFUND', dryRun: true }],
		request: { from: 'NOBODY', to: 'REFUND' }
	},
	'binding.migrate': {
		roles: ['admin'],
		http: ['POST', '/bindings/NOBODY/migrate', { to: 'REFUND' }],
		request: { from: 'NOBODY', to: 'REFUND' }
	},
	'doctor.check': { roles: ['admin'], http: ['GET', '/doctor'], request: {} },
	'doctor.fix': {
		roles: ['admin'],
		http: ['POST', '/doctor/fixes', { fix: 'report-all', agent: 'store-agent/nobody' }],
		request: { fix: 'report-all', agent: 'store-agent/nobody' }
	}
};
const PEOPLE: Record<Role, string> = { viewer: VERA, operator: OTTO, approver: PIA, admin: ADA };
const rules = Object.entries(RULES).map(([type, rule]) => ({ type, ...rule }));
const overHttp = rules.flatMap(({ http, ...rule }) => (http ? [{ ...rule, http }] : []));

async function audited(query = ''): Promise<AuditEntry[]> {
	const { body } = await signalbox.as(ADA).get(`/audit?limit=100${query}`);
	return (body as { entries: AuditEntry[] }).entries; // as the API describes it
}

describe('each request', () => {
	test.each(overHttp)('$type over HTTP', async ({ roles, http }) => {
		const [method, path, body] = http;
		for (const role of ROLES) {
			const reply = await signalbox.as(PEOPLE[role]).call(method, path, body);
			if (roles.includes(role)) {
				expect(reply.status, `${role}: ${JSON.stringify(reply.body)}`).not.toBe(403);
				continue;
			}
			const { detail } = problemOf(reply, 403, 'forbidden');
			expect(detail).toContain(`requires the role ${roles.join(' or ')}`);
			expect(detail).toContain(nameOf(PEOPLE[role]));
		}
		problemOf(await signalbox.as('nix:').call(method, path, body), 403, 'forbidden');
	});

	test.each(rules)('$type over the websocket', async ({ type, roles, request }) => {
		for (const role of ROLES) {
			const socket = await signalbox.connect('operations-agent/main', {
				as: PEOPLE[role],
				sdk: true
			});
			const answer = await socket.perform({ type, ...request });
			const forbidden = { ok: false, problem: { type: 'urn:signalbox:problem:forbidden' } };
			if (roles.includes(role)) expect(answer, role).not.toMatchObject(forbidden);
			else expect(answer, role).toMatchObject(forbidden);
			await socket.close();
		}
	});

	/** Where limited roles are judged, written down once more. */
	const outcomeOf = (
		name: OperationName,
		role: Role,
		scope: string
	): 'refused' | 'hidden' | 'let in' => {
		const { place, input } = operationOf(name);
		const { roles } = RULES[name];
		switch (place) {
			case 'workspace':
				return 'refused';
			case 'approval':
			case 'job':
				return 'hidden'; // there is none of that id
			case 'visible':
				return roles.includes(role) ? 'let in' : 'refused';
			case 'new-run':
				return 'refused'; // of a workflow, or at an Agent, that is not theirs
			case 'run': {
				expect(Object.keys(Reflect.get(input, 'shape') as object)).toContain('workflow');
				if (scope !== 'REFUND') return 'hidden';
				return roles.includes(role) ? 'let in' : 'refused';
			}
		}
	};
	const LIMITED = ['viewer', 'operator', 'approver'] as const;
	const SCOPES = ['REFUND', 'FOLLOW_UP', 'store-agent/nobody'];

	test.each(rules)('$type with limited roles, both ways in', async ({ type, http, request }) => {
		const name = type as OperationName; // the rules are one for each type
		for (const role of LIMITED) {
			for (const scope of SCOPES) {
				const as = `lim:${role}:${scope}`;
				const adopted = name === 'run.adopt' && role === 'operator' && scope === 'REFUND';
				const expected = adopted ? 'let in' : outcomeOf(name, role, scope);
				const statuses = expected === 'refused' ? [403] : expected === 'hidden' ? [404] : null;
				const socket = await signalbox.connect('operations-agent/main', { as, sdk: true });
				const answer = await socket.perform({ type, ...request });
				await socket.close();
				const { problem } = answer as { problem?: { status: number } };
				const reply = http ? await signalbox.as(as).call(...http) : null;
				for (const status of [problem?.status ?? 200, reply?.status ?? problem?.status ?? 200]) {
					const said = `${as}: ${status} ${JSON.stringify(answer)}`;
					if (statuses) expect(statuses, said).toContain(status);
					else expect(status, said).not.toBe(403);
				}
			}
		}
	});

	test('leaves its mark in the audit when it changes something, done or refused', async () => {
		const refused = (await audited()).filter(({ result }) => result === 'forbidden');
		for (const { type, roles } of rules) {
			const people = ROLES.filter((role) => !roles.includes(role)).map((role) =>
				nameOf(PEOPLE[role])
			);
			const who = new Set(
				(await audited(`&action=${type}`))
					.filter(({ result }) => result === 'forbidden')
					.map(({ by }) => by)
					.filter((by) => by !== 'lim')
			);
			const isChange = OPERATIONS[type as OperationName].changes; // the rules are one for each type
			expect([...who].toSorted(), type).toEqual(isChange ? [...people, 'nix'].toSorted() : []);
		}
		expect(refused.length).toBeGreaterThan(0);
		const [purge] = await audited('&action=purge.start&by=ada');
		expect(purge).toMatchObject({ by: 'ada', result: 'done', detail: { criteria } });
		expect(purge?.target).toMatch(/^PURGE\//);
	});
});

/** Has an aisle report a run: an Agent that never did is there for operators only. */
async function madeKnown(): Promise<void> {
	const [id, aisle] = ['permissions-1', 'store-agent/berlin/sub/aisle-agent/1'];
	const started = await signalbox.as(EVE).post('/runs', {
		...{ workflow: 'AISLE_COUNT', id, agent: aisle },
		params: { aisle: '1' }
	});
	expect([201, 409]).toContain(started.status);
	await signalbox.as(EVE).runEnded({ workflow: 'AISLE_COUNT', id });
}

describe('an Agent’s own doors', () => {
	const start = { type: 'start', workflow: 'FOLLOW_UP', params: { message: 'x', after: '1 hour' } };

	test.each([
		'store-agent/berlin',
		'operations-agent/main',
		'store-agent/berlin/sub/aisle-agent/1'
	])('%s lets a viewer look and nothing else', async (agent) => {
		await madeKnown();
		const socket = await signalbox.connect(agent, { as: VERA });
		for (const frame of [
			start,
			{ type: 'pause', workflow: 'FOLLOW_UP', id: 'x' },
			{ type: 'resume', workflow: 'FOLLOW_UP', id: 'x' },
			{ type: 'cancel', workflow: 'FOLLOW_UP', id: 'x' }
		]) {
			socket.send(frame);
			const { json } = await socket.ofType('error');
			expect(json, frame.type).toMatchObject({
				problem: { status: 403, detail: expect.stringContaining('requires the role operator') }
			});
		}
		socket.send({ type: 'status', workflow: 'FOLLOW_UP', id: 'x' });
		const looked = await socket.ofType('error');
		expect(looked.json).toMatchObject({ problem: { status: 404 } });

		const posted = await signalbox
			.as(VERA)
			.fetch(`/agents/${agent}/start`, { method: 'POST', body: JSON.stringify(start) });
		expect(posted.status).toBe(403);
		expect((await signalbox.as(VERA).fetch(`/agents/${agent}/state`)).status).toBe(200);
		expect((await signalbox.as('nix:').fetch(`/agents/${agent}/state`)).status).toBe(403);
		const { body } = await signalbox.as(VERA).get('/runs');
		expect((body as { runs: { workflow: string }[] }).runs).not.toContainEqual(
			expect.objectContaining({ workflow: 'FOLLOW_UP' })
		);
		await socket.close();
	});

	test('a store’s methods are called by an operator only', async () => {
		const viewer = await signalbox.connect('store-agent/berlin', { as: VERA, sdk: true });
		const refused = await viewer.rpc('units');
		expect(refused).toMatchObject({ success: false });
		expect(refused['error']).toMatch(/requires the role operator\. vera has viewer/);
		await viewer.close();
		const operator = await signalbox.connect('store-agent/berlin', { as: OTTO, sdk: true });
		// No @callable: refused all the same, but not for who asks.
		const answer = await operator.rpc('units');
		expect(String(answer['error'])).not.toMatch(/role/);
		await operator.close();
	});

	test('nobody writes the state of the Operations agent', async () => {
		const socket = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
		socket.send({ type: 'cf_agent_state', state: { counts: { running: 99 } } });
		await socket.next(({ json }) => json['type'] === 'cf_agent_state_error');
		const response = await signalbox.as(VERA).fetch('/agents/operations-agent/main/state');
		expect(await response.text()).not.toContain('99');
		await socket.close();
	});

	test('who has no role sees no view, and only an admin sees the audit', async () => {
		for (const [as, kind] of [
			['nix:', 'runs'],
			['nix:', 'approvals'],
			[VERA, 'audit'],
			[PIA, 'audit']
		] as const) {
			const socket = await signalbox.connect('operations-agent/main', { as, sdk: true });
			socket.send({ type: 'watch', watch: 'w', view: { kind, query: {} } });
			const { text } = await socket.next(
				({ json }) => json['type'] === 'error' || json['type'] === 'change'
			);
			expect(text, `${as} ${kind}`).toContain('urn:signalbox:problem:forbidden');
			expect(text).not.toContain('"entries"');
			await socket.close();
		}
	});
});

describe('who asks', () => {
	const foreign = { origin: 'https://evil.example' };

	test('a changing request from a foreign origin is refused, reading is not', async () => {
		const start = { workflow: 'FOLLOW_UP', params: { message: 'x', after: '1 hour' } };
		const posted = await signalbox.as().call('POST', '/runs', start, foreign);
		problemOf(posted, 403, 'foreign-origin');
		problemOf(await signalbox.as().call('DELETE', here, undefined, foreign), 403, 'foreign-origin');
		const nothing = await signalbox.as().call('POST', '/runs', start, { origin: 'null' });
		problemOf(nothing, 403, 'foreign-origin');
		expect((await signalbox.as().call('GET', '/runs', undefined, foreign)).status).toBe(200);
		const own = { origin: signalbox.url.origin };
		expect((await signalbox.as().call('POST', '/runs', start, own)).status).toBe(201);
	});

	test.each(['operations-agent/main', 'store-agent/berlin'])(
		'a websocket from a foreign origin is refused at %s',
		async (agent) => {
			expect(await upgrade(`/agents/${agent}`, foreign)).toBe(403);
			expect(await upgrade(`/agents/${agent}`, { origin: signalbox.url.origin })).toBe(101);
		}
	);

	test('is never what the request claims by the Worker’s own header', async () => {
		const admin = encodeIdentity({
			subject: 'local:mallory',
			name: 'mallory',
			email: null,
			roles: ['admin'],
			local: true
		});
		const headers = { [IDENTITY_HEADER]: admin };
		const me = await signalbox.as(VERA).call('GET', '/me', undefined, headers);
		expect(me.body).toMatchObject({ name: 'vera', roles: ['viewer'] });
		const audit = await signalbox.as(VERA).call('GET', '/audit', undefined, headers);
		problemOf(audit, 403, 'forbidden');
		const socket = await signalbox.connect('operations-agent/main', {
			as: VERA,
			headers,
			sdk: true
		});
		expect(await socket.perform({ type: 'audit.list', query: {} })).toMatchObject({ ok: false });
		await socket.close();
	});

	test('is refused when it is no identity at all', async () => {
		for (const identity of ['ana:king', ':viewer', 'ana:viewer,root']) {
			problemOf(await signalbox.as(identity).get('/me'), 401, 'unauthenticated');
		}
	});

	test.each([
		['localhost', 200],
		['127.0.0.1', 200],
		['[::1]', 200],
		['signalbox.example.com', 403],
		['localhost.example.com', 403],
		['192.168.1.20', 403]
	])('signs in locally at %s: %i', async (host, status) => {
		const response = await signalbox.harness.fetch(`http://${host}/api/v1/me`, {
			headers: { authorization: `Local ${EVE}` }
		});
		expect(response.status).toBe(status);
		expect(await response.text()).toContain(status === 200 ? '"eve"' : 'foreign-host');
	});
});

/** Asks for a websocket as a browser does; the status of the answer. */
function upgrade(path: string, headers: Record<string, string>): Promise<number> {
	const { promise, resolve, reject } = Promise.withResolvers<number>();
	const asking = httpRequest(new URL(path, signalbox.url), {
		headers: {
			connection: 'Upgrade',
			upgrade: 'websocket',
			'sec-websocket-version': '13',
			'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
			authorization: `Local ${EVE}`,
			...headers
		}
	});
	asking.on('upgrade', (response, socket) => {
		socket.destroy();
		resolve(response.statusCode ?? 0);
	});
	asking.on('response', (response) => {
		response.resume();
		resolve(response.statusCode ?? 0);
	});
	asking.on('error', reject);
	asking.end();
	return promise;
}
