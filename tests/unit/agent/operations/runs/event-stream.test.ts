import { expect, test, vi } from 'vitest';
import type { RunEvent } from '../../../../../src/lib/protocol';
import { eventStream } from '../../../../../src/lib/agent/operations/runs/event-stream';

const ref = { workflow: 'REFUND', id: 'run-1' };

/** A run with so many events, which has ended. */
function streamOf(events: number) {
	const all = Array.from({ length: events }, (_none, index) => ({
		...{ eventId: index + 1, timestamp: index, type: 'workflow_running' }
	})) as RunEvent[];
	const readEvents = vi.fn(
		async (_ref: unknown, after: number, _generation: unknown, limit = 10_000) => ({
			...{ events: all.slice(after, after + limit), generation: 1, done: true },
			run: { status: 'complete', outcome: 'completed' }
		})
	);
	const readers = { readEvents, keepTails: vi.fn(), addListener: () => vi.fn() };
	return { readEvents, stream: eventStream({ readers: readers as never, ref, after: 0 }) };
}

test('a stream that nobody reads holds the beginning only, and is cut off', async () => {
	vi.useFakeTimers();
	try {
		const { readEvents, stream } = streamOf(10_000);
		await vi.advanceTimersByTimeAsync(45_000);
		expect(readEvents).toHaveBeenCalledTimes(1);
		await vi.advanceTimersByTimeAsync(60_000);
		await expect(stream.getReader().read()).rejects.toThrow('nothing of it was read');
		expect(readEvents).toHaveBeenCalledTimes(1);
	} finally {
		vi.useRealTimers();
	}
});

test.each([0, 499, 500, 501, 2_345])('%i events come whole, then the end', async (events) => {
	const text = await new Response(streamOf(events).stream).text();
	expect(text.match(/^event: run-event$/gm)?.length ?? 0).toBe(events);
	expect(text.match(/^event: done$/gm)).toHaveLength(1);
	expect(text.trimEnd()).toMatch(/"outcome":"completed"\}$/);
});
