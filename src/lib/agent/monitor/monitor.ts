// What makes an Agent observable, without inheritance: the mixin in `monitored.ts` only forwards.
// Here the flow engine → tail → fold → store → outbox is put together.
import {
	capJson,
	foldStatus,
	gateOpeningSchema,
	isEnded,
	runKey,
	toJson,
	type AgentRef,
	type Approval,
	type GateOpening,
	type RunEvent,
	type RunRef
} from '../../protocol';
import type { Happening } from './approvals/approval-deadlines';
import { ApprovalStore } from './approvals/approval-store';
import { Beginnings } from './commands/run-intake';
import type { Acknowledgement, AgentCall, Report, RunEvents, ShownRun } from '../rpc/agent-rpc';
import { Controls } from './commands/controls';
import { Decisions } from './approvals/decisions';
import { Engine, sourceIn } from './history/engine';
import { HeldCommands } from './commands/held-commands';
import { LocalEngine } from './history/local-engine';
import { Mending } from './history/sdk-reconciler';
import { soon } from './store/outbox';
import { ProgressTrail } from './store/progress-history';
import { Reporter } from './reporter';
import { RunStore } from './store/run-store';
import { SdkTracking, type SdkMethods } from './history/sdk-tracking';
import { Tails } from './history/tails';
import { Turns } from './commands/per-run-queue';
import { UndoWindow, type UndoWindowHost } from './commands/undo-window';
import { Wakes } from './alarms';

/** What the monitor needs of the Agent it belongs to. */
export type MonitorHost = {
	storage: DurableObjectStorage;
	env: object;
	/** What the Worker exports (`ctx.exports`): the reader of histories is among it. */
	exports: () => unknown;
	/** The Agent's address; known once it has started. */
	agent: () => AgentRef;
	/** Delivers a report to the Operations agent; rejects when it was not acknowledged. */
	report: (report: Report) => Promise<Acknowledgement>;
	background: (work: Promise<unknown>) => void;
	/** Carries out a command that was held back, by the Agent's own verbs. */
	carryOut: UndoWindowHost['carryOut'];
	sdk: SdkMethods;
};

/** A progress report longer than this is not kept, bytes. */
const PROGRESS_BYTES = 65_536;
export class Monitor {
	readonly runs: RunStore;
	readonly approvals: ApprovalStore;
	readonly engine: Engine;
	readonly tails: Tails;
	readonly wakes: Wakes;
	readonly controls: Controls;
	readonly undoWindow: UndoWindow;
	readonly decisions: Decisions;
	readonly sdk: SdkTracking;
	readonly beginnings: Beginnings;
	readonly #reporter: Reporter;
	readonly #local: LocalEngine;
	readonly #mending: Mending;
	readonly #held: HeldCommands;
	readonly #trail: ProgressTrail;
	readonly #host: MonitorHost;

	constructor(host: MonitorHost) {
		const { storage } = host;
		this.#host = host;
		this.#reporter = new Reporter({
			storage,
			agent: host.agent,
			report: host.report,
			retryLater: () => this.#arm(),
			stores: () => this
		});
		this.engine = new Engine(host.env, () => sourceIn(host.exports()));
		this.sdk = new SdkTracking(host.sdk, this.engine);
		this.runs = new RunStore(storage, this.#reporter.outbox);
		this.approvals = new ApprovalStore(storage, this.#reporter.outbox, (happening, approval) =>
			this.#noteHappening(happening, approval)
		);
		this.wakes = new Wakes({ begin: () => this.#begin(), wake: () => this.#wake() });
		this.tails = new Tails({
			engine: this.engine,
			runs: this.runs,
			take: (ref, events, generation) => this.#take(ref, events, generation),
			rewritten: (ref, generation) => this.#nextGeneration(ref, generation),
			coarse: (ref, status) => this.#takeStatus(ref, status),
			lost: (ref) => this.#lost(ref),
			still: (ref, history) => host.background(this.#local.still(ref, history)),
			planned: () => this.#arm(),
			background: host.background
		});
		const { engine, runs, tails, sdk } = this;
		this.beginnings = new Beginnings({
			...{ runs, engine, sdk, agent: host.agent },
			started: (ref) => this.started(ref)
		});
		this.#mending = new Mending({
			...{ sql: storage.sql, runs, sdk },
			mended: (ref, detail) => {
				this.#reporter.note('sdk.mend', runKey(ref), detail);
				this.flush();
			}
		});
		this.#local = new LocalEngine({ env: host.env, storage, engine, runs, tails });
		this.#held = new HeldCommands(storage.sql);
		this.#trail = new ProgressTrail(storage.sql);
		const trail = this.#trail;
		const turns = new Turns();
		const held = this.#held;
		this.controls = new Controls({
			storage,
			engine,
			runs,
			approvals: this.approvals,
			tails,
			sdk,
			turns,
			held,
			trail,
			overtaken: (ref) => this.undoWindow.overtaken(ref),
			nextGeneration: (ref, former) => this.#nextGeneration(ref, former),
			flush: () => this.flush()
		});
		this.undoWindow = new UndoWindow({
			storage,
			held,
			runs,
			tails,
			turns,
			carryOut: host.carryOut,
			note: (action, ref, detail) => this.#reporter.note(action, runKey(ref), detail),
			flush: () => this.flush(),
			now: Date.now
		});
		this.decisions = new Decisions({
			...{ engine, runs, tails, approvals: this.approvals, now: Date.now },
			flush: () => this.flush()
		});
	}

	/** A workflow tells what a wait that it is about to begin is for. Safe to repeat. */
	openGate(opening: GateOpening): void {
		this.approvals.gates.open(gateOpeningSchema.parse(opening));
	}

	/** The engine created the run. */
	started(ref: RunRef): void {
		this.tails.attach(ref);
		this.flush();
	}

	/**
	 * Begins to keep a run that the engine has and nobody tracks. Does nothing when it is kept.
	 * @throws ProblemError `unknown-run` when the engine has no such instance
	 */
	async adopt(ref: RunRef, by: string): Promise<void> {
		if (!(await this.beginnings.adopt(ref))) return;
		this.#reporter.note('run.adopt', runKey(ref), { by });
		await this.tails.catchUp(ref);
	}

	/** A callback of a workflow: what it says of progress is kept, the rest is a wake-up call. */
	onCallback(callback: {
		workflowName: string;
		workflowId: string;
		type: string;
		timestamp: number;
	}): void {
		const ref = { workflow: callback.workflowName, id: callback.workflowId };
		this.beginnings.keepUntracked(ref);
		if (callback.type === 'progress' && 'progress' in callback) {
			const progress = capJson(toJson(callback.progress), PROGRESS_BYTES);
			const at = callback.timestamp;
			if (this.runs.saidProgress(ref, { progress, at, now: Date.now() })) {
				this.#trail.add(ref, this.runs.run(ref).generation, at, progress);
			}
			this.flush();
		}
		this.tails.attach(ref);
	}

	/** Events of one generation; the newest by default. @throws ProblemError `unknown-run` */
	events(ref: RunRef, after: number, limit: number, generation?: number): RunEvents {
		const run = this.runs.run(ref);
		const wanted = generation ?? run.generation;
		const events = this.runs.events(ref, wanted, after, limit);
		const ended = wanted < run.generation || isEnded(run.status);
		return { events, generation: wanted, done: ended && events.length < limit, run };
	}

	/** Events and what a page shows besides. @throws ProblemError `unknown-run` */
	show(call: Extract<AgentCall, { type: 'show' }>): ShownRun {
		const { ref, after, trailAfter, limit, generation } = call;
		const trail = this.#trail.of(ref, generation, trailAfter);
		return { ...this.events(ref, after, limit, generation), held: this.undoWindow.of(ref), trail };
	}

	/** Reads runs now and keeps their tails for `keepMs`. Answers with how many. */
	look(refs: RunRef[] | 'active', keepMs: number): number {
		const wanted = refs === 'active' ? this.runs.active() : refs;
		for (const ref of wanted) {
			if (keepMs > 0) this.tails.watch(ref, Date.now() + keepMs);
			else this.tails.attach(ref);
		}
		this.flush();
		return wanted.length;
	}

	/** The number of the last report that the Operations agent acknowledged; 0 for none. */
	acknowledged(): number {
		return this.#reporter.acknowledged();
	}

	/** Reports everything again. Answers with the number of runs. */
	reportAll(): number {
		const marked = this.#reporter.markAll();
		this.flush();
		return marked;
	}

	/** Sends what the Operations agent has not acknowledged. */
	flush(): void {
		this.#host.background(this.#reporter.outbox.flush());
		this.#arm();
	}

	/** Resolves once the Operations agent has all there is to report, or is known to be away. */
	reported(): Promise<void> {
		return this.#reporter.outbox.sent();
	}

	#begin(): void {
		this.#reporter.migrate();
		this.runs.migrate();
		this.approvals.migrate();
		this.#mending.migrate();
		this.#held.migrate();
		this.#trail.migrate();
		this.runs.recover(Date.now());
		this.#arm();
		this.#host.background(this.#local.begin());
	}

	async #wake(): Promise<void> {
		this.#host.background(this.undoWindow.carryOutDue());
		await this.decisions.wake();
		this.#host.background(this.#mending.all());
		this.tails.wake(Date.now());
		await this.#reporter.outbox.flush();
		this.#arm();
	}

	/** What time did belongs in the audit; that a deadline came near is no deed. */
	#noteHappening({ action, at }: Happening, approval: Approval): void {
		if (action === 'approval.warn' || action === 'approval.deliver') return;
		const { workflow, runId, title, status, approvers } = approval;
		this.#reporter.note(action, approval.id, { workflow, runId, title, at, status, approvers });
	}

	#take(ref: RunRef, events: RunEvent[], generation: number): void {
		const after = this.#host.storage.transactionSync(() => {
			const facts = this.runs.get(ref)?.facts;
			// A reader of the former generation may still have a batch in its hands.
			if (facts?.generation !== generation) return null;
			const change = this.runs.append(ref, events);
			if (!change) return null;
			const fresh = events.filter((event) => event.eventId > change.before.cursor);
			this.approvals.follow(facts, fresh, change.after);
			if (change.after.end) this.#mending.ended(ref);
			return change.after;
		});
		this.flush();
		if (after) this.#host.background(this.#mending.one(ref, after));
	}

	#takeStatus(ref: RunRef, status: Parameters<typeof foldStatus>[1]): void {
		const known = this.runs.get(ref)?.history;
		if (!known) return;
		const history = foldStatus(known, status, Date.now());
		if (history === known) return;
		this.runs.update(ref, () => ({ history, exact: false }));
		this.flush();
	}

	/** Begins the generation after `former`; does nothing when it has begun already. */
	#nextGeneration(ref: RunRef, former: number): void {
		this.#host.storage.transactionSync(() => {
			const stored = this.runs.get(ref);
			if (stored?.facts.generation !== former) return;
			this.approvals.cancel(stored.facts);
			this.runs.beginGeneration(ref, Date.now());
		});
		this.flush();
	}

	#lost(ref: RunRef): void {
		const stored = this.runs.get(ref);
		if (!stored || stored.facts.lost || stored.history.end) return;
		this.runs.update(ref, ({ facts }) => ({
			facts: { ...facts, lost: true, touchedAt: Date.now() }
		}));
		this.approvals.cancel(stored.facts);
		this.flush();
	}

	#arm(): void {
		const times = [
			this.runs.nextWakeAt(),
			this.#reporter.outbox.retryAt(),
			this.undoWindow.nextAt(),
			this.approvals.nextDueAt(),
			this.approvals.undelivered().length > 0 ? soon() : null,
			this.#mending.any() ? soon() : null
		].filter((at) => at !== null);
		this.#host.background(this.wakes.arm(times.length > 0 ? Math.min(...times) : null));
	}
}
