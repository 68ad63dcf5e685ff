// Addresses that are told what becomes of approvals, whatever they answer.
import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createdWebhookSchema, type CreatedWebhook, type Webhook } from '../../src/lib/protocol';
import { eventually } from './support/eventually';
import { ADA, PIA, VERA } from './support/people';
import { problemOf } from './support/person';
import { useSignalbox } from './support/signalbox';

type Received = { path: string; headers: IncomingHttpHeaders; text: string; body: Sent };
type Sent = {
	event: string;
	approval: { id: string; title: string; decisions: object[] };
	link: string | null;
};

const signalbox = useSignalbox();
const received: Received[] = [];
let server: Server;
let host: string;

beforeAll(async () => {
	server = createServer((request, response) => {
		const path = request.url ?? '/';
		let text = '';
		request.on('data', (chunk: Buffer) => (text += chunk.toString()));
		request.on('end', () => {
			received.push({ path, headers: request.headers, text, body: JSON.parse(text) as Sent });
			if (path.startsWith('/never')) return;
			if (path.startsWith('/moved'))
				response.writeHead(302, { location: `${host}/elsewhere` }).end();
			else if (path.startsWith('/gone')) response.writeHead(410).end();
			else if (path.startsWith('/flaky') && of(path).length < 2) response.writeHead(500).end();
			else response.end('thanks');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

const of = (path: string) => received.filter((one) => one.path === path);

async function hook(path: string, more: object = {}): Promise<CreatedWebhook> {
	const reply = await signalbox.as(ADA).post('/webhooks', { url: `${host}${path}`, ...more });
	expect(reply.status, JSON.stringify(reply.body)).toBe(201);
	return createdWebhookSchema.parse(reply.body);
}

async function seen({ id }: { id: string }): Promise<Webhook> {
	const { body } = await signalbox.as(ADA).get('/webhooks');
	const found = (body as Webhook[]).find((webhook) => webhook.id === id); // as the API describes it
	if (!found) throw new Error(`There is no webhook ${id}`);
	return found;
}

let count = 0;
async function gate(asked: object = {}) {
	const id = `told-${(count += 1)}`;
	const run = await signalbox
		.as('otto:operator')
		.start({ workflow: 'GATED', id, params: { gates: [asked] } });
	return { run, approval: await signalbox.as().approvalOf(run) };
}

const told = (path: string, event: string) =>
	eventually(
		() => of(path).find(({ body }) => body.event === event),
		(one) => one !== undefined,
		() => `${path} was told: ${of(path).map(({ body }) => body.event)}`
	).then((one) => one as Received);

describe('a webhook', () => {
	test('is told, signed, what it asked for, once each', async () => {
		const webhook = await hook('/all', { severity: ['high'] });
		const { run, approval } = await gate({ severity: 'high' });
		await gate(); // of another severity
		const { headers, text, body } = await told('/all', 'requested');
		expect(body.approval).toMatchObject({ id: approval.id, title: 'Gate 1', decisions: [] });
		const timestamp = String(headers['x-signalbox-timestamp']);
		const expected = createHmac('sha256', webhook.secret).update(`${timestamp}.${text}`);
		expect(headers['x-signalbox-signature']).toBe(`sha256=${expected.digest('hex')}`);

		const decision = { approved: true, reason: 'fine', undoMs: 1_500 };
		await signalbox.as(PIA).decide(approval, decision);
		const decided = await told('/all', 'decided');
		expect(decided.body.approval.decisions).toMatchObject([{ by: 'pia', approved: true }]);
		await signalbox.as().runEnded(run);
		await eventually(
			() => seen(webhook),
			({ sending, delivered }) => sending === 0 && delivered === 2
		);
		expect(of('/all').map(({ body: { event } }) => event)).toEqual(['requested', 'decided']);
		expect((await signalbox.as(ADA).delete(`/webhooks/${webhook.id}`)).status).toBe(204);
	});

	test('hears of escalation, of a deadline that comes near, and of its passing', async () => {
		const webhook = await hook('/times', { events: ['escalated', 'expiring', 'expired'] });
		await gate({ timeout: 6_000, escalateAfter: 2_000, escalateTo: { groups: ['board'] } });
		await told('/times', 'escalated');
		await told('/times', 'expiring');
		await told('/times', 'expired');
		expect(of('/times')).toHaveLength(3);
		await signalbox.as(ADA).delete(`/webhooks/${webhook.id}`);
	});

	test('gets what Slack reads', async () => {
		const webhook = await hook('/slack', { format: 'slack', events: ['requested'] });
		const { approval } = await gate({ severity: 'critical' });
		const [one] = await eventually(
			() => of('/slack'),
			(all) => all.length > 0
		);
		const { text } = JSON.parse(one?.text ?? '{}') as { text: string };
		expect(text).toContain(`:red_circle: *${approval.title}*`);
		expect(text).toContain('|Open the request>');
		await signalbox.as(ADA).delete(`/webhooks/${webhook.id}`);
	});

	test('that fails is tried again; one that moved, or never answers, holds nobody up', async () => {
		const never = await hook('/never', { events: ['requested'] });
		const moved = await hook('/moved', { events: ['requested'] });
		const gone = await hook('/gone', { events: ['requested'] });
		const flaky = await hook('/flaky', { events: ['requested'] });
		const { run, approval } = await gate();
		await eventually(
			() => of('/never').length,
			(tries) => tries > 0
		);
		expect((await signalbox.as(PIA).decide(approval, { approved: true })).status).toBe(200);
		await signalbox.as().runEnded(run);
		const failed = await eventually(
			() => seen(gone),
			(webhook) => webhook.failed === 1
		);
		expect(failed.lastError).toContain('responded with 410');
		expect(of('/moved').length).toBeGreaterThan(0);
		expect(of('/elsewhere')).toEqual([]);
		await eventually(
			() => seen(flaky),
			({ delivered }) => delivered === 1
		);
		await eventually(
			() => of('/flaky').length,
			(tries) => tries >= 2
		);
		const ids = of('/flaky').map(({ headers }) => headers['x-signalbox-delivery']);
		expect(ids).toHaveLength(2);
		expect(new Set(ids).size).toBe(1);
		expect(await seen(never)).toMatchObject({ sending: 1, delivered: 0 });
		for (const { id } of [never, moved, gone, flaky])
			await signalbox.as(ADA).delete(`/webhooks/${id}`);
	});

	test('keeps its secret out of the list and the audit', async () => {
		const secret = 'a-secret-of-somebody';
		const webhook = await hook('/secret/token', { secret, events: ['requested'] });
		expect(webhook.secret).toBe(secret);
		const [list, audit] = await Promise.all([
			signalbox.as(ADA).get('/webhooks'),
			signalbox.as(ADA).get(`/audit?target=${webhook.id}`)
		]);
		expect(JSON.stringify(list.body)).not.toContain(secret);
		expect(audit.body).toMatchObject({
			entries: [{ by: 'ada', action: 'webhook.create', detail: { webhook: { url: host } } }]
		});
		expect(JSON.stringify(audit.body)).not.toMatch(/a-secret|\/secret/);
		await signalbox.as(ADA).delete(`/webhooks/${webhook.id}`);
		problemOf(await signalbox.as(ADA).delete(`/webhooks/${webhook.id}`), 404, 'not-found');
	});
});

describe('a webhook at an address that is not public', () => {
	test.each([
		'http://192.168.0.1/hook',
		'http://169.254.169.254/latest',
		'http://[::1]:9/hook',
		'https://metadata.internal/x'
	])('%s is refused when it is created', async (url) => {
		const refused = await signalbox.as(ADA).post('/webhooks', { url });
		expect(problemOf(refused, 400, 'invalid-input').errors).toMatchObject([{ path: 'url' }]);
	});
});

describe('a link', () => {
	test('leads one person to the request, and decides nothing', async () => {
		const webhook = await hook('/link', { events: ['requested'] });
		const { approval } = await gate();
		const { body } = await told('/link', 'requested');
		const link = new URL(body.link ?? '');
		const open = (accept: string, { as = VERA, path = link.pathname } = {}) =>
			signalbox.as(as).fetch(path, { redirect: 'manual', headers: { accept } });
		expect((await signalbox.as(VERA).fetch(link.pathname, { method: 'HEAD' })).status).toBe(200);

		const nobody = await fetch(link, {
			redirect: 'manual',
			headers: { authorization: 'Local nix:', accept: 'application/json' }
		});
		expect(nobody.status).toBe(403);

		const first = await open('text/html');
		expect(first.status).toBe(303);
		expect(first.headers.get('location')).toBe(`/approvals/${approval.id}`);
		// A browser that prefetches the link opens it twice.
		expect((await open('text/html')).headers.get('location')).toBe(`/approvals/${approval.id}`);
		const again = await open('application/json', { as: PIA });
		expect(again.status).toBe(410);
		expect(await again.json()).toMatchObject({ type: 'urn:signalbox:problem:link-used' });
		const inPage = await open('text/html', { as: PIA });
		expect(inPage.headers.get('location')).toBe('/approvals?link=link-used');
		const forged = await open('application/json', { path: `${link.pathname.slice(0, -1)}x` });
		expect(forged.status).toBe(404);

		const { body: now } = await signalbox.as().get(`/approvals/${approval.id}`);
		expect(now).toMatchObject({ status: 'pending', decisions: [] });
		await signalbox.as(ADA).delete(`/webhooks/${webhook.id}`);
	});
});
