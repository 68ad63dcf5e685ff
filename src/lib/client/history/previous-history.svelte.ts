import { untrack } from 'svelte';
import { runKey, type Answer, type Problem, type RunEvent, type RunRef } from '$lib/protocol';
import type { Requests } from '../requests';

/** One generation of a run. */
export type GenerationRef = RunRef & { generation: number };

/**
 * The events of a previous generation. They change no more, so they are asked for once, in parts. To
 * be made while a component is initialised.
 */
export class PreviousHistory {
	#requests: Requests;
	#asked: string;
	#attempt = $state(0);
	#current = $state.raw<{ key: string; events: readonly RunEvent[] } | undefined>();
	#problem = $state.raw<{ key: string; problem: Problem } | null>(null);

	/**
	 * @param of whose events; when it changes, others are asked for
	 * @param readRound changes when an answer may have been lost; what is missing is asked for again
	 */
	constructor(requests: Requests, of: () => GenerationRef, readRound: () => number) {
		this.#requests = requests;
		this.#asked = $derived(keyOf(of()));
		$effect(() => {
			const asked = this.#asked;
			const stop = new AbortController();
			// Read, so that `reconnect` asks again.
			const isAsked = this.#attempt >= 0 && readRound() >= 0;
			const isHere = untrack(() => this.ready);
			if (isAsked && !isHere) void this.#load(asked, untrack(of), stop.signal);
			return () => stop.abort();
		});
	}

	/** All of its events; undefined until they are here. */
	get current(): readonly RunEvent[] | undefined {
		return this.#current?.key === this.#asked ? this.#current.events : undefined;
	}

	get ready(): boolean {
		return this.current !== undefined;
	}

	get error(): Problem | null {
		return this.#problem?.key === this.#asked && !this.ready ? this.#problem.problem : null;
	}

	/** Asks again after it failed. */
	reconnect(): void {
		this.#problem = null;
		this.#attempt += 1;
	}

	async #load(key: string, of: GenerationRef, signal: AbortSignal): Promise<void> {
		const answer = await allEvents(this.#requests, of, signal);
		if (signal.aborted) return;
		if (answer.ok) this.#current = { key, events: answer.value };
		else this.#problem = { key, problem: answer.problem };
	}
}

function keyOf(of: GenerationRef): string {
	return `${runKey(of)}/${of.generation}`;
}

/** Asks for all events of a generation, part by part, until `signal` says that nobody waits. */
export async function allEvents(
	requests: Requests,
	{ workflow, id, generation }: GenerationRef,
	signal?: AbortSignal
): Promise<Answer<RunEvent[]>> {
	const events: RunEvent[] = [];
	let isDone = false;
	while (!isDone && !signal?.aborted) {
		const after = events.at(-1)?.eventId ?? 0;
		const answer = await requests.ask({ type: 'run.events', workflow, id, generation, after });
		if (!answer.ok) return answer;
		events.push(...answer.value.events);
		isDone = answer.value.done || answer.value.events.length === 0;
	}
	return { ok: true, value: events };
}
