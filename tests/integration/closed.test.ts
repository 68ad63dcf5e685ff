// The Worker as it is deployed, before anybody configured sign-in: closed, and it says how to open.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { problemSchema } from '../../src/lib/protocol';
import { EVE } from './support/people';
import { use } from './support/signalbox';

const bundled = process.env['WORKER_DIR'];
const signalbox = use({
	configPath: './wrangler.jsonc',
	...(bundled && existsSync(bundled) ? { prebuiltWorkerDir: bundled } : {})
});

describe('without sign-in configured', () => {
	test('health is told', async () => {
		const response = await fetch(new URL('/api/v1/health', signalbox.url));
		expect(response.status).toBe(200);
		expect(await response.json()).toMatchObject({ status: 'ok' });
	});

	test.each([
		['GET', '/api/v1/me'],
		['GET', '/api/v1/runs'],
		['POST', '/api/v1/runs'],
		['GET', '/api/v1/openapi.json'],
		['GET', '/agents/operations-agent/main/state'],
		['POST', '/agents/store-agent/berlin/start'],
		['GET', '/runs'],
		['GET', '/favicon.svg']
	])('%s %s is refused, whoever says to be asking', async (method, path) => {
		const response = await signalbox.as(EVE).fetch(path, { method });
		expect(response.status).toBe(403);
		expect(response.headers.get('content-type')).toBe('application/problem+json');
		expect(problemSchema.parse(await response.json()).type).toBe(
			'urn:signalbox:problem:not-configured'
		);
	});

	test.each(['/', '/runs', '/admin'])('the page %s says what to configure', async (path) => {
		const response = await fetch(new URL(path, signalbox.url), {
			headers: { accept: 'text/html' }
		});
		expect(response.status).toBe(403);
		expect(response.headers.get('content-type')).toMatch(/^text\/html/);
		const page = await response.text();
		expect(page).toContain('Cloudflare Access');
		expect(page).toContain('ROLES');
		expect(page).not.toContain('_app/immutable');
	});

	test('a websocket is refused', async () => {
		await expect(signalbox.connect('operations-agent/main')).rejects.toThrow(/refused/);
		await expect(signalbox.connect('store-agent/berlin')).rejects.toThrow(/refused/);
	});
});
