// Reads histories from the Agents that keep them, and keeps the tails of shown runs open.
import { ProblemError, runEventSchema, runKey, type RunRef } from '../../../protocol';
import type { AgentCall, RunEvents, ShownRun } from '../../rpc/agent-rpc';
import type { AgentRpc } from '../../rpc/agent-client';
import { agentErrorText } from '../../../messages/server/agent-errors';
import type { ChangeListener } from '../change-publisher';
import type { ChangeSet } from '../change-set';
import type { Fleet } from '../fleet';
import type { SubscriptionRegistry } from '../subscriptions/subscription-registry';

/** How long the tail of a shown run stays open, and how often that is renewed, Ms. */
const TAIL_MS = { keep: 60_000, renew: 30_000 } as const;
/** Events of one answer: a longer history is read on. */
const EVENTS_LIMIT = 10_000;

/** Which part of a run is shown: what is not known yet of one generation. */
export type ShownPart = Omit<Extract<AgentCall, { type: 'show' }>, 'type' | 'ref'>;

export type RunReadersParts = {
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	fleet: Fleet;
	agents: AgentRpc;
	registry: Pick<SubscriptionRegistry, 'shownRuns'>;
};

export class RunReaders implements ChangeListener {
	readonly #parts: RunReadersParts;
	readonly #listeners = new Map<string, Set<() => void>>();
	#timer: ReturnType<typeof setInterval> | null = null;

	constructor(parts: RunReadersParts) {
		this.#parts = parts;
	}

	/** @throws ProblemError `unknown-run`, `unavailable` */
	async readEvents(
		ref: RunRef,
		after: number,
		generation?: number,
		limit = EVENTS_LIMIT
	): Promise<RunEvents> {
		const record = this.#parts.fleet.runs.get(runKey(ref));
		if (!record) throw new ProblemError('unknown-run', agentErrorText.unknownRun(runKey(ref)));
		const read = await this.#parts.agents.callAgent<'events'>(record.run.agent.path, {
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
	async readShownRun(ref: RunRef, part: ShownPart): Promise<ShownRun> {
		const record = this.#parts.fleet.runs.get(runKey(ref));
		if (!record) throw new ProblemError('unknown-run', agentErrorText.unknownRun(runKey(ref)));
		const call = { type: 'show', ref, ...part } as const;
		const read = await this.#parts.agents.callAgent<'show'>(record.run.agent.path, call);
		return { ...read, events: read.events.map((event) => runEventSchema.parse(event)) };
	}

	/** Calls back after every change of a run. Returns a function that stops it. */
	addListener(ref: RunRef, listener: () => void): () => void {
		const key = runKey(ref);
		const own = this.#listeners.get(key) ?? new Set();
		this.#listeners.set(key, own.add(listener));
		return () => {
			own.delete(listener);
			if (own.size === 0) this.#listeners.delete(key);
		};
	}

	/** Calls back those who listen to runs that changed. */
	handleChanges({ runs }: ChangeSet): void {
		for (const key of runs) this.#listeners.get(key)?.forEach((listener) => listener());
	}

	/** Keeps the tails of runs that somebody has open, from now on and as long as there are any. */
	keepShownTails(): void {
		const shown = this.#parts.registry.shownRuns();
		this.keepTails(shown);
		if (shown.length > 0 && this.#timer === null) {
			this.#timer = setInterval(() => this.keepShownTails(), TAIL_MS.renew);
		} else if (shown.length === 0 && this.#timer !== null) {
			clearInterval(this.#timer);
			this.#timer = null;
		}
	}

	/** Asks the Agents of these runs to read them now and for a while. */
	keepTails(refs: RunRef[]): void {
		const known = refs.flatMap((ref) => {
			const record = this.#parts.fleet.runs.get(runKey(ref));
			return record?.run.finishedAt === null ? [{ ref, path: record.run.agent.path }] : [];
		});
		for (const [path, own] of Map.groupBy(known, (found) => found.path)) {
			const refsThere = own.map(({ ref }) => ref);
			const call = { type: 'look', refs: refsThere, keepMs: TAIL_MS.keep } as const;
			this.#parts.ctx.waitUntil(
				this.#parts.agents.callAgent<'look'>(path, call).catch((error: unknown) => {
					// The Agent is unavailable: its own alarm reads them later.
					if (!(error instanceof ProblemError)) throw error;
				})
			);
		}
	}
}
