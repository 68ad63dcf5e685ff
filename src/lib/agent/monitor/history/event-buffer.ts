// Events that were read and not stored yet. While nobody watches they gather for up to a second, and
// a run is written once for all of them. The engine has them too: after a crash they are read again.
import { runKey, type RunEvent, type RunRef } from '../../../protocol';

/** Events of one generation of a run, in order. */
export type BufferedEvents = { ref: RunRef; generation: number; events: RunEvent[] };

/** Events that can wait for others. Whatever else happens to a run is stored at once. */
const CAN_WAIT = /^(workflow_(queued|started|running)|(step|attempt|sleep)_\w+)$/;
/** So many events of a run are stored without waiting for more. */
const MOST_BUFFERED = 500;

export class EventBuffer {
	readonly #byRun = new Map<string, BufferedEvents>();
	#store: (buffered: BufferedEvents) => void = () => undefined;

	/** Sets what stores the events. It uses the stores that use this buffer. */
	setStore(store: (buffered: BufferedEvents) => void): void {
		this.#store = store;
	}

	/** Gathers events. Returns false when they must not wait: then store them now. */
	addEvents({ ref, generation, events }: BufferedEvents): boolean {
		const key = runKey(ref);
		const known = this.#byRun.get(key);
		if (known && known.generation !== generation) this.flushRun(ref);
		const gathered = known?.generation === generation ? known.events : [];
		// Two readers of one run may bring the same events.
		const last = gathered.at(-1)?.eventId ?? 0;
		gathered.push(...events.filter(({ eventId }) => eventId > last));
		this.#byRun.set(key, { ref, generation, events: gathered });
		return gathered.length < MOST_BUFFERED && events.every(({ type }) => CAN_WAIT.test(type));
	}

	/** Stores what is gathered of one run. Everything that reads a run calls this first. */
	flushRun(ref: RunRef): void {
		const key = runKey(ref);
		const buffered = this.#byRun.get(key);
		if (!buffered) return;
		this.#byRun.delete(key);
		this.#store(buffered);
	}

	/** Stores what is gathered of all runs. */
	flushAll(): void {
		for (const { ref } of [...this.#byRun.values()]) this.flushRun(ref);
	}

	/** Forgets what is gathered of a run that is deleted. */
	discardRun(ref: RunRef): void {
		this.#byRun.delete(runKey(ref));
	}
}
