// The SDK's own tracking row of a run, which its methods keep and need. It is read and written
// through those methods only. A run without a row (orphaned between the engine's `create` and the
// SDK's insert, or adopted) is controlled through the engine itself.
import type { Agent } from 'agents';
import {
	isEnded,
	statusOf,
	type Json,
	type RunHistory,
	type RunRef,
	type RunStatus
} from '../../../protocol';
import type { Engine } from './engine';

/** The methods of the SDK's Agent that keep its tracking rows. */
export type SdkMethods = Pick<
	Agent,
	| 'pauseWorkflow'
	| 'resumeWorkflow'
	| 'terminateWorkflow'
	| 'restartWorkflow'
	| 'deleteWorkflow'
	| 'getWorkflowStatus'
	| 'getWorkflow'
	| 'getWorkflows'
>;

/** The options of the SDK's restart. */
export type RestartOptions = Parameters<Agent['restartWorkflow']>[1];

/** The parts of a tracking row that are used here. */
export type TrackingRow = {
	workflowName: string;
	status: RunStatus;
	metadata: Record<string, unknown> | null;
	createdAt: Date;
};

/** Rows that the SDK hands out at once. */
const PAGE = 100;
/** When to compare a row with the history after a change, Ms after one another. */
const COMPARE_AFTER_MS = [50, 200, 1_000, 4_000];

export class SdkTracking {
	readonly #agent: object;
	readonly #sdk: SdkMethods;
	readonly #engine: Pick<Engine, 'getInstance'>;

	/**
	 * @param agent The Agent, on which the methods are called.
	 * @param sdk The prototype whose methods are called: the Agent's own overrides are bypassed.
	 */
	constructor(agent: object, sdk: SdkMethods, engine: Pick<Engine, 'getInstance'>) {
		this.#agent = agent;
		this.#sdk = sdk;
		this.#engine = engine;
	}

	/** The row of a run, if it belongs to this run: the SDK's ids are unique across workflows. */
	findRow(ref: RunRef): TrackingRow | null {
		const row = this.#rowOf(ref.id);
		return row?.workflowName === ref.workflow ? row : null;
	}

	/** The runs that have a row, newest first, up to a limit. */
	trackedRuns(limit: number): RunRef[] {
		const found: RunRef[] = [];
		let cursor: string | undefined;
		do {
			const page = this.#sdk.getWorkflows.call(this.#agent, {
				limit: PAGE,
				...(cursor === undefined ? {} : { cursor })
			});
			for (const { workflowName, workflowId } of page.workflows) {
				found.push({ workflow: workflowName, id: workflowId });
			}
			cursor = page.nextCursor ?? undefined;
		} while (cursor !== undefined && found.length < limit);
		return found;
	}

	/** Is the id taken in this Agent, by any workflow? */
	isIdTaken(id: string): boolean {
		return this.#rowOf(id) !== null;
	}

	async controlInstance(action: 'pause' | 'resume' | 'terminate', ref: RunRef): Promise<void> {
		if (this.findRow(ref)) return this.#sdk[`${action}Workflow`].call(this.#agent, ref.id);
		const instance = await this.#engine.getInstance(ref);
		await instance[action]();
	}

	async restartInstance(ref: RunRef, options?: RestartOptions): Promise<void> {
		if (this.findRow(ref)) {
			return this.#sdk.restartWorkflow.call(this.#agent, ref.id, options);
		}
		const instance = await this.#engine.getInstance(ref);
		await instance.restart();
	}

	/** Has the SDK read the engine's status into the row, if there is one. */
	async refreshRow(ref: RunRef): Promise<void> {
		if (!this.findRow(ref)) return;
		await this.#sdk.getWorkflowStatus.call(this.#agent, ref.workflow, ref.id);
	}

	/** Has the run of this row ended, so that the row may be deleted? */
	mayDeleteRow(id: string): boolean {
		const row = this.#rowOf(id);
		return row !== null && isEnded(row.status);
	}

	deleteRow(ref: RunRef): void {
		if (this.findRow(ref)) this.#sdk.deleteWorkflow.call(this.#agent, ref.id);
	}

	/** Is the row free of contradictions to the history? A missing row is. */
	rowMatches(ref: RunRef, history: RunHistory): boolean {
		const status = this.findRow(ref)?.status;
		return status === undefined || !contradicts(status, statusOf(history));
	}

	/**
	 * Corrects a row that contradicts the history: a `paused` that stuck, an end that no callback
	 * reported. The engine's `status()` can lag behind its history, and the SDK can insert a row after
	 * its run has ended, so this compares several times.
	 * @returns The status before and after, or null when nothing was wrong.
	 */
	async correctRow(ref: RunRef, history: () => RunHistory | undefined): Promise<Json> {
		let from: RunStatus | null = null;
		for (const pauseMs of COMPARE_AFTER_MS) {
			await new Promise((resolve) => setTimeout(resolve, pauseMs));
			const known = history();
			if (!known) return null;
			const actual = statusOf(known);
			const tracked = this.findRow(ref)?.status;
			if (tracked !== undefined && contradicts(tracked, actual)) {
				from ??= tracked;
				await this.refreshRow(ref);
			} else if (from !== null) {
				return { from, to: tracked ?? null };
			} else if (tracked !== undefined || !isEnded(actual)) {
				return null;
			}
		}
		const to = this.findRow(ref)?.status ?? null;
		return from === null || to === from ? null : { from, to };
	}

	#rowOf(id: string): TrackingRow | null {
		return this.#sdk.getWorkflow.call(this.#agent, id) ?? null;
	}
}

/**
 * Does a row's status contradict the history's? The SDK has no `waiting`, which is no contradiction.
 * A row that has ended is a callback ahead of the history: refreshing it now would undo that.
 */
export function contradicts(tracked: RunStatus, actual: RunStatus): boolean {
	if (isEnded(actual)) return tracked !== actual;
	if (isEnded(tracked)) return false;
	return (tracked === 'paused') !== (actual === 'paused');
}
