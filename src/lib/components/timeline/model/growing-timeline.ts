import { buildTimeline, TimelineBuilder, type RunEvent, type Timeline } from '$lib/protocol';

/**
 * The timeline of a growing history: of each longer list it reads only the added events. A list that
 * does not continue the last one (after a restart or a reconnect) is read from its beginning.
 */
export class GrowingTimeline {
	#builder = new TimelineBuilder();
	#read: readonly RunEvent[] = [];
	#timeline: Timeline = buildTimeline([]);

	/** The timeline of these events. The same list again costs nothing. */
	of(events: readonly RunEvent[]): Timeline {
		if (events === this.#read) return this.#timeline;
		if (!this.#continues(events)) {
			this.#builder = new TimelineBuilder();
			this.#read = [];
		}
		this.#timeline = this.#builder.append(events.slice(this.#read.length));
		this.#read = events;
		return this.#timeline;
	}

	#continues(events: readonly RunEvent[]): boolean {
		const last = this.#read.length - 1;
		return (
			events.length > last &&
			events[0] === (this.#read[0] ?? events[0]) &&
			events[last] === this.#read[last]
		);
	}
}
