import type { Change, ClientFrameInput, ViewInput } from '$lib/protocol';

/** What the page looks at, so that it can be asked for again on each new socket. */
export class Watches {
	#send: (frame: ClientFrameInput) => void;
	#watches = new Map<string, { view: ViewInput; onChange: (change: Change) => void }>();
	#last = 0;

	constructor(send: (frame: ClientFrameInput) => void) {
		this.#send = send;
	}

	/** Begins a watch; returns what ends it. */
	add(view: ViewInput, onChange: (change: Change) => void): () => void {
		const watch = `w${++this.#last}`;
		this.#watches.set(watch, { view, onChange });
		this.#send({ type: 'watch', watch, view });
		return () => {
			if (this.#watches.delete(watch)) this.#send({ type: 'unwatch', watch });
		};
	}

	/** Asks for every watch again: a new socket knows of none. */
	askAgain(): void {
		for (const [watch, { view }] of this.#watches) this.#send({ type: 'watch', watch, view });
	}

	/** Hands on a change. One for a watch that has just ended concerns nobody. */
	take(watch: string, change: Change): void {
		this.#watches.get(watch)?.onChange(change);
	}
}
