// What makes an Agent observable, without inheritance: the mixin in `monitored.ts` only forwards to
// it. `compose.ts` assembles it. Events flow engine → tails → recorder → stores → reporter.
import {
	capJson,
	STATE_WRITE,
	gateOpeningSchema,
	isEnded,
	toJson,
	type GateOpening,
	type RunRef
} from '../../protocol';
import type { AgentCallOf, NotedEntry, RunEvents, ShownRun } from '../rpc/agent-rpc';
import type { AlarmPlan } from './alarm-plan';
import type { AlarmTarget } from './alarms';
import type { ApprovalStore } from './approvals/approval-store';
import type { Decisions } from './approvals/decisions';
import type { DueCommands } from './commands/due-commands';
import type { RunControls } from './commands/run-controls';
import type { RunIntake } from './commands/run-intake';
import type { UndoableCommandStore } from './commands/undoable-command-store';
import type { UndoWindow } from './commands/undo-window';
import type { LocalEngine } from './history/local-engine';
import type { ReconcileStore } from './history/sdk-reconcile-store';
import type { SdkReconciler } from './history/sdk-reconciler';
import type { SdkTracking } from './history/sdk-tracking';
import type { Tails } from './history/tails';
import type { Reporter } from './reporter';
import type { SelfCheck } from './self-check';
import type { AuditNotes } from './store/audit-notes';
import type { Outbox } from './store/outbox';
import type { ProgressHistory } from './store/progress-history';
import type { ReadPlan } from './store/read-plan';
import type { RenameStore } from './store/rename-store';
import type { AgentRunStore } from './store/run-store';
import type { WorkflowRename } from './workflow-rename';

/** The parts of a callback of a workflow that the monitor reads. */
export type WorkflowCallback = {
	workflowName: string;
	workflowId: string;
	type: string;
	timestamp: number;
	progress?: unknown;
};

export type MonitorParts = {
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	alarmPlan: AlarmPlan;
	outbox: Outbox;
	notes: AuditNotes;
	reporter: Reporter;
	runs: AgentRunStore;
	readPlan: ReadPlan;
	progress: ProgressHistory;
	approvals: ApprovalStore;
	decisions: Decisions;
	tails: Tails;
	localEngine: LocalEngine;
	sdk: SdkTracking;
	reconcileStore: ReconcileStore;
	reconciler: SdkReconciler;
	intake: RunIntake;
	controls: RunControls;
	undoableCommands: UndoableCommandStore;
	undoWindow: UndoWindow;
	dueCommands: DueCommands;
	workflowRename: WorkflowRename;
	renames: RenameStore;
	selfCheck: SelfCheck;
};

/** A longer progress report is replaced by a marker, bytes. */
const PROGRESS_BYTES = 65_536;

/** A larger event of the Agent's own is not kept, bytes. */
const DECISION_BYTES = 65_536;

export class Monitor implements AlarmTarget {
	readonly runs: AgentRunStore;
	readonly reporter: Reporter;
	readonly sdk: SdkTracking;
	readonly intake: RunIntake;
	readonly controls: RunControls;
	readonly undoWindow: UndoWindow;
	readonly decisions: Decisions;
	readonly workflowRename: WorkflowRename;
	readonly selfCheck: SelfCheck;
	readonly #parts: MonitorParts;

	constructor(parts: MonitorParts) {
		this.#parts = parts;
		this.runs = parts.runs;
		this.reporter = parts.reporter;
		this.sdk = parts.sdk;
		this.intake = parts.intake;
		this.controls = parts.controls;
		this.undoWindow = parts.undoWindow;
		this.decisions = parts.decisions;
		this.workflowRename = parts.workflowRename;
		this.selfCheck = parts.selfCheck;
	}

	/** Creates the tables, and takes up what an eviction interrupted. */
	start(): void {
		const { ctx, alarmPlan, outbox, notes, runs, progress, approvals } = this.#parts;
		outbox.migrate();
		notes.migrate();
		runs.migrate();
		approvals.migrate();
		this.#parts.reconcileStore.migrate();
		this.#parts.undoableCommands.migrate();
		progress.migrate();
		this.#parts.renames.migrate();
		this.#parts.readPlan.recoverOpenTails(Date.now());
		alarmPlan.updateAlarm();
		ctx.waitUntil(this.#wakeLocalRuns());
	}

	/** Does everything that is due: commands, deadlines, deliveries, reads and reports. */
	async runDueWork(): Promise<void> {
		const { ctx, alarmPlan, dueCommands, decisions, reconciler, tails, reporter } = this.#parts;
		ctx.waitUntil(dueCommands.runDueCommands(Date.now()));
		await decisions.runDueDecisions();
		ctx.waitUntil(reconciler.reconcileScheduledRuns());
		tails.attachDueRuns(Date.now());
		await reporter.sendChanges();
		alarmPlan.updateAlarm();
	}

	/** Notes for the audit that somebody wrote this Agent's state, or tried to. */
	recordStateWrite(path: string, write: NotedEntry): void {
		const { notes, reporter } = this.#parts;
		notes.addNote(STATE_WRITE, path, {}, write);
		reporter.reportChanges();
	}

	/** Stores the progress that a callback reports. Apart from that it only means "read now". */
	recordCallback(callback: WorkflowCallback): void {
		const { intake, runs, progress, reporter, tails } = this.#parts;
		const { workflowName, workflowId, type, timestamp: at } = callback;
		const ref = this.workflowRename.presentRef({ workflow: workflowName, id: workflowId });
		intake.recordUnknownRun(ref);
		if (type === 'progress' && 'progress' in callback) {
			const report = capJson(toJson(callback.progress), PROGRESS_BYTES);
			const generation = runs.recordProgress(ref, { progress: report, at, now: Date.now() });
			if (generation !== null) progress.addReport(ref, generation, at, report);
			reporter.reportSoon();
		}
		tails.attachRun(ref);
	}

	/**
	 * Remembers an event that the Agent itself is about to send, if it decides an approval. Returns what
	 * forgets it again.
	 */
	recordOwnEvent(ref: RunRef, { type, payload }: { type: string; payload: unknown }): () => void {
		const { runs, approvals, controls } = this.#parts;
		const facts = runs.findRun(ref)?.facts;
		if (!facts || !controls.decidesApproval(ref, type)) return () => undefined;
		const content = capJson(toJson(payload), DECISION_BYTES);
		const id = approvals.agentDecisions.addEvent(ref, facts.generation, type, content);
		return () => approvals.agentDecisions.deleteEvent(id);
	}

	/** Stores what a wait that is about to begin is for. Safe to repeat. */
	openGate(opening: GateOpening): void {
		const parsed = gateOpeningSchema.parse(opening);
		const ref = this.workflowRename.presentRef(parsed.ref);
		this.#parts.approvals.gates.saveGate({ ...parsed, ref });
	}

	/** Events of one generation; by default the newest. @throws ProblemError `unknown-run` */
	readEvents(ref: RunRef, after: number, limit: number, generation?: number): RunEvents {
		const run = this.runs.getRun(ref);
		const wanted = generation ?? run.generation;
		const events = this.runs.events.eventsOf(ref, wanted, after, limit);
		const ended = wanted < run.generation || isEnded(run.status);
		return { events, generation: wanted, done: ended && events.length < limit, run };
	}

	/** Events, progress and undoable command of a run. @throws ProblemError `unknown-run` */
	readRunForPage(call: AgentCallOf<'show'>): ShownRun {
		const { ref, after, trailAfter, limit, generation } = call;
		const trail = this.#parts.progress.pointsOf(ref, generation, trailAfter);
		return {
			...this.readEvents(ref, after, limit, generation),
			held: this.undoWindow.commandOf(ref),
			trail
		};
	}

	/** Reads runs now and keeps their tails open for `keepMs`. Returns their number. */
	watchRuns(refs: RunRef[] | 'active', keepMs: number): number {
		const { tails, reporter } = this.#parts;
		const wanted = refs === 'active' ? this.runs.activeRuns() : refs;
		for (const ref of wanted) {
			if (keepMs > 0) tails.watchRun(ref, Date.now() + keepMs);
			else tails.attachRun(ref);
		}
		reporter.reportChanges();
		return wanted.length;
	}

	/** Reports everything again. Returns the number of runs. */
	reportEverything(): number {
		const marked = this.reporter.markEverything();
		this.reporter.reportChanges();
		return marked;
	}

	async #wakeLocalRuns(): Promise<void> {
		const { localEngine, tails } = this.#parts;
		for (const ref of await localEngine.wakeRunsAfterRestart()) await tails.catchUpRun(ref);
	}
}
