import { describe, expect, it } from 'vitest';
import { OUTBOUND_HEADER } from '../../../src/lib/protocol';
import {
	foreignHost,
	foreignOrigin,
	malformedRequest,
	MAX_HEADER,
	MAX_PATH,
	MAX_QUERY,
	removeInternalHeaders
} from '../../../src/worker/request-checks';

const asking = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
	new Request(url, { headers, method });

/** A request whose `Host` is said, which `fetch` would not let us. */
function hosted(url: string, headers: Record<string, string>): Request {
	return new Proxy(asking(url), {
		get: (request, key) => (key === 'headers' ? new Headers(headers) : Reflect.get(request, key))
	});
}

const statusOf = (request: Request) => malformedRequest(request)?.status ?? null;

it('refuses a request that Signalbox itself sent, by whatever name it was reached', () => {
	const headers = { [OUTBOUND_HEADER]: '1' };
	expect(statusOf(new Request('https://box.example/api/v1/runs', { headers }))).toBe(403);
});

describe('a request', () => {
	it.each([
		['http://localhost/%ff', 400],
		['http://localhost/runs/%', 400],
		['http://localhost/runs/%zz/a', 400],
		['http://localhost/runs/%e0%a4%a', 400],
		['http://localhost/%00', 400],
		['http://localhost/a%0ab', 400],
		['http://localhost/a%7f', 400],
		[`http://localhost/${'a'.repeat(MAX_PATH)}`, 414],
		[`http://localhost/?q=${'a'.repeat(MAX_QUERY)}`, 414]
	])('%s is refused', (url, status) => {
		expect(statusOf(asking(url))).toBe(status);
	});

	it.each(['/', '/runs?q=%ff', '/runs/REFUND/a%20b', '/agents/store-agent/M%C3%BCnchen', '/a%25'])(
		'for %s is readable',
		(path) => {
			expect(statusOf(asking(`http://localhost${path}`))).toBeNull();
		}
	);

	it('with headers that are too large is refused, one by one and together', () => {
		const long = 'a'.repeat(MAX_HEADER + 1);
		expect(statusOf(asking('http://localhost/', { cookie: long }))).toBe(431);
		expect(statusOf(asking('http://localhost/', { authorization: long }))).toBe(431);
		const many = Object.fromEntries(
			Array.from({ length: 9 }, (_, n) => [`x-${n}`, 'a'.repeat(8_000)])
		);
		expect(statusOf(asking('http://localhost/', many))).toBe(431);
	});

	it('loses the headers that only the Worker, the SDK and the local server may set', () => {
		const headers = new Headers({
			'X-CF-Agents-SubAgent-URL': 'x',
			'x-agents-lifecycle-props': 'x',
			'x-partykit-room': 'x',
			'X-Signalbox-Identity': 'x',
			'MF-Original-URL': 'x',
			'content-type': 'text/plain',
			cookie: 'a=b'
		});
		removeInternalHeaders(headers);
		expect([...headers.keys()]).toEqual(['content-type', 'cookie']);
	});
});

describe('with AUTH=local', () => {
	const here = 'http://localhost:8787/';

	it.each(['localhost:8787', 'LOCALHOST', '127.0.0.1:1', '[::1]:8787'])(
		'%s is this machine',
		(host) => {
			expect(foreignHost(hosted(here, { host }))).toBeNull();
		}
	);

	it.each([
		'evil.example',
		'localhost.evil.example:8787',
		'localhost.',
		'0.0.0.0',
		'127.0.0.1.nip.io',
		'',
		'a b'
	])('the host %j is not', (host) => {
		expect(foreignHost(hosted(here, { host }))?.type).toContain('foreign-host');
		if (URL.canParse(`http://${host}/`)) {
			expect(foreignHost(asking(`http://${host}/`))?.type).toContain('foreign-host');
		}
	});

	it('a browser’s page of another host is refused, though the local server hides that host', () => {
		const browser = { 'accept-language': 'en', 'user-agent': 'Mozilla/5.0' };
		expect(foreignHost(asking(here, browser))?.type).toContain('foreign-host');
		expect(foreignHost(hosted(here, { ...browser, 'sec-fetch-site': 'same-origin' }))).toBeNull();
		expect(foreignHost(hosted(here, { ...browser, upgrade: 'websocket' }))).toBeNull();
	});

	it('programs are let in as they are', () => {
		expect(foreignHost(asking(here, { 'user-agent': 'curl/8' }))).toBeNull();
		const undici = { 'accept-language': '*', 'sec-fetch-mode': 'cors' };
		expect(foreignHost(hosted(here, undici))).toBeNull();
	});
});

describe('a foreign origin', () => {
	const url = 'http://localhost:8787/api/v1/runs';
	const from = (origin: string, method: string, more: Record<string, string> = {}) =>
		foreignOrigin(asking(url, { origin, ...more }, method));

	it('is refused for everything that changes something', () => {
		for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
			for (const origin of ['https://evil.example', 'http://localhost:9999', 'null', 'garbage']) {
				expect(from(origin, method)).toMatchObject({
					status: 403,
					type: 'urn:signalbox:problem:foreign-origin'
				});
			}
		}
	});

	it('is refused for a websocket, which is a GET', () => {
		expect(from('https://evil.example', 'GET', { upgrade: 'WebSocket' })).not.toBeNull();
		expect(from('http://localhost:8787', 'GET', { upgrade: 'websocket' })).toBeNull();
	});

	it('may read, since a browser lets its page see nothing of it', () => {
		for (const method of ['GET', 'HEAD', 'OPTIONS']) {
			expect(from('https://evil.example', method)).toBeNull();
		}
	});

	it('is none of our own pages and no program', () => {
		expect(from('http://localhost:8787', 'POST')).toBeNull();
		expect(foreignOrigin(asking(url, {}, 'POST'))).toBeNull();
	});
});
