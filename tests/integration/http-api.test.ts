import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import {
	approvalSchema,
	auditEntrySchema,
	meSchema,
	ROLES,
	purgePreviewSchema,
	runPageSchema,
	runSchema,
	workflowInfoSchema,
	type RunPage
} from '../../src/lib/protocol';
import { EVE, VERA } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

const refund = (order: string, amount = 20) => ({
	workflow: 'REFUND',
	params: { order, amount, currency: 'EUR', reason: 'Arrived broken', requestedBy: 'ana' }
});

async function page(query: string): Promise<RunPage> {
	const { status, body } = await signalbox.as(VERA).get(`/runs${query}`);
	expect(status, JSON.stringify(body)).toBe(200);
	return runPageSchema.parse(body);
}

describe('health and identity', () => {
	test('health is told to anybody, with version and uptime', async () => {
		const response = await fetch(new URL('/api/v1/health', signalbox.url));
		expect(response.status).toBe(200);
		const { version, uptimeMs } = z
			.object({ version: z.string(), uptimeMs: z.number() })
			.parse(await response.json());
		expect(version).toMatch(/^\d+\.\d+\.\d+/);
		expect(uptimeMs).toBeGreaterThanOrEqual(0);
	});

	test('who asks is told who they are, by header or by cookie', async () => {
		const ana = { email: null, roles: ['viewer', 'approver'], local: true };
		const { body } = await signalbox.as('ana:viewer,approver').get('/me');
		expect(meSchema.parse(body)).toEqual({ subject: 'local:ana', name: 'ana', ...ana });
		const cookie = `theme=dark; local_identity=${encodeURIComponent('Ána:viewer,approver')}`;
		const response = await fetch(new URL('/api/v1/me', signalbox.url), { headers: { cookie } });
		expect(await response.json()).toEqual({ subject: 'local:Ána', name: 'Ána', ...ana });
		const nobody = await fetch(new URL('/api/v1/me', signalbox.url));
		expect(await nobody.json()).toMatchObject({ name: 'you', roles: ROLES });
	});
});

describe('the description of the API', () => {
	const CALLS = [
		['/health', 'get'],
		['/me', 'get'],
		['/workflows', 'get'],
		['/runs', 'get', 'post'],
		['/runs/{workflow}/{id}', 'get', 'delete'],
		['/runs/{workflow}/{id}/events', 'get', 'post'],
		['/runs/{workflow}/{id}/pause', 'post'],
		['/runs/{workflow}/{id}/resume', 'post'],
		['/runs/{workflow}/{id}/terminate', 'post'],
		['/runs/{workflow}/{id}/restart', 'post'],
		['/approvals', 'get'],
		['/approvals/{id}', 'get'],
		['/approvals/{id}/decision', 'post'],
		['/purges', 'post'],
		['/audit', 'get']
	];

	test('names every call that there is', async () => {
		const { status, body } = await signalbox.as(VERA).get('/openapi.json');
		expect(status).toBe(200);
		const { paths, servers } = z
			.object({
				openapi: z.string().regex(/^3\./),
				paths: z.record(z.string(), z.record(z.string(), z.unknown())),
				servers: z.array(z.object({ url: z.string() })).default([])
			})
			.parse(body);
		const prefix = Object.keys(paths).every((path) => path.startsWith('/api/v1')) ? '/api/v1' : '';
		if (!prefix) expect(servers[0]?.url).toMatch(/\/api\/v1$/);
		for (const [path, ...methods] of CALLS) {
			expect(Object.keys(paths[`${prefix}${path}`] ?? {}), path).toEqual(
				expect.arrayContaining(methods)
			);
		}
	});

	test('refers to nothing that it does not hold', async () => {
		const { body } = await signalbox.as(VERA).get('/openapi.json');
		const text = JSON.stringify(body);
		const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
		expect(names.length).toBeGreaterThan(0);
		const { components } = z
			.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) })
			.parse(body);
		const known = Object.keys(components.schemas);
		for (const [, name] of names) expect(known).toContain(name);
	});
});

describe('the catalogue', () => {
	test('lists every workflow with its params as JSON Schema', async () => {
		const { body } = await signalbox.as(VERA).get('/workflows');
		const workflows = z.array(workflowInfoSchema).parse(body);
		expect(workflows.map(({ workflow }) => workflow)).toEqual(
			expect.arrayContaining([
				...['REFUND', 'STOCK_COUNT', 'AISLE_COUNT', 'FOLLOW_UP', 'PROCESSING_WORKFLOW']
			])
		);
		const { params } = z
			.object({
				params: z.looseObject({ properties: z.looseObject({ amount: z.looseObject({}) }) })
			})
			.parse(workflows.find(({ workflow }) => workflow === 'REFUND'));
		expect(params.properties.amount).toMatchObject({ type: 'number' });
	});
});

describe('runs', () => {
	test('a start answers 201 with the run and its place', async () => {
		const reply = await signalbox.as(EVE).post('/runs', { ...refund('ORD-1'), id: 'first' });
		expect(reply.status).toBe(201);
		expect(reply.headers.get('location')).toBe('/api/v1/runs/REFUND/first');
		expect(runSchema.strict().parse(reply.body)).toMatchObject({
			workflow: 'REFUND',
			id: 'first',
			generation: 1,
			agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
			parent: null,
			params: refund('ORD-1').params,
			metadata: { order: 'ORD-1', amount: 20, currency: 'EUR' },
			startedBy: 'eve'
		});
		expect(await signalbox.as().runEnded({ workflow: 'REFUND', id: 'first' })).toMatchObject({
			status: 'complete',
			outcome: 'completed',
			output: { order: 'ORD-1', approval: 'not needed', entry: 'first' },
			error: null,
			waitingFor: null
		});
	});

	test('a start can name the Agent and add metadata', async () => {
		const run = await signalbox.as().start({
			...refund('ORD-2'),
			agent: 'store-agent/austin',
			metadata: { region: 'us', tags: ['gift'] }
		});
		expect(run.agent).toEqual({ class: 'StoreAgent', name: 'austin', path: 'store-agent/austin' });
		expect(run.metadata).toMatchObject({ order: 'ORD-2', region: 'us', tags: ['gift'] });
		expect(run.id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/);
		await signalbox.as().runEnded(run);
		const found = await page('?q=region:us');
		expect(found.runs.map(({ id }) => id)).toEqual([run.id]);
	});

	test('pages hand out every run exactly once, in either direction', async () => {
		for (const order of ['ORD-3', 'ORD-4', 'ORD-5']) {
			await signalbox.as().runEnded(await signalbox.as().start(refund(order)));
		}
		const all = await page('');
		expect(all.total).toBeGreaterThanOrEqual(5);
		expect(all.nextCursor).toBeNull();
		for (const order of ['created:desc', 'created:asc', 'duration:desc']) {
			const ids: string[] = [];
			let cursor: string | null = null;
			do {
				const next: RunPage = await page(
					`?order=${order}&limit=2${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`
				);
				expect(next.total).toBe(all.total);
				expect(next.runs.length).toBeLessThanOrEqual(2);
				ids.push(...next.runs.map(({ id }) => id));
				cursor = next.nextCursor;
			} while (cursor !== null);
			expect(ids, order).toHaveLength(all.total);
			expect(new Set(ids)).toEqual(new Set(all.runs.map(({ id }) => id)));
		}
	});

	test('the newest come first unless another order is asked for', async () => {
		const newest = (await page('')).runs.map(({ createdAt }) => createdAt);
		expect(newest).toEqual(newest.toSorted((a, b) => b - a));
		const oldest = (await page('?order=created:asc')).runs.map(({ createdAt }) => createdAt);
		expect(oldest).toEqual(newest.toReversed());
		const named = (await page('?order=workflow:asc')).runs.map(({ workflow }) => workflow);
		expect(named).toEqual(named.toSorted());
	});

	test('a query finds by field, by metadata and by text', async () => {
		const ids = async (q: string) =>
			(await page(`?q=${encodeURIComponent(q)}`)).runs.map(({ metadata }) => metadata['order']);
		expect(await ids('workflow:REFUND order:ORD-1')).toEqual(['ORD-1']);
		expect(await ids('agent:store-agent/austin')).toEqual(['ORD-2']);
		expect(await ids('"first"')).toEqual(['ORD-1']);
		expect(await ids('workflow:PARCEL')).toEqual([]);
		expect(await ids('-order:ORD-1 created:<24h')).not.toContain('ORD-1');
	});

	test('all runs that match are exported in one file, a line each', async () => {
		const all = await page('?q=workflow:REFUND&limit=100');
		const lines = async (query: string) => {
			const response = await signalbox.as(VERA).fetch(`/api/v1/runs/export${query}`);
			expect(response.status).toBe(200);
			expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="runs\./);
			return (await response.text()).trim().split('\n');
		};
		const runs = (await lines('?q=workflow:REFUND')).map((line) =>
			runSchema.parse(JSON.parse(line))
		);
		expect(runs.map(({ id }) => id)).toEqual(all.runs.map(({ id }) => id));
		const [header, ...rows] = await lines('?q=workflow:REFUND&format=csv');
		expect(header).toMatch(/workflow.*id.*status/);
		expect(rows).toHaveLength(all.total);
		const named = all.runs.toReversed().map(({ workflow, id }) => `${workflow}/${id}`);
		const chosen = (await lines(`?runs=${[...named, 'REFUND/gone'].join(',')}`)).map((line) =>
			runSchema.parse(JSON.parse(line))
		);
		expect(chosen.map(({ workflow, id }) => `${workflow}/${id}`)).toEqual(named);
		const refused = await signalbox.as(VERA).get('/runs/export?format=xml');
		expect(refused).toMatchObject({ status: 400 });
	});

	test('an event reaches the run that waits for it', async () => {
		const run = await signalbox.as().start({
			workflow: 'STOCK_COUNT',
			params: { aisles: ['bakery'] },
			id: 'hand-counted'
		});
		await signalbox.as().runWhen(run, ({ waitingFor }) => waitingFor?.kind === 'event');
		const report = { aisle: 'bakery', units: 77 };
		const reply = await signalbox
			.as()
			.post(`/runs/STOCK_COUNT/${run.id}/events`, { type: 'aisle-counted-1', payload: report });
		expect(reply.status, JSON.stringify(reply.body)).toBe(200);
		expect(runSchema.parse(reply.body).id).toBe(run.id);
		expect((await signalbox.as().runEnded(run)).output).toMatchObject({ units: 77 });
	});

	test('a finished run is deleted with 204 and then unknown', async () => {
		const run = await signalbox.as().start(refund('ORD-6'));
		await signalbox.as().runEnded(run);
		const reply = await signalbox.as().delete(`/runs/REFUND/${run.id}`);
		expect(reply).toMatchObject({ status: 204, body: null });
		expect((await signalbox.as().get(`/runs/REFUND/${run.id}`)).status).toBe(404);
		expect((await page('?q=order:ORD-6')).runs).toEqual([]);
	});
});

describe('approvals', () => {
	test('the queue, one of it and its decision', async () => {
		const run = await signalbox.as().start({ ...refund('ORD-7', 250), id: 'large' });
		const pending = await signalbox.as().approvalOf(run);
		expect(pending).toMatchObject({
			workflow: 'REFUND',
			runId: 'large',
			generation: 1,
			agent: run.agent,
			title: 'Refund 250.00 EUR for ORD-7: Arrived broken',
			facts: { order: 'ORD-7', amount: 250 },
			status: 'pending',
			decisions: []
		});
		const one = await signalbox.as(VERA).get(`/approvals/${pending.id}`);
		expect(approvalSchema.strict().parse(one.body)).toEqual(pending);

		const decided = await signalbox.as().decide(pending, { approved: true, data: { note: 'ok' } });
		expect(decided.status).toBe(200);
		expect(approvalSchema.parse(decided.body)).toMatchObject({
			status: 'approved',
			decisions: [{ by: 'eve', approved: true, reason: null, data: { note: 'ok' } }]
		});
		expect(await signalbox.as().runEnded(run)).toMatchObject({
			outcome: 'completed',
			output: { approval: 'approved' }
		});
		expect(await signalbox.as().pending(run)).toEqual([]);
	});
});

describe('purges and the audit', () => {
	test('a dry run counts, a purge answers 202 with its run', async () => {
		const criteria = { workflow: 'REFUND', metadata: { order: 'ORD-1' } };
		const dry = await signalbox.as().post('/purges', { criteria, dryRun: true });
		expect(dry.status).toBe(200);
		expect(purgePreviewSchema.strict().parse(dry.body)).toMatchObject({
			total: 1,
			byStatus: { complete: 1 },
			protected: 0,
			sample: [{ id: 'first' }]
		});
		const purge = await signalbox.as().post('/purges', { criteria });
		expect(purge.status).toBe(202);
		const run = runSchema.parse(purge.body);
		expect(run).toMatchObject({ workflow: 'PURGE', agent: { path: 'operations-agent/main' } });
		expect((await signalbox.as().runEnded(run)).output).toEqual({ deleted: 1 });
	});

	test('the audit says who did what, newest first, page by page', async () => {
		const { body } = await signalbox.as().get('/audit?limit=2&action=run.start');
		const first = z
			.object({ entries: z.array(auditEntrySchema.strict()), nextCursor: z.string() })
			.parse(body);
		expect(first.entries).toHaveLength(2);
		expect(first.entries[0]).toMatchObject({
			by: 'eve',
			action: 'run.start',
			target: 'REFUND/large',
			result: 'done'
		});
		const rest = await signalbox
			.as()
			.get(`/audit?limit=100&action=run.start&cursor=${encodeURIComponent(first.nextCursor)}`);
		const { entries } = z.object({ entries: z.array(auditEntrySchema) }).parse(rest.body);
		expect(entries.at(-1)?.target).toBe('REFUND/first');
		const ids = [...first.entries, ...entries].map(({ id }) => id);
		expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a));
	});
});
