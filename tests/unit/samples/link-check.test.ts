import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { checkLink, deadLink } from '../../../src/samples/link-audit/link-check';
import { inLanes } from '../../../src/samples/link-audit/lanes';

let server: Server | undefined;

afterEach(() => {
	server?.closeAllConnections();
	server?.close();
});

async function serve(answer: RequestListener): Promise<string> {
	const started = createServer(answer);
	server = started;
	await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
	// A server that listens on TCP has an address with a port.
	return `http://127.0.0.1:${(started.address() as AddressInfo).port}/`;
}

describe('checking a link', () => {
	it('reports status, bytes and milliseconds', async () => {
		const url = await serve((_, response) => response.end('x'.repeat(1234)));
		const finding = await checkLink(url, 1000, '127.0.0.1');
		expect(finding).toMatchObject({ url, ok: true, status: 200, bytes: 1234, problem: null });
		expect(finding.ms).toBeGreaterThanOrEqual(0);
	});

	it('takes a 404 for an answer', async () => {
		const url = await serve((_, response) => response.writeHead(404).end('gone'));
		expect(await checkLink(url, 1000, '127.0.0.1')).toMatchObject({
			ok: false,
			status: 404,
			bytes: 4,
			problem: 'answered 404'
		});
	});

	it('throws on a 503, so that the step tries again', async () => {
		const url = await serve((_, response) => response.writeHead(503).end());
		await expect(checkLink(url, 1000, '127.0.0.1')).rejects.toThrow('answered 503');
	});

	it('throws when there is no answer in time', async () => {
		const url = await serve(() => undefined);
		await expect(checkLink(url, 50, '127.0.0.1')).rejects.toThrow('no answer within 50 ms');
	});
});

describe('a link whose last try failed', () => {
	it.each([
		['Error: answered 503', 503, 'answered 503'],
		['no answer within 50 ms', null, 'no answer within 50 ms'],
		['WorkflowTimeoutError: Execution timed out', null, 'Execution timed out'],
		['internal error; reference = abc123', null, 'cannot be reached'],
		['', null, 'cannot be reached']
	])('%j is a finding', (message, status, problem) => {
		expect(deadLink('http://a.org', message)).toEqual({
			url: 'http://a.org',
			ok: false,
			status,
			bytes: null,
			ms: null,
			problem
		});
	});
});

describe('work in lanes', () => {
	it('is done a few at a time and given back in order', async () => {
		let busy = 0;
		let most = 0;
		const results = await inLanes([5, 1, 4, 2, 3], 2, async (item, index) => {
			most = Math.max(most, ++busy);
			await new Promise((resolve) => setTimeout(resolve, item));
			busy--;
			return `${index}:${item}`;
		});
		expect(results).toEqual(['0:5', '1:1', '2:4', '3:2', '4:3']);
		expect(most).toBe(2);
	});

	it('ends with the first failure', async () => {
		await expect(
			inLanes([1, 2, 3], 2, async (item) => {
				if (item === 2) throw new Error('no');
			})
		).rejects.toThrow('no');
	});
});
