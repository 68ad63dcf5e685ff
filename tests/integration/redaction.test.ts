// One secret is planted in every kind of value; then it is looked for in everything that leaves the
// server: each answer of the API, frames, streams, files, webhooks. The workflow gets the real one.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
	OPERATION_NAMES,
	OPERATIONS,
	REDACTED,
	routesOf,
	type RunRef
} from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { EVE, PIA } from './support/people';
import { problemOf, type Person } from './support/person';
import { useSignalbox } from './support/signalbox';
import type { Socket } from './support/socket';
import { Watching } from './support/watching';

const SECRET = 'hunter2-4f9c';
const signalbox = useSignalbox();

let receiver: Server;
let host: string;
const received: string[] = [];

beforeAll(async () => {
	receiver = createServer((request, response) => {
		let text = request.url ?? '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			received.push(text);
			response.end();
		});
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	host = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`; // it listens on a port
});

afterAll(() => {
	receiver.closeAllConnections();
	receiver.close();
});

/** What was answered to anybody so far, by what was asked. */
const answers: [asked: string, answer: string][] = [];

type Asking = { as?: string; accept?: string };

async function ask(method: string, path: string, body?: object, asking: Asking = {}) {
	const { as = EVE, accept = 'application/json' } = asking;
	const response = await signalbox.as(as).fetch(`/api/v1${path}`, {
		method,
		headers: { 'content-type': 'application/json', accept },
		...(body && { body: JSON.stringify(body) })
	});
	const text = await response.text();
	answers.push([`${method} ${path} ${accept}`, text + JSON.stringify([...response.headers])]);
	return {
		status: response.status,
		body: /[/+]json/.test(response.headers.get('content-type') ?? '') ? JSON.parse(text) : text
	};
}

/** Everything that can be asked with GET of a run, its approval and the whole. */
async function askEverything(run: RunRef, approval: string, job: string): Promise<void> {
	const reads = OPERATION_NAMES.filter((name) => !OPERATIONS[name].changes);
	for (const { method, path } of reads.flatMap((name) => routesOf(name))) {
		if (method !== 'GET') continue;
		const id = path.startsWith('/approvals') ? approval : path.startsWith('/bulk') ? job : run.id;
		await ask('GET', path.replace('{workflow}', run.workflow).replace('{id}', id));
	}
	for (const format of ['csv', 'ndjson']) await ask('GET', `/runs/export?format=${format}`);
	for (const q of [SECRET, `password:${SECRET}`, `error:${SECRET}`]) {
		const { body } = await ask('GET', `/runs?q=${encodeURIComponent(q)}`);
		expect(body.total, q).toBe(0);
	}
	const page = await signalbox.as().fetch(`/runs/${run.workflow}/${run.id}`);
	answers.push(['the page', await page.text()]);
	await ask('GET', `/runs/${run.workflow}/${run.id}/events`, undefined, {
		accept: 'text/event-stream'
	});
}

function watchEverything(socket: Socket, run: RunRef, approval: string): void {
	Watching.runs(socket, {});
	Watching.run(socket, run.workflow, run.id);
	Watching.audit(socket, { kind: 'run-audit', ...run });
	Watching.whole(socket, { kind: 'approvals', query: {} });
	Watching.whole(socket, { kind: 'approval', id: approval });
	Watching.whole(socket, { kind: 'audit', query: {} });
}

async function waitsForKey(person: Person, run: RunRef): Promise<void> {
	await person.runWhen(run, ({ waitingFor }) => waitingFor?.eventType === 'key');
}

test('a secret in any kind of value never leaves the server, and reaches its workflow', async () => {
	const eve = signalbox.as();
	const url = `${host}/hook?token=${SECRET}`;
	const webhook = await ask('POST', '/webhooks', { url });
	expect(webhook.status).toBe(201);
	const socket = await signalbox.connect('operations-agent/main', { as: EVE, sdk: true });
	const plain = await signalbox.connect('store-agent/berlin', { as: EVE });

	const start = (id: string, fails: boolean) =>
		ask('POST', '/runs', {
			...{ workflow: 'SECRETS', id, params: { password: SECRET, fails, iban: SECRET } },
			metadata: { sessionToken: SECRET, pin: SECRET, team: 'a' }
		});
	const [ends, fails] = [
		{ workflow: 'SECRETS', id: 'ends' },
		{ workflow: 'SECRETS', id: 'fails' }
	];
	expect((await start('ends', false)).status).toBe(201);
	expect((await start('fails', true)).status).toBe(201);
	const approval = await eve.approvalOf(ends);
	const other = await eve.approvalOf(fails);
	watchEverything(socket, ends, approval.id);
	watchEverything(socket, fails, other.id);
	plain.send({ type: 'status', ...ends });
	await plain.ofType('workflow_status');
	expect(approval.facts).toEqual({ apiKey: REDACTED, login: { passwd: REDACTED }, shown: 'yes' });
	expect(approval.form?.['properties']).toMatchObject({ password: { type: 'string' } });

	const decision = {
		...{ approved: true, reason: `checked, token=${SECRET}` },
		data: { password: SECRET, note: `token=${SECRET}` }
	};
	for (const id of [approval.id, other.id]) {
		const own = await ask('POST', `/approvals/${id}/decision`, decision);
		expect(own.status).toBe(403);
		const decided = await ask('POST', `/approvals/${id}/decision`, decision, { as: PIA });
		expect(decided.status, JSON.stringify(decided.body)).toBe(200);
	}
	await waitsForKey(eve, ends);
	await waitsForKey(eve, fails);
	const event = { type: 'key', payload: { token: SECRET } };
	const bulk = await ask('POST', '/bulk-actions', {
		...{ action: 'send-event', event, select: { runs: [ends] }, dryRun: false }
	});
	expect(bulk.status).toBe(202);
	expect((await ask('POST', '/runs/SECRETS/fails/events', event)).status).toBe(200);
	await eve.runEnded(bulk.body);

	const ended = await eve.runEnded(ends);
	expect(ended).toMatchObject({
		outcome: 'completed',
		output: { isReal: true, token: REDACTED, log: `{"password":"${REDACTED}"}` },
		params: { password: REDACTED, iban: REDACTED },
		metadata: { password: REDACTED, sessionToken: REDACTED, pin: REDACTED, team: 'a' }
	});
	expect((await eve.runEnded(fails)).error?.message).toContain(`https://${REDACTED}@db.example`);
	await askEverything(ends, approval.id, bulk.body.id);
	await askEverything(fails, other.id, bulk.body.id);
	await ask('POST', '/runs/SECRETS/fails/restart', {});
	await socket.perform({ type: 'runs.suggest', of: { metadata: 'password' }, prefix: '' });
	await socket.perform({ type: 'run.get', ...fails });
	await eventually(
		() => received.length,
		(count) => count >= 2
	);
	answers.push(...received.map((text): [string, string] => ['webhook', text.split('{')[1] ?? '']));
	for (const { text } of [...socket.frames, ...plain.frames]) answers.push(['frame', text]);

	expect(answers.filter(([, text]) => text.includes(REDACTED)).length).toBeGreaterThan(20);
	const leaks = answers.filter(([, text]) => text.includes(SECRET));
	expect(leaks.map(([asked, text]) => [asked, around(text)])).toEqual([]);
	await Promise.all([socket.close(), plain.close()]);
});

/** Where the secret stands in a text. */
function around(text: string): string {
	const at = text.indexOf(SECRET);
	return text.slice(Math.max(0, at - 120), at + 60);
}

test('a masked value is not taken for the real one', async () => {
	const eve = signalbox.as();
	const started = await eve.post('/runs', { workflow: 'SECRETS', params: { password: REDACTED } });
	const refused = problemOf(started, 400, 'invalid-input');
	expect(refused.errors).toMatchObject([{ path: 'params.password' }]);
	const metadata = { a: `token=${REDACTED}` };
	const params = { password: 'x' };
	const tagged = await eve.post('/runs', { workflow: 'SECRETS', params, metadata });
	problemOf(tagged, 400, 'invalid-input');
	const run = await eve.start({ workflow: 'SECRETS', params });
	const approval = await eve.approvalOf(run);
	const decided = await eve.decide(approval, { approved: true, data: approval.initial });
	problemOf(decided, 400, 'invalid-input');
	const event = { type: 'key', payload: { token: REDACTED } };
	problemOf(await eve.post(`/runs/SECRETS/${run.id}/events`, event), 400, 'invalid-input');
});
