// Which runs are being read right now. A tail is attached when something happened (a start, a
// callback, a command, a due time) or somebody watches; it is detached when no events come. The
// number of open tails is limited; further runs wait in a queue.
import { nextDueAt, runKey, type RunHistory, type RunRef } from '../../../protocol';
import type { AlarmPlan } from '../alarm-plan';
import type { ReadPlan } from '../store/read-plan';
import type { AgentRunStore, StoredRun } from '../store/run-store';
import {
	HistoryUnavailableError,
	InstanceNotFoundError,
	MissingBindingError,
	type Engine
} from './engine';
import type { HistoryRecorder } from './history-recorder';
import type { LocalEngine } from './local-engine';
import { SAFETY_MS, type OpenTails } from './open-tails';
import { compareHistory, Tail, type TailEnd, type TailOptions } from './tail';

/** How many tails one Agent keeps open; 300 open subscriptions from one Agent were measured to work. */
export const MAX_TAILS = 128;
/** How long a tail stays open without new events, Ms; less while other runs are queued. */
const IDLE_MS = { usual: 5_000, crowded: 100, overdue: 1_000 } as const;
/** The first pause between two reads that find nothing, Ms, doubled each time up to `most`. */
const BACKOFF = {
	running: { first: 2_000, most: 60_000 },
	waiting: { first: 60_000, most: 3_600_000 },
	overdue: { first: 1_000, most: 300_000 }
} as const;
/** How long a command waits for the history, Ms. */
const CATCH_UP_MS = 2_000;
/** A run that the engine does not know counts as lost after this, Ms. */
const LOST_AFTER_MS = 10_000;
/** A history that failed for so long cannot be read: `status()` decides instead, Ms. */
const UNREADABLE_AFTER_MS = 10_000;
/** What `status()` says of a run that has ended. */
const ENDS: ReadonlySet<string> = new Set(['complete', 'errored', 'terminated']);

export type TailsParts = {
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	engine: Pick<Engine, 'subscribe' | 'getStatus'>;
	runs: Pick<AgentRunStore, 'findRun' | 'peekRun'> & {
		events: Pick<AgentRunStore['events'], 'eventsOf'>;
	};
	readPlan: Pick<ReadPlan, 'runsDueForRead' | 'markTailOpen' | 'planNextRead'>;
	openTails: OpenTails;
	recorder: Pick<
		HistoryRecorder,
		| 'recordEvents'
		| 'recordStatus'
		| 'startNextGeneration'
		| 'recordLostRun'
		| 'recordMissingBinding'
		| 'recordFoundBinding'
	>;
	localEngine: Pick<LocalEngine, 'wakeStalledRun'>;
	alarmPlan: Pick<AlarmPlan, 'updateAlarm'>;
};

type OpenTail = { tail: Tail; ended: Promise<void> };

export class Tails {
	readonly #parts: TailsParts;
	readonly #open = new Map<string, OpenTail>();
	readonly #queue = new Map<string, RunRef>();
	/** Since when each read of a run's history fails, Ms. */
	readonly #failingSince = new Map<string, number>();

	constructor(parts: TailsParts) {
		this.#parts = parts;
	}

	/** How many tails are open. */
	get size(): number {
		return this.#open.size;
	}

	/** Starts to read a run, now or as soon as a tail is free. */
	attachRun(ref: RunRef): void {
		const key = runKey(ref);
		if (this.#open.has(key) || this.#queue.has(key)) return;
		if (!this.#parts.runs.peekRun(ref)) return;
		this.#parts.openTails.add(ref);
		if (this.#open.size >= MAX_TAILS) this.#queue.set(key, ref);
		else this.#openTail(ref);
	}

	/** Keeps the run's tail attached until `untilMs`. */
	watchRun(ref: RunRef, untilMs: number): void {
		this.#parts.openTails.watchRun(ref, untilMs);
		this.attachRun(ref);
	}

	/** Attaches every run whose next read is due. */
	attachDueRuns(now: number): void {
		for (const ref of this.#parts.readPlan.runsDueForRead(now)) this.attachRun(ref);
	}

	/**
	 * Reads everything that the engine has of a run, with a reader of its own: an open subscription
	 * can be dead without a sign. Resolves when the events are stored, or after 2 s. Two readers at
	 * once do no harm, since each event is folded once.
	 */
	async catchUpRun(ref: RunRef): Promise<void> {
		const { runs, recorder } = this.#parts;
		const stored = runs.findRun(ref);
		if (!stored) return;
		if ((await this.#readToEnd(ref)) === 'rewritten') {
			recorder.startNextGeneration(ref, stored.facts.generation);
			await this.#readToEnd(ref);
		}
		this.attachRun(ref);
	}

	/** Stops reading a run; resolves when no more events of it can arrive. */
	async closeTail(ref: RunRef): Promise<void> {
		if (this.#queue.delete(runKey(ref))) this.#parts.openTails.delete(ref);
		const open = this.#open.get(runKey(ref));
		if (!open) return;
		open.tail.close();
		await open.ended;
	}

	async #readToEnd(ref: RunRef): Promise<TailEnd | 'failed'> {
		const stored = this.#parts.runs.findRun(ref);
		if (!stored) return 'failed';
		const reader: Tail = this.#createTail(ref, stored, {
			idleMs: () => 0,
			onCaughtUp: () => reader.close()
		});
		const timer = setTimeout(() => reader.close(), CATCH_UP_MS);
		try {
			const end = await reader.run();
			await this.#recordSuccess(ref, end);
			return end;
		} catch (error) {
			await this.#recordFailure(ref, error);
			return 'failed';
		} finally {
			clearTimeout(timer);
		}
	}

	#openTail(ref: RunRef): void {
		const { ctx, runs, readPlan, openTails, alarmPlan } = this.#parts;
		const stored = runs.findRun(ref);
		if (!stored) {
			openTails.delete(ref);
			return this.#openQueuedTail();
		}
		const tail = this.#createTail(ref, stored, {
			idleMs: () => this.#idleMs(ref),
			onCaughtUp: () => undefined
		});
		readPlan.markTailOpen(ref, openTails.safetyAt(Date.now()));
		const ended = this.#followTail(ref, tail, stored.facts.generation);
		this.#open.set(runKey(ref), { tail, ended });
		alarmPlan.updateAlarm();
		ctx.waitUntil(ended);
	}

	#createTail(
		ref: RunRef,
		{ facts: { generation }, history: { cursor } }: StoredRun,
		options: Pick<TailOptions, 'idleMs' | 'onCaughtUp'>
	): Tail {
		const { engine, runs, recorder } = this.#parts;
		const [lastEvent] = cursor === 0 ? [] : runs.events.eventsOf(ref, generation, cursor - 1, 1);
		return new Tail({
			...options,
			lastEvent: lastEvent ?? null,
			openHistory: (after) => engine.subscribe(ref, after),
			recordEvents: (events) => recorder.recordEvents(ref, events, generation)
		});
	}

	async #followTail(ref: RunRef, tail: Tail, generation: number): Promise<void> {
		let end: TailEnd | 'failed';
		try {
			end = await tail.run();
			await this.#recordSuccess(ref, end);
			if (end === 'unsure' && (await this.#compareWithStored(ref)) === 'rewritten') {
				end = 'rewritten';
			}
		} catch (error) {
			end = 'failed';
			await this.#recordFailure(ref, error);
		}
		this.#open.delete(runKey(ref));
		this.#parts.openTails.delete(ref);
		if (end === 'rewritten') this.#parts.recorder.startNextGeneration(ref, generation);
		this.#planNextRead(ref, end);
		if (end === 'rewritten' || end === 'outdated') this.attachRun(ref);
		this.#openQueuedTail();
	}

	#openQueuedTail(): void {
		const next = this.#queue.entries().next();
		if (next.done || this.#open.size >= MAX_TAILS) return;
		const [key, ref] = next.value;
		this.#queue.delete(key);
		this.#openTail(ref);
	}

	#compareWithStored(ref: RunRef) {
		const { engine, runs } = this.#parts;
		const generation = runs.findRun(ref)?.facts.generation ?? 1;
		const stored = runs.events.eventsOf(ref, generation);
		return compareHistory((cursor) => engine.subscribe(ref, cursor), stored);
	}

	/** A history that ends without its last event, which cannot be read: the status says which end. */
	async #recordSuccess(ref: RunRef, end: TailEnd): Promise<void> {
		const { engine, runs, recorder } = this.#parts;
		this.#failingSince.delete(runKey(ref));
		recorder.recordFoundBinding(ref);
		const stored = runs.findRun(ref);
		if (end !== 'done' || !stored || stored.history.end) return;
		try {
			const status = await engine.getStatus(ref);
			if (ENDS.has(status.status)) recorder.recordStatus(ref, status);
		} catch (error) {
			if (!(error instanceof InstanceNotFoundError)) throw error; // the next read finds it lost
		}
	}

	async #recordFailure(ref: RunRef, error: unknown): Promise<void> {
		const { engine, runs, recorder } = this.#parts;
		const stored = runs.findRun(ref);
		if (!stored) return;
		if (error instanceof InstanceNotFoundError) {
			if (Date.now() - stored.facts.createdAt > LOST_AFTER_MS) recorder.recordLostRun(ref);
			return;
		}
		if (error instanceof MissingBindingError) {
			recorder.recordMissingBinding(ref);
			return;
		}
		const key = runKey(ref);
		const since = this.#failingSince.get(key) ?? Date.now();
		this.#failingSince.set(key, since);
		const isUnreadable =
			error instanceof HistoryUnavailableError || Date.now() - since >= UNREADABLE_AFTER_MS;
		if (!isUnreadable) return; // the next read tries again
		try {
			recorder.recordStatus(ref, await engine.getStatus(ref));
		} catch (statusError) {
			if (statusError instanceof InstanceNotFoundError) recorder.recordLostRun(ref);
		}
	}

	#idleMs(ref: RunRef): number {
		const { runs, openTails } = this.#parts;
		const stored = runs.peekRun(ref);
		const due = stored ? nextDueAt(stored.history) : null;
		// Overdue runs are checked soon, even while somebody watches.
		if (due !== null && due < Date.now()) return IDLE_MS.overdue;
		const watchedMs = openTails.watchedUntil(ref, Date.now()) - Date.now();
		if (watchedMs > 0) return Math.max(watchedMs, IDLE_MS.usual);
		return this.#queue.size > 0 ? IDLE_MS.crowded : IDLE_MS.usual;
	}

	#planNextRead(ref: RunRef, end: TailEnd | 'failed'): void {
		const { ctx, runs, readPlan, alarmPlan } = this.#parts;
		const stored = runs.findRun(ref);
		if (!stored) return;
		const { facts, history, idleReads } = stored;
		const now = Date.now();
		const plan =
			history.end || facts.lost
				? { at: null, idleReads: 0 }
				: end === 'closed'
					? { at: now + SAFETY_MS, idleReads }
					: nextRead(history, idleReads, now);
		readPlan.planNextRead(ref, plan.at, plan.idleReads);
		alarmPlan.updateAlarm();
		if (end === 'idle' && !history.end) ctx.waitUntil(this.#wakeIfStalled(ref, history));
	}

	async #wakeIfStalled(ref: RunRef, history: RunHistory): Promise<void> {
		if (await this.#parts.localEngine.wakeStalledRun(ref, history)) await this.catchUpRun(ref);
	}
}

/** When to read a run next, Ms: exactly when something is due, else after growing pauses. */
export function nextRead(
	history: RunHistory,
	idleReads: number,
	now: number
): { at: number; idleReads: number } {
	const due = nextDueAt(history);
	if (due !== null && due > now) return { at: due + 10, idleReads: 0 };
	const isWaiting = history.phase === 'paused' || history.waits.length > 0;
	const { first, most } =
		due !== null ? BACKOFF.overdue : isWaiting ? BACKOFF.waiting : BACKOFF.running;
	return { at: now + Math.min(first * 2 ** idleReads, most), idleReads: idleReads + 1 };
}
