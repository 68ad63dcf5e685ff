// Commands to runs, on their way to the engine. Each one first reads what the engine has, so that it
// is checked against the present state, and reads again afterwards.
import {
	admits,
	isApprovalWait,
	isEnded,
	ProblemError,
	runKey,
	type EventInput,
	type Restart,
	type Run,
	type RunAction,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { withTimeout } from '../../rpc/with-timeout';
import type { ApprovalStore } from '../approvals/approval-store';
import type { Engine } from '../history/engine';
import type { HistoryRecorder } from '../history/history-recorder';
import type { RestartOptions, SdkTracking } from '../history/sdk-tracking';
import type { Tails } from '../history/tails';
import type { ProgressHistory } from '../store/progress-history';
import type { AgentRunStore } from '../store/run-store';
import type { PerRunQueue } from './per-run-queue';
import type { UndoableCommandStore } from './undoable-command-store';
import type { UndoWindow } from './undo-window';

/** How long a command waits for a rollback to end, Ms. */
const ROLLBACK_WAIT_MS = 1_000;

export type RunControlsParts = {
	storage: DurableObjectStorage;
	engine: Engine;
	runs: AgentRunStore;
	approvals: ApprovalStore;
	tails: Tails;
	sdk: SdkTracking;
	queue: PerRunQueue;
	undoableCommands: UndoableCommandStore;
	undoWindow: UndoWindow;
	progress: ProgressHistory;
	recorder: HistoryRecorder;
};

export class RunControls {
	readonly #parts: RunControlsParts;

	constructor(parts: RunControlsParts) {
		this.#parts = parts;
	}

	/** Pauses, resumes or terminates a run. @throws ProblemError `unknown-run`, `wrong-state` */
	controlRun(action: 'pause' | 'resume' | 'terminate', ref: RunRef): Promise<Run> {
		const { queue, sdk, undoWindow } = this.#parts;
		return queue.enqueue(ref, async () => {
			await this.#requireAction(action, ref);
			await this.#callEngine(ref, () => sdk.controlInstance(action, ref));
			if (action === 'terminate') undoWindow.dropCommand(ref);
			return this.#readRun(ref);
		});
	}

	/**
	 * Terminates a run after its rollback handlers. That can take long: this resolves when the
	 * rollback has begun, and the history shows the rest.
	 * @throws ProblemError `unknown-run`, `wrong-state`
	 */
	rollBackRun(ref: RunRef): Promise<Run> {
		const { queue, engine, undoWindow } = this.#parts;
		return queue.enqueue(ref, async () => {
			await this.#requireAction('terminate', ref);
			await this.#callEngine(ref, async () => {
				const instance = await engine.getInstance(ref);
				const terminated = instance.terminate({ rollback: true });
				terminated.catch(() => undefined); // after this resolves, the history shows the outcome
				await withTimeout(terminated, ROLLBACK_WAIT_MS);
			});
			undoWindow.dropCommand(ref);
			return this.#readRun(ref);
		});
	}

	/** Restarts a run as its next generation. @throws ProblemError `unknown-run`, `wrong-state` */
	restartRun(ref: RunRef, from: Restart['from'], options?: RestartOptions): Promise<Run> {
		return this.#parts.queue.enqueue(ref, () => this.#restartRun(ref, from, options));
	}

	/**
	 * Makes sure that a run is in this generation once all earlier commands have ended.
	 * @throws ProblemError `unknown-run`; `wrong-state` with the present `generation`
	 */
	requireGeneration(ref: RunRef, generation: number): Promise<void> {
		return this.#parts.queue.enqueue(ref, async () => {
			this.#parts.runs.getRun(ref);
			const run = await this.#readRun(ref);
			if (run.generation === generation) return;
			const detail = agentErrorText.otherGeneration(run.generation);
			throw new ProblemError('wrong-state', detail, { generation: run.generation });
		});
	}

	/**
	 * Sends an event to a run that waits for it. Events that decide an approval are refused, so that
	 * each decision is made once and recorded. An event that may have been sent already, at `triedAt`,
	 * is sent again only if a wait for it has been open since then.
	 * @throws ProblemError `unknown-run`, `not-waiting`, `wrong-state`
	 */
	sendEventToRun(ref: RunRef, event: EventInput, triedAt?: number): Promise<Run> {
		return this.#parts.queue.enqueue(ref, () => this.#sendEventToRun(ref, event, triedAt));
	}

	/** Would an event of this type decide an approval of the run? The open waits and gates tell. */
	decidesApproval(ref: RunRef, type: string): boolean {
		const { runs, approvals } = this.#parts;
		const stored = runs.findRun(ref);
		const own = stored?.facts.approvalEvents;
		return (
			isApprovalWait({ name: '', eventType: type }, own) ||
			approvals.gates.findGate(type) !== null ||
			(stored?.history.waits ?? []).some(
				(wait) => wait.eventType === type && isApprovalWait(wait, own)
			)
		);
	}

	/**
	 * Deletes ended runs: their records, events, approvals and the SDK's tracking rows.
	 * @returns How many of them this Agent had.
	 * @throws ProblemError `wrong-state` when one of them has not ended
	 */
	async deleteRuns(refs: RunRef[]): Promise<number> {
		const { storage, runs, approvals, tails, sdk, undoableCommands, progress } = this.#parts;
		const known = refs.filter((ref) => runs.findRun(ref));
		for (const ref of known) {
			const { status } = runs.getRun(ref);
			if (isEnded(status) || status === 'unknown') continue;
			throw new ProblemError('wrong-state', agentErrorText.notEnded(runKey(ref)));
		}
		for (const ref of known) await tails.closeTail(ref);
		storage.transactionSync(() => {
			for (const ref of known) {
				approvals.deleteApprovals(ref);
				runs.deleteRun(ref);
				undoableCommands.removeCommand(ref);
				progress.deletePoints(ref);
			}
		});
		for (const ref of refs) sdk.deleteRow(ref);
		return known.length;
	}

	async #restartRun(ref: RunRef, from: Restart['from'], options: RestartOptions): Promise<Run> {
		const { runs, tails, sdk, engine, recorder, undoWindow } = this.#parts;
		await this.#requireAction('restart', ref);
		await tails.closeTail(ref);
		const { generation } = runs.getRun(ref);
		await this.#callEngine(ref, async () => {
			if (!from) return sdk.restartInstance(ref, options);
			await engine.restartFromStep(ref, from);
			await sdk.refreshRow(ref);
		});
		recorder.startNextGeneration(ref, generation);
		undoWindow.dropCommand(ref);
		return this.#readRun(ref);
	}

	async #sendEventToRun(ref: RunRef, event: EventInput, triedAt: number | undefined): Promise<Run> {
		const { engine, runs } = this.#parts;
		const { type } = event;
		this.#requireBinding(ref);
		const run = await this.#readRun(ref);
		const waits = runs.findRun(ref)?.history.waits ?? [];
		if (this.decidesApproval(ref, type)) {
			throw new ProblemError('wrong-state', agentErrorText.eventDecidesApproval(type));
		}
		if (triedAt !== undefined) {
			const isOpen = waits.some(({ eventType, since }) => eventType === type && since <= triedAt);
			if (!isOpen) return run;
			// A paused run may hold the event already: sent again, it would also reach the next wait.
			if (run.status === 'paused') {
				throw new ProblemError('wrong-state', agentErrorText.eventMaybeSent(run.status));
			}
		}
		const waitedFor = waits.map(({ eventType }) => eventType);
		if (!waitedFor.includes(type)) {
			const detail = agentErrorText.notWaitingForEvent(run.status, type, waitedFor);
			throw new ProblemError('not-waiting', detail);
		}
		await this.#callEngine(ref, () => engine.sendEvent(ref, event));
		return this.#readRun(ref);
	}

	/** The run as the engine has it now. */
	async #readRun(ref: RunRef): Promise<Run> {
		await this.#parts.tails.catchUpRun(ref);
		return this.#parts.runs.getRun(ref);
	}

	async #requireAction(action: RunAction, ref: RunRef): Promise<void> {
		this.#parts.runs.getRun(ref);
		this.#requireBinding(ref);
		const { status } = await this.#readRun(ref);
		if (admits(status, action)) return;
		const detail = agentErrorText.actionNotAllowed(status, action);
		throw new ProblemError('wrong-state', detail, { runStatus: status });
	}

	#requireBinding({ workflow }: RunRef): void {
		if (this.#parts.engine.hasWorkflow(workflow)) return;
		throw new ProblemError('wrong-state', agentErrorText.missingBinding(workflow));
	}

	async #callEngine(ref: RunRef, call: () => Promise<void>): Promise<void> {
		try {
			await call();
		} catch (error) {
			await this.#parts.tails.catchUpRun(ref);
			const message = error instanceof Error ? error.message : String(error);
			throw new ProblemError('wrong-state', agentErrorText.engineRefused(message));
		}
	}
}
