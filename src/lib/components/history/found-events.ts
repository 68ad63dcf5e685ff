import type { RunEvent } from '../../protocol';
import { isFailure, kindOfEvent } from './event-kind';
import type { HistoryView } from './history-view';

export type EventFilter = Pick<HistoryView, 'kinds' | 'failures' | 'text'>;

/** Filters a growing history: of a longer list only the added events are read. */
export class FoundEvents {
	#filter: EventFilter = { kinds: [], failures: false, text: '' };
	#read: readonly RunEvent[] = [];
	#found: readonly RunEvent[] = [];

	/** Without a filter, returns the very same list. */
	of(events: readonly RunEvent[], filter: EventFilter): readonly RunEvent[] {
		if (!filter.failures && filter.kinds.length === 0 && filter.text === '') return events;
		if (events === this.#read && isSame(filter, this.#filter)) return this.#found;
		const isContinued = isSame(filter, this.#filter) && this.#continues(events);
		const matches = passes(filter);
		const added = events.slice(isContinued ? this.#read.length : 0).filter(matches);
		if (!isContinued) this.#found = added;
		else if (added.length > 0) this.#found = [...this.#found, ...added];
		this.#read = events;
		this.#filter = filter;
		return this.#found;
	}

	#continues(events: readonly RunEvent[]): boolean {
		const last = this.#read.length - 1;
		return events.length > last && events[0] === this.#read[0] && events[last] === this.#read[last];
	}
}

function isSame(a: EventFilter, b: EventFilter): boolean {
	return a.failures === b.failures && a.text === b.text && a.kinds.join() === b.kinds.join();
}

function passes({ kinds, failures, text }: EventFilter): (event: RunEvent) => boolean {
	const wanted = text.toLowerCase();
	return (event) =>
		(kinds.length === 0 || kinds.includes(kindOfEvent(event))) &&
		(!failures || isFailure(event)) &&
		(wanted === '' || textOf(event).includes(wanted));
}

const texts = new WeakMap<RunEvent, string>();

/** An event as searchable text, cached while the user types. */
function textOf(event: RunEvent): string {
	const known = texts.get(event);
	if (known !== undefined) return known;
	const text = `${event.type.replaceAll('_', ' ')} ${JSON.stringify(event)}`.toLowerCase();
	texts.set(event, text);
	return text;
}
