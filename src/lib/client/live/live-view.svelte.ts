import { untrack } from 'svelte';
import { connectionText } from '$lib/messages/components/connection';
import { problem, type Change, type Problem, type ViewInput } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';

/** How a model takes a change. `undefined` is the model before its first snapshot. */
export type Apply<T> = (before: T | undefined, change: Change) => T | undefined;

/**
 * Something looked at over the connection. The last good value stays while disconnected; what was
 * looked at before stays too until the first answer for what is looked at now, so that nothing
 * blinks while one filters. To be made while a component is initialised.
 */
export class LiveView<T> {
	#connection: Connection;
	#apply: Apply<T>;
	/** Text of the view looked at, and of the one that `current` answers. */
	#asked: string;
	#answered = $state.raw<string | null>(null);
	/** What is listed, whichever part of it: by default the view's whole text. */
	readonly #subject: () => string;
	/** The subject that `current` is of. */
	#currentOf = $state.raw<string | null>(null);
	#current = $state.raw<T | undefined>();
	#problem = $state.raw<Problem | null>(null);

	/**
	 * @param view what to look at; when it changes, the subscription changes with it
	 * @param subject names what is listed, for a view that shows a part of it at a time
	 */
	constructor(
		connection: Connection,
		view: () => ViewInput,
		apply: Apply<T>,
		subject?: () => string
	) {
		this.#connection = connection;
		this.#apply = apply;
		// Compared by its text: a new object that says the same is not asked for anew.
		this.#asked = $derived(JSON.stringify(view()));
		this.#subject = subject ?? (() => this.#asked);
		// Before anything is drawn: what is asked first is answered first.
		$effect.pre(() => {
			const asked = this.#asked;
			return untrack(() => this.#subscribe(asked, view()));
		});
	}

	/** The last good value; undefined before the first. */
	get current(): T | undefined {
		return this.#current;
	}

	/** Is there a value at all? */
	get ready(): boolean {
		return this.current !== undefined;
	}

	/** Is the answer to what is looked at now still to come? */
	get loading(): boolean {
		return this.#answered !== this.#asked;
	}

	/** Does `current` still answer something else than what is asked for now? Then it must be marked. */
	get previous(): boolean {
		return this.#current !== undefined && this.#currentOf !== this.#subject();
	}

	/** Is `current` kept up to date right now? */
	get connected(): boolean {
		return this.#connection.live;
	}

	/** What is wrong: refused by the server, or never reached. */
	get error(): Problem | null {
		if (this.#problem && !this.loading) return this.#problem;
		if (this.ready) return null;
		if (this.#connection.refused !== null) return problem('forbidden', this.#connection.refused);
		if (this.#connection.status !== 'stale') return null;
		return problem('unavailable', connectionText.retrying);
	}

	/** Connects anew and asks for all of it again. */
	reconnect(): void {
		this.#connection.reconnect();
	}

	#subscribe(asked: string, view: ViewInput): () => void {
		const subject = this.#subject();
		let model: T | undefined;
		let pending: Change[] = [];
		const flush = () => {
			let refused: Problem | null = null;
			for (const change of pending) {
				refused = change.kind === 'refused' ? change.problem : null;
				model = this.#apply(model, change);
			}
			pending = [];
			if (model === undefined && !refused) return;
			if (model !== undefined) {
				this.#current = model;
				this.#currentOf = subject;
			}
			this.#problem = refused;
			this.#answered = asked;
		};
		// What arrives in one go is published once. Not by frame: those stop in a hidden tab.
		return this.#connection.subscribe(view, (change) => {
			if (pending.push(change) === 1) queueMicrotask(flush);
		});
	}
}
