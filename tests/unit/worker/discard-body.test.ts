import { expect, test } from 'vitest';
import { discardBody } from '../../../src/worker/discard-body';

const CHUNK = new Uint8Array(1024 * 1024);

/** A request whose body has no end; how much of it was asked for. */
function endless(): { request: Request; chunks: () => number } {
	let chunks = 0;
	const body = new ReadableStream<Uint8Array>({
		pull(controller) {
			chunks += 1;
			controller.enqueue(CHUNK);
		}
	});
	const init = { method: 'POST', body, duplex: 'half' };
	return { request: new Request('http://signalbox.test/', init), chunks: () => chunks };
}

test('a body that nobody read is read to its end', async () => {
	const request = new Request('http://signalbox.test/', { method: 'POST', body: 'x'.repeat(100) });
	await discardBody(request);
	expect(request.bodyUsed).toBe(true);
});

test('a body that was read, or is not there, is left alone', async () => {
	const read = new Request('http://signalbox.test/', { method: 'POST', body: 'x' });
	expect(await read.text()).toBe('x');
	await discardBody(read);
	await discardBody(new Request('http://signalbox.test/'));
});

test('a body without an end is given up after 16 MB', async () => {
	const { request, chunks } = endless();
	await discardBody(request);
	expect(chunks()).toBeLessThan(20);
});

test('a client that goes meanwhile is no error', async () => {
	const body = new ReadableStream({ pull: () => Promise.reject(new Error('gone')) });
	const init = { method: 'POST', body, duplex: 'half' };
	await discardBody(new Request('http://signalbox.test/', init));
});
