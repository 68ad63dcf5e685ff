import { createSubscriber } from 'svelte/reactivity';

/** Ticks while something on the page reads it, and only then. */
class Ticker {
	#subscribe: () => void;

	constructor(everyMs: number) {
		this.#subscribe = createSubscriber((update) => {
			const timer = setInterval(update, everyMs);
			return () => clearInterval(timer);
		});
	}

	read(): void {
		this.#subscribe();
	}
}

/** The server's time, by which durations tick. One for the whole page. */
export class Clock {
	#read: () => number;
	#seconds = new Ticker(1_000);
	#tenths = new Ticker(100);

	/** @param read the time in Ms */
	constructor(read: () => number) {
		this.#read = read;
	}

	/** Now, in Ms, renewed each second. */
	get now(): number {
		this.#seconds.read();
		return this.read();
	}

	/** Now, in Ms, renewed ten times a second: for what is young and for bars that grow. */
	get precise(): number {
		this.#tenths.read();
		return this.read();
	}

	/** Now, in Ms, without asking to be told when it changes. */
	read(): number {
		return Math.round(this.#read());
	}
}
