// The SDK's own tracking row of a run, which its methods keep and need. It is read and written
// through those methods only. A run that has no row (orphaned between the engine's `create` and
// the SDK's insert, or adopted) is controlled through the engine itself.
import {
	isEnded,
	type Json,
	type RunHistory,
	type RunRef,
	type RunStatus,
	statusOf
} from '../../../protocol';
import type { Engine } from './engine';

/** The SDK's methods, past any override. */
export type SdkMethods = {
	pause: (id: string) => Promise<void>;
	resume: (id: string) => Promise<void>;
	terminate: (id: string) => Promise<void>;
	restart: (id: string) => Promise<void>;
	forget: (id: string) => void;
	/** Reads the engine's status into the row. */
	refresh: (ref: RunRef) => Promise<unknown>;
	tracked: (id: string) => Tracked | null;
};
export type Tracked = {
	workflowName: string;
	status: RunStatus;
	metadata: Record<string, unknown> | null;
	createdAt: Date;
};

/** When a row is compared with the history of a run that moved, Ms after one another. */
const MEND_AFTER_MS = [50, 200, 1_000, 4_000];

export class SdkTracking {
	readonly #methods: SdkMethods;
	readonly #engine: Engine;

	constructor(methods: SdkMethods, engine: Engine) {
		this.#methods = methods;
		this.#engine = engine;
	}

	/** The row of a run, if it is this run's: ids are unique for the SDK across workflows. */
	row(ref: RunRef): Tracked | null {
		const tracked = this.#methods.tracked(ref.id);
		return tracked?.workflowName === ref.workflow ? tracked : null;
	}

	/** Is the id taken in this Agent, by whichever workflow? */
	taken(id: string): boolean {
		return this.#methods.tracked(id) !== null;
	}

	async control(action: 'pause' | 'resume' | 'terminate', ref: RunRef): Promise<void> {
		if (this.row(ref)) return this.#methods[action](ref.id);
		const instance = await this.#engine.instance(ref);
		await instance[action]();
	}

	async restart(ref: RunRef): Promise<void> {
		if (this.row(ref)) return this.#methods.restart(ref.id);
		const instance = await this.#engine.instance(ref);
		await instance.restart();
	}

	/** Reads the engine's status into the row. */
	async refresh(ref: RunRef): Promise<void> {
		if (this.row(ref)) await this.#methods.refresh(ref);
	}

	/** Has the run of this row ended, so that the row can go? */
	mayForget(id: string): boolean {
		const tracked = this.#methods.tracked(id);
		return tracked !== null && isEnded(tracked.status);
	}

	forget(ref: RunRef): void {
		if (this.row(ref)) this.#methods.forget(ref.id);
	}

	/** Does the row say of a run's end what the history does? No row says nothing wrong. */
	agrees(ref: RunRef, history: RunHistory): boolean {
		const said = this.row(ref)?.status;
		return said === undefined || !contradicts(said, statusOf(history));
	}

	/**
	 * Mends a row that contradicts the history: a `paused` that stuck, an end that no callback told.
	 * The engine's `status()` can lag behind its history, and the SDK can insert a row after its run
	 * has ended, so this looks again a few times.
	 * Answers with what the row said before and after, or null when nothing was wrong.
	 */
	async mend(ref: RunRef, history: () => RunHistory | undefined): Promise<Json> {
		let from: RunStatus | null = null;
		for (const pauseMs of MEND_AFTER_MS) {
			await new Promise((resolve) => setTimeout(resolve, pauseMs));
			const known = history();
			if (!known) return null;
			const actual = statusOf(known);
			const said = this.row(ref)?.status;
			if (said !== undefined && contradicts(said, actual)) {
				from ??= said;
				await this.#methods.refresh(ref);
			} else if (from !== null) {
				return { from, to: said ?? null };
			} else if (said !== undefined || !isEnded(actual)) {
				return null;
			}
		}
		const to = this.row(ref)?.status ?? null;
		return from === null || to === from ? null : { from, to };
	}
}

/**
 * Does a row's status contradict the history's? The SDK knows no waiting, which is no fault. A row
 * that has ended is a callback ahead of the history: reading the status now would take it back.
 */
export function contradicts(tracked: RunStatus, actual: RunStatus): boolean {
	if (isEnded(actual)) return tracked !== actual;
	if (isEnded(tracked)) return false;
	return (tracked === 'paused') !== (actual === 'paused');
}
