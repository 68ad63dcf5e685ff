import { ProblemError, type RunEvent } from '../../../protocol';
import type { RunEvents } from '../../rpc/agent-rpc';

/** A comment is sent this often, Ms, so that no one in between takes the stream for dead. */
const KEEP_ALIVE_MS = 15_000;

export type EventStreamHost = {
	/** Only events with a greater id are sent. */
	after: number;
	read: (cursor: number) => Promise<RunEvents>;
	/** Calls back after every change of the run; returns what ends it. */
	onChange: (listener: () => void) => () => void;
	/** Keeps the run's tail attached a while longer. */
	keep: () => void;
};

/**
 * A run's history as server-sent events: `run-event` for each event, with its id, and `done` at
 * the run's end, after which the stream closes.
 */
export function eventStream(host: EventStreamHost): ReadableStream<Uint8Array> {
	const encoder = new TextEncoder();
	let stop = () => {};
	return new ReadableStream<Uint8Array>({
		start(controller) {
			let cursor = host.after;
			let generation: number | null = null;
			let reading = false;
			let again = false;
			const send = (text: string) => controller.enqueue(encoder.encode(text));
			const timer = setInterval(() => {
				send(': still here\n\n');
				host.keep();
			}, KEEP_ALIVE_MS);
			const unlisten = host.onChange(() => void advance());
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
						let read = await host.read(cursor);
						if (generation !== null && read.generation !== generation) {
							cursor = 0;
							read = await host.read(0);
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
			host.keep();
			void advance();
		},
		cancel: () => stop()
	});
}

function frameOf(event: RunEvent): string {
	return `event: run-event\nid: ${event.eventId}\ndata: ${JSON.stringify(event)}\n\n`;
}
