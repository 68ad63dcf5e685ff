import { ProblemError, type RunEvent, type RunRef } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { RunEvents } from '../../rpc/agent-rpc';
import type { RunReaders } from './run-readers';

/** A comment is sent this often, Ms, so that no one in between takes the stream for dead. */
const KEEP_ALIVE_MS = 15_000;
/** A stream of which nothing is read for so long is cut off, Ms. */
const STALLED_MS = 60_000;
/** Events that are read at a time: the next ones when these are taken. */
const SLICE = 500;

export type EventStreamInput = {
	readers: Pick<RunReaders, 'readEvents' | 'keepTails' | 'addListener'>;
	ref: RunRef;
	/** Only events with a greater id are sent. */
	after: number;
	/** The current one unless given. */
	generation?: number | undefined;
};

/**
 * A run's history as server-sent events: `run-event` for each event, with its id, and `done` at
 * the run's end, after which the stream closes. No more is held than a reader takes: one that takes
 * nothing is cut off.
 */
export function eventStream(input: EventStreamInput): ReadableStream<Uint8Array> {
	const { readers, ref } = input;
	const encoder = new TextEncoder();
	let stop = () => {};
	let resume = () => {};
	return new ReadableStream<Uint8Array>({
		start(controller) {
			let cursor = input.after;
			let generation: number | null = null;
			let reading = false;
			let again = false;
			let isWaiting = false;
			let takenAt = Date.now();
			const isFull = () => (controller.desiredSize ?? 0) <= 0;
			const send = (text: string) => controller.enqueue(encoder.encode(text));
			const timer = setInterval(() => {
				if (!isFull()) {
					send(': still here\n\n');
					readers.keepTails([ref]);
				} else if (Date.now() - takenAt > STALLED_MS) {
					stop();
					controller.error(new Error(agentErrorText.streamNotRead));
				}
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
						isWaiting = isFull();
						if (isWaiting) return;
						again = false;
						let read = await readers.readEvents(ref, cursor, input.generation, SLICE);
						if (generation !== null && read.generation !== generation) {
							cursor = 0;
							read = await readers.readEvents(ref, 0, input.generation, SLICE);
						}
						generation = read.generation;
						if (read.events.length > 0) send(read.events.map(frameOf).join(''));
						cursor = read.events.at(-1)?.eventId ?? cursor;
						if (read.events.length >= SLICE) again = true;
						else if (read.done) return finish(read);
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
			resume = () => {
				takenAt = Date.now();
				if (isWaiting) void advance();
			};
			readers.keepTails([ref]);
			void advance();
		},
		pull: () => resume(),
		cancel: () => stop()
	});
}

function frameOf(event: RunEvent): string {
	return `event: run-event\nid: ${event.eventId}\ndata: ${JSON.stringify(event)}\n\n`;
}
