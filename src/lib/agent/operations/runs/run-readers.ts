// Reading histories from the Agents that keep them, and keeping the tails of what is looked at.
import { ProblemError, runEventSchema, runKey, type RunRef } from '../../../protocol';
import type { AgentCall, RunEvents, ShownRun } from '../../rpc/agent-rpc';
import type { AgentRpc } from '../../rpc/agent-client';
import type { Fleet } from '../fleet';

/** How long a watched run's tail stays attached, and how often that is renewed, Ms. */
const WATCH_MS = { keep: 60_000, renew: 30_000 } as const;
/** Events of one answer: a longer history is read on. */
const EVENTS_LIMIT = 10_000;

/** Which part of a run is shown: what is not known yet of one generation. */
export type ShownPart = Omit<Extract<AgentCall, { type: 'show' }>, 'type' | 'ref'>;

export type RunReadersHost = {
	fleet: Fleet;
	agents: AgentRpc;
	/** The runs that somebody looks at. */
	watched: () => RunRef[];
	background: (work: Promise<unknown>) => void;
};

export class RunReaders {
	readonly #host: RunReadersHost;
	readonly #listeners = new Map<string, Set<() => void>>();
	#timer: ReturnType<typeof setInterval> | null = null;

	constructor(host: RunReadersHost) {
		this.#host = host;
	}

	/** @throws ProblemError `unknown-run`, `unavailable` */
	async events(
		ref: RunRef,
		after: number,
		generation?: number,
		limit = EVENTS_LIMIT
	): Promise<RunEvents> {
		const record = this.#host.fleet.runs.get(runKey(ref));
		if (!record) throw new ProblemError('unknown-run', `There is no run ${runKey(ref)}.`);
		const read = await this.#host.agents.callAgent<'events'>(record.run.agent.path, {
			type: 'events',
			ref,
			after,
			generation,
			limit
		});
		return { ...read, events: read.events.map((event) => runEventSchema.parse(event)) };
	}

	/**
	 * Events for a page that shows the run, with what its Agent knows beside them.
	 * @throws ProblemError `unknown-run`, `unavailable`
	 */
	async show(ref: RunRef, part: ShownPart): Promise<ShownRun> {
		const record = this.#host.fleet.runs.get(runKey(ref));
		if (!record) throw new ProblemError('unknown-run', `There is no run ${runKey(ref)}.`);
		const call = { type: 'show', ref, ...part } as const;
		const read = await this.#host.agents.callAgent<'show'>(record.run.agent.path, call);
		return { ...read, events: read.events.map((event) => runEventSchema.parse(event)) };
	}

	/** Calls back after every change of a run; returns what ends it. */
	listen(ref: RunRef, listener: () => void): () => void {
		const key = runKey(ref);
		const own = this.#listeners.get(key) ?? new Set();
		this.#listeners.set(key, own.add(listener));
		return () => {
			own.delete(listener);
			if (own.size === 0) this.#listeners.delete(key);
		};
	}

	/** Tells those who listen that runs changed. */
	changed(keys: Iterable<string>): void {
		for (const key of keys) this.#listeners.get(key)?.forEach((listener) => listener());
	}

	/** While somebody looks at a run, its tail stays attached. */
	keepWatched(): void {
		const watched = this.#host.watched();
		this.look(watched);
		if (watched.length > 0 && this.#timer === null) {
			this.#timer = setInterval(() => this.keepWatched(), WATCH_MS.renew);
		} else if (watched.length === 0 && this.#timer !== null) {
			clearInterval(this.#timer);
			this.#timer = null;
		}
	}

	/** Asks the Agents of these runs to read them now and a while longer. */
	look(refs: RunRef[]): void {
		const known = refs.flatMap((ref) => {
			const record = this.#host.fleet.runs.get(runKey(ref));
			return record?.run.finishedAt === null ? [{ ref, path: record.run.agent.path }] : [];
		});
		for (const [path, own] of Map.groupBy(known, (found) => found.path)) {
			const refsThere = own.map(({ ref }) => ref);
			const call = { type: 'look', refs: refsThere, keepMs: WATCH_MS.keep } as const;
			this.#host.background(
				this.#host.agents.callAgent<'look'>(path, call).catch((error: unknown) => {
					// The Agent is away: its own wakes see to it when it is back.
					if (!(error instanceof ProblemError)) throw error;
				})
			);
		}
	}
}
