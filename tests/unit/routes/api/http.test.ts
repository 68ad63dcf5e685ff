import { describe, expect, it } from 'vitest';
import { matchRoute, pickByDryRun, type HttpRoute } from '../../../../src/lib/protocol';
import { filled, inputOf, readBody, resultResponse } from '../../../../src/routes/api/v1/http';
import { openApi } from '../../../../src/routes/api/v1/openapi';

function routeOf(method: string, path: string, body: unknown = {}): HttpRoute {
	const match = matchRoute(method, path);
	const picked = match.kind === 'operation' ? pickByDryRun(match.operations, body) : undefined;
	if (!picked) throw new Error(`${method} ${path} is no operation`);
	return picked.route;
}

function read(method: string, path: string, body: unknown = {}, bodyDefaults = {}) {
	const { pathname, searchParams } = new URL(path, 'http://localhost');
	return inputOf(routeOf(method, pathname, body), { query: searchParams, body, bodyDefaults });
}

describe('the input that a request holds', () => {
	it('has the query string in its place, a key given twice as a list', () => {
		expect(read('GET', '/runs?q=a&limit=1&limit=2')).toEqual({
			query: { q: 'a', limit: ['1', '2'] }
		});
		expect(read('GET', '/runs/W/r/events?after=3')).toEqual({ after: '3' });
	});

	it('has the body in its place', () => {
		expect(read('POST', '/runs/W/r/events', { type: 'paid' })).toEqual({ event: { type: 'paid' } });
		expect(read('POST', '/runs', { workflow: 'W' })).toEqual({ workflow: 'W' });
		expect(read('POST', '/runs/W/r/pause', { workflow: 'X' })).toEqual({});
		expect(read('POST', '/approvals/ap_x/decision', [true])).toEqual({ decision: [true] });
	});

	it('has dryRun beside the body', () => {
		const job = { action: 'pause' };
		expect(read('POST', '/bulk-actions', { ...job, dryRun: true })).toEqual({ job, dryRun: true });
		expect(read('POST', '/bulk-actions', job)).toEqual({ job });
		expect(read('POST', '/purges', { criteria: {}, dryRun: 'yes' })).toEqual({
			criteria: {},
			dryRun: 'yes'
		});
	});

	it('has what a body leaves out, but only in an object', () => {
		const base = { base: 'http://here' };
		expect(read('POST', '/webhooks', { url: 'x' }, base)).toEqual({
			webhook: { url: 'x', ...base }
		});
		expect(read('POST', '/webhooks', { base: 'y' }, base)).toEqual({ webhook: { base: 'y' } });
		expect(read('POST', '/webhooks', 7, base)).toEqual({ webhook: 7 });
	});
});

describe('a body', () => {
	const sent = (body: string) => new Request('http://localhost', { method: 'POST', body });

	it('is read as JSON; an empty one is an empty object', async () => {
		expect(await readBody(sent('{"a":1}'))).toEqual({ ok: true, value: { a: 1 } });
		expect(await readBody(sent(' '))).toEqual({ ok: true, value: {} });
	});

	it('with an integer that would be rounded is refused by the name of its field', async () => {
		const body = '{"params":{"order":3544790567247868102}}';
		expect(await readBody(sent(body))).toMatchObject({
			ok: false,
			problem: { errors: [{ path: 'params.order' }] }
		});
	});

	it.each([
		['{"a":', 100, 'malformed-json'],
		['"x"'.padEnd(101), 100, 'body-too-large'],
		['['.repeat(50_000) + ']'.repeat(50_000), 1_000_000, 'invalid-input']
	])('is refused: %.9s', async (body, maxBytes, kind) => {
		expect(await readBody(sent(body), maxBytes)).toMatchObject({
			ok: false,
			problem: { type: `urn:signalbox:problem:${kind}` }
		});
	});
});

describe('a result', () => {
	it('is answered with the status and the location of its route', async () => {
		const run = { workflow: 'W', id: 'r' };
		const started = resultResponse(routeOf('POST', '/runs'), run);
		expect(started.status).toBe(201);
		expect(started.headers.get('location')).toBe('/api/v1/runs/W/r');
		expect(await started.json()).toEqual(run);
		const deleted = resultResponse(routeOf('DELETE', '/runs/W/r'), { deleted: true });
		expect([deleted.status, await deleted.text()]).toEqual([204, '']);
	});

	it('cannot break out of a location', () => {
		expect(filled('/approvals/{id}', { id: '../x?y' })).toBe('/approvals/..%2Fx%3Fy');
	});
});

describe('the OpenAPI document', () => {
	const { paths, components } = openApi('1.0.0', 'http://localhost');

	it('names both answers where dryRun picks the operation', () => {
		const { responses, requestBody } = paths['/purges']?.['post'] ?? {};
		expect(Object.keys(responses ?? {})).toEqual(['200', '202', 'default']);
		expect(JSON.stringify(requestBody)).toContain('PurgeStartInput');
		expect(JSON.stringify(components.schemas['PurgeStartInput'])).toContain('dryRun');
	});

	it('gives every operation an id of its own', () => {
		const ids = Object.values(paths).flatMap((methods) =>
			Object.values(methods).map(({ operationId }) => operationId)
		);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('refers only to schemas that it holds', () => {
		const text = JSON.stringify({ paths, components });
		const refs = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = '']) => ref);
		expect(refs.length).toBeGreaterThan(50);
		const known = Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`);
		expect(refs.filter((ref) => !known.includes(ref))).toEqual([]);
	});
});
