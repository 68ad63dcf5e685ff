import type { RunEvent } from '../../../src/lib/protocol';
import {
	singleReadingFeed,
	type HistoryFeed
} from '../../../src/lib/agent/monitor/history/history-feed';
import { HistoryReading } from '../../../src/lib/agent/monitor/history/history-reading';

/** The engine's side of a history: what it has is replayed, what it gets goes out live. */
export class FakeEngine {
	#events: unknown[];
	#ended = false;
	#failure: Error | null = null;
	#changed = Promise.withResolvers<null>();
	/** The cursors that subscriptions began after. */
	readonly cursors: number[] = [];
	disposed = 0;

	constructor(events: readonly unknown[] = []) {
		this.#events = [...events];
	}

	readonly open = async (cursor: number): Promise<HistoryFeed> => {
		this.cursors.push(cursor);
		let place = this.#events.findIndex((event) => idOf(event) > cursor);
		if (place < 0) place = this.#events.length;
		const reading = new HistoryReading({
			next: async () => {
				while (place >= this.#events.length) {
					if (this.#failure) throw this.#failure;
					if (this.#ended) return { done: true, value: undefined };
					await this.#changed.promise;
				}
				return { done: false, value: this.#events[place++] };
			},
			[Symbol.dispose]: () => {
				this.disposed += 1;
			}
		});
		return singleReadingFeed(reading);
	};

	push(...events: unknown[]): void {
		this.#events.push(...events);
		this.#tell();
	}

	/** The instance has come to its end: no event follows. */
	end(): void {
		this.#ended = true;
		this.#tell();
	}

	fail(error: Error): void {
		this.#failure = error;
		this.#tell();
	}

	#tell(): void {
		this.#changed.resolve(null);
		this.#changed = Promise.withResolvers<null>();
	}
}

function idOf(event: unknown): number {
	return typeof event === 'object' && event !== null && 'eventId' in event
		? Number(event.eventId)
		: Number.POSITIVE_INFINITY;
}

/** Plain events, numbered from `first` on. */
export function plainEvents(first: number, count: number): RunEvent[] {
	return Array.from({ length: count }, (_, index) => ({
		eventId: first + index,
		timestamp: 1000 + first + index,
		type: 'workflow_running'
	}));
}
