import { untrack } from 'svelte';
import type { BulkItem, BulkQuery, BulkView, Problem } from '$lib/protocol';
import type { Requests } from './requests';

/** Which job, and which page of its runs. */
export type BulkPage = { id: string } & Pick<BulkQuery, 'state' | 'cursor'>;

/**
 * A job over many runs and a page of what became of them, asked for again whenever the job has come
 * further. To be made while a component is initialised.
 */
export class LiveBulkJob {
	#requests: Requests;
	#key: string;
	#again = $state(0);
	#current = $state.raw<{ id: string; key: string; view: BulkView } | undefined>();
	#problem = $state.raw<{ key: string; problem: Problem } | null>(null);

	/**
	 * @param page what to ask for
	 * @param version changes whenever there is something new to read
	 */
	constructor(requests: Requests, page: () => BulkPage, version: () => string) {
		this.#requests = requests;
		this.#key = $derived(JSON.stringify(page()));
		$effect(() => {
			const key = this.#key;
			const stop = new AbortController();
			// Both are read, so that a change of either asks again.
			if (this.#again >= 0 && version() !== '') void this.#load(key, untrack(page), stop.signal);
			return () => stop.abort();
		});
	}

	/** The job; its counts stay while another page is on its way. */
	get current(): BulkView | undefined {
		return this.#current?.view;
	}

	/** The page of runs that is asked for; undefined until it is here. */
	get items(): readonly BulkItem[] | undefined {
		return this.#current?.key === this.#key ? this.#current.view.items : undefined;
	}

	/** Where the next page begins; null on the last one. */
	get nextCursor(): string | null {
		return this.#current?.key === this.#key ? this.#current.view.nextCursor : null;
	}

	get error(): Problem | null {
		return this.#problem?.key === this.#key ? this.#problem.problem : null;
	}

	/** Asks again. */
	reconnect(): void {
		this.#again += 1;
	}

	async #load(key: string, { id, state, cursor }: BulkPage, signal: AbortSignal): Promise<void> {
		const answer = await this.#requests.ask({
			type: 'bulk.get',
			id,
			query: { ...(state ? { state } : {}), ...(cursor ? { cursor } : {}) }
		});
		// What was asked for since will say more; its answer is on its way.
		if (signal.aborted && this.#current?.key === key) return;
		if (signal.aborted && this.#key !== key) return;
		this.#problem = answer.ok ? null : { key, problem: answer.problem };
		if (answer.ok) this.#current = { id, key, view: answer.value };
	}
}
