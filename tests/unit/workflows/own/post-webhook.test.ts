import { describe, expect, it } from 'vitest';
import { postMessage, type Fetcher } from '../../../../src/lib/workflows/own/post-webhook';

const MESSAGE = { url: 'https://example.com/hook', body: '{}', headers: { 'x-a': 'b' } };
const answering =
	(status: number, asked: RequestInit[] = []): Fetcher =>
	async (_url, init) => {
		asked.push(init);
		return new Response(null, { status });
	};

describe('a message to a webhook', () => {
	it('is posted with its headers, and no redirect is followed', async () => {
		const asked: RequestInit[] = [];
		expect(await postMessage(MESSAGE, answering(204, asked))).toEqual({
			status: 204,
			refused: null
		});
		expect(asked).toMatchObject([
			{ method: 'POST', body: '{}', headers: { 'x-a': 'b' }, redirect: 'manual' }
		]);
	});

	it.each([301, 302, 307, 308, 410])('answered by %i is given up at once', async (status) => {
		const { refused } = await postMessage(MESSAGE, answering(status));
		expect(refused).toContain(`responded with ${status}`);
	});

	it.each([400, 404, 429, 500, 503])('answered by %i is tried again', async (status) => {
		await expect(postMessage(MESSAGE, answering(status))).rejects.toThrow(
			`responded with ${status}`
		);
	});
});
