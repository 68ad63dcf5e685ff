// Which runs are being read right now. A tail is attached when something happened (a start, a
// callback, a command, a due time) or somebody watches; it detaches when nothing comes any more.
// The number of open tails is bounded; the rest wait their turn.
import { nextDueAt, runKey, type RunEvent, type RunHistory, type RunRef } from '../../../protocol';
import { HistoryUnavailableError, InstanceNotFoundError, type Engine } from './engine';
import type { RunStore, StoredRun } from '../store/run-store';
import { compareHistory, Tail, type TailEnd, type TailOptions } from './tail';

/** How many tails one Agent keeps open. FACTS: 300 open subscriptions from one Agent work. */
export const MAX_TAILS = 128;
/** How long a tail stays though nothing comes, Ms. */
const IDLE_MS = 5_000;
/** The same while other runs wait for a tail, Ms. */
const CROWDED_IDLE_MS = 100;
/** The same when something was due and did not happen, Ms. */
const OVERDUE_IDLE_MS = 1_000;
/** An attached run is looked at again after this though its tail seems open, Ms: evictions. */
const SAFETY_MS = 15_000;
/** The first pause between two looks that find nothing, Ms, doubled each time up to `most`. */
const BACKOFF = {
	running: { first: 2_000, most: 60_000 },
	waiting: { first: 60_000, most: 3_600_000 },
	overdue: { first: 1_000, most: 300_000 }
} as const;
/** How long a command waits for the history, Ms. */
const PATIENCE_MS = 2_000;
/** A run that the engine does not know is given up after this long, Ms. */
const LOST_AFTER_MS = 10_000;

export type TailsHost = {
	engine: Engine;
	runs: RunStore;
	/** Events of a generation of a run, already parsed, in order; some may be known. */
	take: (ref: RunRef, events: RunEvent[], generation: number) => void;
	/** The engine's history is not that generation's any more: the next one begins. */
	rewritten: (ref: RunRef, generation: number) => void;
	/** The history cannot be read; here is what `status()` says. */
	coarse: (ref: RunRef, status: Awaited<ReturnType<Engine['status']>>) => void;
	/** The engine has no such instance. */
	lost: (ref: RunRef) => void;
	/** A look found nothing new of a run that has not ended. */
	still: (ref: RunRef, history: RunHistory) => void;
	/** The next look has another time now. */
	planned: () => void;
	/** Keeps the work going beyond the call that began it. */
	background: (work: Promise<unknown>) => void;
};

type OpenTail = { tail: Tail; ended: Promise<void> };

export class Tails {
	readonly #host: TailsHost;
	readonly #open = new Map<string, OpenTail>();
	readonly #waiting = new Map<string, RunRef>();
	/** Until when somebody watches a run, Ms. */
	readonly #watched = new Map<string, number>();

	constructor(host: TailsHost) {
		this.#host = host;
	}

	/** How many tails are open. */
	get size(): number {
		return this.#open.size;
	}

	/** Begins to read a run, now or as soon as there is room. */
	attach(ref: RunRef): void {
		const key = runKey(ref);
		if (this.#open.has(key) || this.#waiting.has(key)) return;
		if (this.#open.size >= MAX_TAILS) {
			this.#waiting.set(key, ref);
			return;
		}
		this.#start(ref);
	}

	/** Keeps the run's tail attached until `untilMs`. */
	watch(ref: RunRef, untilMs: number): void {
		this.#watched.set(runKey(ref), untilMs);
		this.attach(ref);
	}

	/**
	 * Reads all that the engine has of a run by now, past any tail that may be open: a subscription
	 * can be dead without saying so. Resolves when it is stored, or after 2 s. Two readers at once do
	 * no harm, since an event is folded once.
	 */
	async catchUp(ref: RunRef, again = true): Promise<void> {
		const stored = this.#host.runs.get(ref);
		if (!stored) return;
		const { generation } = stored.facts;
		const reader: Tail = this.#tailOf(ref, stored, {
			idleMs: () => 0,
			caughtUp: () => reader.close()
		});
		const patience = setTimeout(() => reader.close(), PATIENCE_MS);
		try {
			if ((await reader.run()) === 'rewritten' && again) {
				this.#host.rewritten(ref, generation);
				await this.catchUp(ref, false);
			}
		} catch (error) {
			await this.#failed(ref, error);
		} finally {
			clearTimeout(patience);
		}
		this.attach(ref);
	}

	/** Stops reading a run; resolves when no batch of it can come any more. */
	async close(ref: RunRef): Promise<void> {
		this.#waiting.delete(runKey(ref));
		const open = this.#open.get(runKey(ref));
		if (!open) return;
		open.tail.close();
		await open.ended;
	}

	/** Attaches every run whose look is due. */
	wake(now: number): void {
		for (const ref of this.#host.runs.due(now)) {
			if (this.#open.has(runKey(ref))) this.#host.runs.attached(ref, now + SAFETY_MS);
			else this.attach(ref);
		}
	}

	#start(ref: RunRef): void {
		const stored = this.#host.runs.get(ref);
		if (!stored) return;
		const tail = this.#tailOf(ref, stored, {
			idleMs: () => this.#idleMs(ref),
			caughtUp: () => undefined
		});
		this.#host.runs.attached(ref, Date.now() + SAFETY_MS);
		const ended = this.#follow(ref, tail, stored.facts.generation);
		this.#open.set(runKey(ref), { tail, ended });
		this.#host.planned();
		this.#host.background(ended);
	}

	#tailOf(
		ref: RunRef,
		{ facts, history }: StoredRun,
		options: Pick<TailOptions, 'idleMs' | 'caughtUp'>
	): Tail {
		const last =
			history.cursor === 0
				? null
				: (this.#host.runs.events(ref, facts.generation, history.cursor - 1, 1)[0] ?? null);
		return new Tail({
			...options,
			last,
			open: (cursor) => this.#host.engine.subscribe(ref, cursor),
			take: (events) => this.#host.take(ref, events, facts.generation)
		});
	}

	async #follow(ref: RunRef, tail: Tail, generation: number): Promise<void> {
		let end: TailEnd | 'failed';
		try {
			end = await tail.run();
			if (end === 'unsure' && (await this.#compare(ref)) === 'rewritten') end = 'rewritten';
		} catch (error) {
			end = 'failed';
			await this.#failed(ref, error);
		}
		this.#open.delete(runKey(ref));
		if (end === 'rewritten') this.#host.rewritten(ref, generation);
		if (end !== 'closed') this.#plan(ref, end === 'idle');
		if (end === 'rewritten') this.attach(ref);
		const next = this.#waiting.entries().next();
		if (next.done || this.#open.size >= MAX_TAILS) return;
		this.#waiting.delete(next.value[0]);
		this.#start(next.value[1]);
	}

	#compare(ref: RunRef) {
		const generation = this.#host.runs.get(ref)?.facts.generation ?? 1;
		const all = this.#host.runs.events(ref, generation, 0, Number.MAX_SAFE_INTEGER);
		return compareHistory((cursor) => this.#host.engine.subscribe(ref, cursor), all);
	}

	async #failed(ref: RunRef, error: unknown): Promise<void> {
		const stored = this.#host.runs.get(ref);
		if (!stored) return;
		if (error instanceof InstanceNotFoundError) {
			if (Date.now() - stored.facts.createdAt > LOST_AFTER_MS) this.#host.lost(ref);
			return;
		}
		if (!(error instanceof HistoryUnavailableError)) return; // the next look tries again
		try {
			this.#host.coarse(ref, await this.#host.engine.status(ref));
		} catch (again) {
			if (again instanceof InstanceNotFoundError) this.#host.lost(ref);
		}
	}

	#idleMs(ref: RunRef): number {
		const stored = this.#host.runs.get(ref);
		const due = stored ? nextDueAt(stored.history) : null;
		// What is overdue is looked into, also while somebody watches.
		if (due !== null && due < Date.now()) return OVERDUE_IDLE_MS;
		const watchedUntil = this.#watched.get(runKey(ref)) ?? 0;
		if (watchedUntil > Date.now()) return Math.max(watchedUntil - Date.now(), IDLE_MS);
		this.#watched.delete(runKey(ref));
		return this.#waiting.size > 0 ? CROWDED_IDLE_MS : IDLE_MS;
	}

	#plan(ref: RunRef, idle: boolean): void {
		const stored = this.#host.runs.get(ref);
		if (!stored) return;
		const lost = stored.facts.lost;
		const plan =
			stored.history.end || lost
				? { at: null, looks: 0 }
				: nextLook(stored.history, stored.idleLooks, Date.now());
		this.#host.runs.wake(ref, plan.at, plan.looks);
		this.#host.planned();
		if (idle && !stored.history.end) this.#host.still(ref, stored.history);
	}
}

/** When to look at a run next, Ms: exactly when something is due, else with growing pauses. */
export function nextLook(
	history: RunHistory,
	idleLooks: number,
	now: number
): { at: number; looks: number } {
	const due = nextDueAt(history);
	if (due !== null && due > now) return { at: due + 10, looks: 0 };
	const still = history.phase === 'paused' || history.waits.length > 0;
	const { first, most } =
		due !== null ? BACKOFF.overdue : still ? BACKOFF.waiting : BACKOFF.running;
	return { at: now + Math.min(first * 2 ** idleLooks, most), looks: idleLooks + 1 };
}
