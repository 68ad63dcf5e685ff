// What every answer carries, and that no path, header or method breaks the Worker.
import { request as httpRequest } from 'node:http';
import { describe, expect, test } from 'vitest';
import { EVE } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

type Raw = { status: number; headers: Record<string, string | string[] | undefined>; text: string };

/** Asks with path and headers as they are; `fetch` would tidy them up. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> {
	return new Promise((resolve, reject) => {
		const asking = httpRequest(new URL(signalbox.url), { path, method, headers });
		asking.on('response', (response) => {
			let text = '';
			response.setEncoding('utf8');
			response.on('data', (part: string) => (text += part));
			response.on('end', () =>
				resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
			);
		});
		asking.on('error', reject);
		asking.end();
	});
}

const page = { accept: 'text/html' };

describe('every answer', () => {
	test.each([
		['/', page],
		['/runs', page],
		['/no/such/page', page],
		['/api/v1/me', {}],
		['/api/v1/health', {}],
		['/api/v1/runs', {}],
		['/api/v1/nothing', {}],
		['/api/v1/openapi.json', {}],
		['/agents/operations-agent/main/state', {}],
		['/agents/nope/x', {}],
		['/agents/nope/x', page],
		['/%ff', page],
		['/runs', { ...page, authorization: 'Local ana:root' }],
		['/favicon.svg', {}]
	])('%s %o is hardened', async (path, headers) => {
		const answer = await ask(path, headers);
		expect(answer.headers).toMatchObject({
			'x-content-type-options': 'nosniff',
			'x-frame-options': 'DENY',
			'referrer-policy': 'same-origin',
			'cross-origin-opener-policy': 'same-origin',
			'cross-origin-resource-policy': 'same-origin',
			'permissions-policy': expect.stringContaining('camera=()'),
			'content-security-policy': expect.stringContaining("frame-ancestors 'none'")
		});
		expect(answer.headers['content-security-policy']).not.toMatch(/unsafe-(inline|eval)/);
		expect(answer.headers['strict-transport-security']).toBeUndefined();
		if (path !== '/favicon.svg') expect(answer.headers['cache-control']).toBe('no-store');
	});

	test('allows the scripts of its page by a nonce of its own', async () => {
		const nonces = new Set<string>();
		for (let times = 0; times < 2; times++) {
			const { headers, text } = await ask('/', page);
			const policy = String(headers['content-security-policy']);
			const [, nonce] = /script-src 'self' 'nonce-([^']+)'/.exec(policy) ?? [];
			expect(nonce).toBeTruthy();
			const inline = [...text.matchAll(/<script(?![^>]*\bsrc=)([^>]*)>/g)].map(
				([, given]) => given
			);
			expect(inline.length).toBeGreaterThan(0);
			for (const given of inline) expect(given).toContain(`nonce="${nonce}"`);
			expect(text).not.toMatch(/\sstyle="|\son\w+="/);
			nonces.add(String(nonce));
		}
		expect(nonces.size).toBe(2);
	});
});

const paths = [
	'/%ff',
	'/%',
	'/%2',
	'/%00',
	'/a%00b',
	'/%0d%0aset-cookie:x',
	'/%e0%a4%a',
	'/\u00ff',
	`/${'a'.repeat(5_000)}`,
	'/runs/%ff/x',
	'/runs/REFUND/%',
	'/runs/REFUND/%00',
	`/runs/REFUND/${'a'.repeat(3_000)}`,
	'/approvals/%ff',
	'/fleet/%ff/x',
	'/links/%ff',
	'/api/v1/%ff',
	'/api/v1/runs/%',
	'/api/v1/runs/REFUND/%ff',
	'/api/v1/runs/REFUND/%00/events',
	`/api/v1/runs/REFUND/${'a'.repeat(3_000)}`,
	`/api/v1/runs/${'A'.repeat(3_000)}/x`,
	'/api/v1/approvals/%ff',
	`/api/v1/approvals/${'a'.repeat(3_000)}`,
	'/api/v1/bulk-actions/%ff',
	'/api/v1/views/%',
	`/api/v1/views/${'a'.repeat(3_000)}/pin`,
	'/api/v1/links/%ff',
	`/api/v1/runs?cursor=${'a'.repeat(3_000)}`,
	'/agents/%ff/x',
	'/agents/store-agent/%ff',
	'/agents/store-agent/%/state',
	'/agents/store-agent/%00/state',
	'/agents/store-agent/berlin/sub/aisle-agent/%ff/state',
	`/agents/store-agent/${'a'.repeat(3_000)}/state`,
	'/_app/%ff',
	'//',
	'/..%2f..%2fetc',
	'/__data.json?x-sveltekit-invalidated=%ff'
];

describe('no path breaks the Worker', () => {
	test.each(paths)('%s', async (path) => {
		for (const method of ['GET', 'POST', 'PUT', 'DELETE']) {
			const { status } = await ask(path, { authorization: `Local ${EVE}` }, method);
			expect(status, method).toBeLessThan(500);
			if (/%(?![0-9a-f]{2})|%ff|%00|%0d|%e0/.test(path) && !path.includes('?')) {
				expect(status, method).toBe(400);
			}
		}
	});
});

describe('no header breaks the Worker', () => {
	const long = 'a'.repeat(20_000);
	test.each<Record<string, string>>([
		{ authorization: 'Local %ff:viewer' },
		{ authorization: `Local ${'a'.repeat(500)}:viewer` },
		{ authorization: `Local ana:${'viewer,'.repeat(1_000)}` },
		{ authorization: `Local ana:${Array.from({ length: 300 }, (_, n) => `@g${n}`).join(',')}` },
		{ authorization: `Local ${long}` },
		{ cookie: `local_identity=${long}` },
		{ cookie: 'local_identity=%ff' },
		{ cookie: '=;=;local_identity' },
		{ 'x-long': long },
		{ origin: '%' },
		{ 'accept-language': 'x', 'sec-fetch-mode': 'cors' }
	])('%o', async (headers) => {
		for (const path of ['/', '/api/v1/me', '/agents/operations-agent/main/state']) {
			expect((await ask(path, headers)).status, path).toBeLessThan(500);
		}
	});

	test.each(['TRACE', 'PROPFIND', 'REPORT', 'LOCK', 'OPTIONS', 'HEAD'])(
		'nor %s',
		async (method) => {
			for (const path of ['/', '/api/v1/runs', '/agents/operations-agent/main/state']) {
				expect((await ask(path, {}, method)).status, path).toBeLessThan(500);
			}
		}
	);
});

describe('a large body that nobody needs', () => {
	const half = 'x'.repeat(1_048_576);

	/** Sends it in two parts, so far apart that a connection closed after the answer would break. */
	function send(path: string, authorization: string): Promise<number> {
		return new Promise((resolve, reject) => {
			const headers = {
				...{ authorization, 'content-type': 'application/json' },
				'content-length': String(2 * half.length)
			};
			const asking = httpRequest(new URL(path, signalbox.url), { method: 'POST', headers });
			asking.on('response', (response) => {
				response.resume();
				response.on('end', () => resolve(response.statusCode ?? 0));
			});
			asking.on('error', reject);
			asking.write(half, () => setTimeout(() => asking.end(half), 2_000));
		});
	}

	test.each([
		['/api/v1/runs', `Local ${EVE}`, 413],
		['/api/v1/runs', 'Local nix:', 403],
		['/api/v1/nothing', `Local ${EVE}`, 404],
		['/api/v1/runs', 'Local ana:root', 401],
		['/agents/nope/x', `Local ${EVE}`, 404]
	])('at %s by %s is answered with %i, and the connection is kept', async (path, as, status) => {
		expect(await send(path, as)).toBe(status);
	});
});
