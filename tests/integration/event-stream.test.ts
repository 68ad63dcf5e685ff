import { describe, expect, test } from 'vitest';
import { runEventSchema, type RunEvent, type RunRef } from '../../src/lib/protocol';
import { EVE } from './support/people';
import { useSignalbox } from './support/signalbox';

const signalbox = useSignalbox();

type ServerSentEvent = { event: string; id: string | null; data: unknown };

/** Reads a run's history as server-sent events, one by one; ends when the server ends it. */
async function* stream(
	{ workflow, id }: RunRef,
	query = '',
	headers: Record<string, string> = {}
): AsyncGenerator<ServerSentEvent> {
	const response = await signalbox.as(EVE).fetch(`/api/v1/runs/${workflow}/${id}/events${query}`, {
		headers: { accept: 'text/event-stream', ...headers }
	});
	expect(response.status).toBe(200);
	expect(response.headers.get('content-type')).toBe('text/event-stream');
	let text = '';
	const decoder = new TextDecoder();
	for await (const chunk of response.body ?? []) {
		text += decoder.decode(chunk, { stream: true });
		for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
			const found = parse(text.slice(0, end));
			text = text.slice(end + 2);
			if (found) yield found;
		}
	}
	expect(text).toBe('');
}

/** One block of the stream; null for a comment, which only keeps the connection open. */
function parse(block: string): ServerSentEvent | null {
	const fields = new Map(
		block.split('\n').map((line) => {
			const colon = line.indexOf(': ');
			return [line.slice(0, colon), line.slice(colon + 2)];
		})
	);
	const event = fields.get('event');
	if (event === undefined) return null;
	return { event, id: fields.get('id') ?? null, data: JSON.parse(fields.get('data') ?? 'null') };
}

async function collect(events: AsyncIterable<ServerSentEvent>): Promise<ServerSentEvent[]> {
	const all: ServerSentEvent[] = [];
	for await (const event of events) all.push(event);
	return all;
}

const twoGates = (id: string) => ({ workflow: 'TWO_GATES', params: { subject: 'a parcel' }, id });

describe('the history of a run', () => {
	test('reads on after an event, and says when there is no more', async () => {
		const run = await signalbox.as().start({
			workflow: 'PROCESSING_WORKFLOW',
			params: { taskId: 't', items: ['one'] },
			id: 'read-on'
		});
		const approval = await signalbox.as().approvalOf(run);
		const soFar = await signalbox.as().events(run);
		expect(soFar.done).toBe(false);
		const last = soFar.events.at(-1)?.eventId ?? 0;
		expect(await signalbox.as().events(run, `?after=${last}`)).toEqual({ events: [], done: false });

		await signalbox.as().decide(approval, { approved: true });
		await signalbox.as().runEnded(run);
		const rest = await signalbox.as().events(run, `?after=${last}`);
		expect(rest.done).toBe(true);
		expect(rest.events.at(-1)?.type).toBe('workflow_completed');
		expect(await signalbox.as().events(run)).toEqual({
			events: [...soFar.events, ...rest.events],
			done: true
		});
	});

	test('streams the same events as JSON has, and ends with "done"', async () => {
		const run = await signalbox.as().start({
			workflow: 'PROCESSING_WORKFLOW',
			params: { taskId: 't', items: [] },
			id: 'streamed'
		});
		await signalbox.as().decide(await signalbox.as().approvalOf(run), { approved: true });
		await signalbox.as().runEnded(run);
		const { events } = await signalbox.as().events(run);
		const streamed = await collect(stream(run));
		expect(streamed.at(-1)).toEqual({
			event: 'done',
			id: null,
			data: { status: 'complete', outcome: 'completed' }
		});
		expect(streamed.slice(0, -1)).toEqual(
			events.map((event) => ({ event: 'run-event', id: String(event.eventId), data: event }))
		);
	});

	test('streams on from where a broken connection stopped', async () => {
		const { events } = await signalbox
			.as()
			.events({ workflow: 'PROCESSING_WORKFLOW', id: 'streamed' });
		const from = events[3]?.eventId ?? 0;
		const run = { workflow: 'PROCESSING_WORKFLOW', id: 'streamed' };
		const byHeader = await collect(stream(run, '', { 'last-event-id': String(from) }));
		const byQuery = await collect(stream(run, `?after=${from}`));
		expect(byHeader).toEqual(byQuery);
		expect(byQuery.slice(0, -1).map(({ data }) => data)).toEqual(events.slice(4));
	});

	test('goes on live while the run does', async () => {
		const run = await signalbox.as().start(twoGates('streamed-live'));
		const first = await signalbox.as().approvalOf(run);
		const seen: RunEvent[] = [];
		let gates = 0;
		for await (const { event, data } of stream(run)) {
			if (event === 'done') {
				expect(data).toEqual({ status: 'errored', outcome: 'rejected' });
				break;
			}
			const next = runEventSchema.parse(data);
			seen.push(next);
			if (next.type !== 'wait_started') continue;
			gates += 1;
			const decision = gates === 1 ? { approved: true } : { approved: false, reason: 'too late' };
			const gate = gates === 1 ? first : await signalbox.as().approvalOf(run, first.id);
			expect((await signalbox.as().decide(gate, decision)).status).toBe(200);
		}
		expect(gates).toBe(2);
		expect(seen).toEqual((await signalbox.as().events(run)).events);
		expect(seen).toEqual(await signalbox.engine.history(run));
	});

	test('a stream of an unknown run is a problem document', async () => {
		const response = await signalbox.as().fetch('/api/v1/runs/REFUND/nobody/events', {
			headers: { accept: 'text/event-stream' }
		});
		expect(response.status).toBe(404);
		expect(response.headers.get('content-type')).toBe('application/problem+json');
		await response.body?.cancel();
	});
});
