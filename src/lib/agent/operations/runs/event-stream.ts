import { ProblemError, type RunEvent, type RunRef } from '../../../protocol';
import type { RunEvents } from '../../rpc/agent-rpc';
import type { RunReaders } from './run-readers';

/** A comment is sent this often, Ms, so that no one in between takes the stream for dead. */
const KEEP_ALIVE_MS = 15_000;

export type EventStreamInput = {
	readers: RunReaders;
	ref: RunRef;
	/** Only events with a greater id are sent. */
	after: number;
	/** The current one unless given. */
	generation?: number | undefined;
};

/**
 * A run's history as server-sent events: `run-event` for each event, with its id, and `done` at
 * the run's end, after which the stream closes.
 */
export function eventStream(input: EventStreamInput): ReadableStream<Uint8Array> {
	const { readers, ref } = input;
	const encoder = new TextEncoder();
	let stop = () => {};
	return new ReadableStream<Uint8Array>({
		start(controller) {
			let cursor = input.after;
			let generation: number | null = null;
			let reading = false;
			let again = false;
			const send = (text: string) => controller.enqueue(encoder.encode(text));
			const timer = setInterval(() => {
				send(': still here\n\n');
				readers.keepTails([ref]);
			}, KEEP_ALIVE_MS);
			const unlisten = readers.addListener(ref, () => void advance());
			stop = () => {
				clearInterval(timer);
				unlisten();
			};
			const advance = async (): Promise<void> => {
				if (reading) {
					again = true;
					return;
				}
				reading = true;
				try {
					do {
						again = false;
						let read = await readers.readEvents(ref, cursor, input.generation);
						if (generation !== null && read.generation !== generation) {
							cursor = 0;
							read = await readers.readEvents(ref, 0, input.generation);
						}
						generation = read.generation;
						for (const event of read.events) send(frameOf(event));
						cursor = read.events.at(-1)?.eventId ?? cursor;
						if (read.done) return finish(read);
					} while (again);
				} catch (error) {
					stop();
					controller.error(error instanceof ProblemError ? new Error(error.message) : error);
				} finally {
					reading = false;
				}
			};
			const finish = ({ run }: RunEvents) => {
				send(
					`event: done\ndata: ${JSON.stringify({ status: run.status, outcome: run.outcome })}\n\n`
				);
				stop();
				controller.close();
			};
			readers.keepTails([ref]);
			void advance();
		},
		cancel: () => stop()
	});
}

function frameOf(event: RunEvent): string {
	return `event: run-event\nid: ${event.eventId}\ndata: ${JSON.stringify(event)}\n\n`;
}
