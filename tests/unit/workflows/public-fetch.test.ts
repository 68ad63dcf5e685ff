import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { OUTBOUND_HEADER } from '../../../src/lib/protocol';
import { ForbiddenAddressError, publicFetch } from '../../../src/lib/workflows/public-fetch';

const servers: Server[] = [];
const asked: { url: string | undefined; mark: unknown }[] = [];

afterEach(() => {
	for (const server of servers.splice(0)) server.close();
	asked.length = 0;
});

async function serve(location: string | null): Promise<number> {
	const server = createServer((request, response) => {
		asked.push({ url: request.url, mark: request.headers[OUTBOUND_HEADER] });
		if (location === null) response.end('reached');
		else response.writeHead(302, { location }).end();
	});
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	return (server.address() as AddressInfo).port; // it listens on TCP
}

describe('a request to an address that somebody gave', () => {
	it('is not sent to a private host', async () => {
		const port = await serve(null);
		await expect(publicFetch(`http://127.0.0.1:${port}/`, {}, '')).rejects.toThrow(
			ForbiddenAddressError
		);
		expect(asked).toEqual([]);
	});

	it('does not follow a redirect to a private host', async () => {
		const inner = await serve(null);
		const outer = await serve(`http://127.0.0.1:${inner}/secret`);
		const allow = `127.0.0.1:${outer}`;
		await expect(publicFetch(`http://127.0.0.1:${outer}/`, {}, allow)).rejects.toThrow(
			'is not a public address'
		);
		expect(asked.map(({ url }) => url)).toEqual(['/']);
	});

	it('follows redirects to allowed hosts and marks each request', async () => {
		const inner = await serve(null);
		const outer = await serve(`http://127.0.0.1:${inner}/next`);
		const response = await publicFetch(`http://127.0.0.1:${outer}/`, {}, '127.0.0.1');
		expect(await response.text()).toBe('reached');
		expect(asked).toEqual([
			{ url: '/', mark: '1' },
			{ url: '/next', mark: '1' }
		]);
	});

	it('gives up on a redirect that never ends', async () => {
		const port = await serve('/again');
		await expect(publicFetch(`http://127.0.0.1:${port}/`, {}, '127.0.0.1')).rejects.toThrow(
			'redirected more than 20 times'
		);
	});

	it('answers with the redirect where it is not to be followed', async () => {
		const port = await serve('https://example.com/');
		const init = { method: 'POST', redirect: 'manual' } as const;
		expect((await publicFetch(`http://127.0.0.1:${port}/`, init, '127.0.0.1')).status).toBe(302);
	});
});
