// What makes an Agent observable, without inheritance: the mixin in `monitored.ts` only forwards.
// It owns the flow engine → tail → fold → store → outbox, and the commands that flow back.
import {
	admits,
	capJson,
	foldStatus,
	isApprovalWait,
	isEnded,
	nextDueAt,
	ProblemError,
	runIdSchema,
	runKey,
	toJson,
	toRun,
	type AgentRef,
	type Approval,
	type DecisionInput,
	type EventInput,
	type Json,
	type JsonObject,
	type Restart,
	type Run,
	type RunAction,
	type RunEvent,
	type RunHistory,
	type RunRef
} from '../../protocol';
import { ApprovalStore } from './approval-store';
import type { Report, RunEvents } from './calls';
import { deliverDecision } from './delivery';
import { Engine, InstanceNotFoundError } from './engine';
import { Outbox, type OutboxEntry } from './outbox';
import { RunStore } from './run-store';
import { Tails } from './tails';
import { Wakes } from './wakes';

/** What the monitor needs of the Agent it belongs to. */
export type MonitorHost = {
	storage: DurableObjectStorage;
	env: object;
	/** The Agent's address; known once it has started. */
	agent: () => AgentRef;
	/** Delivers a report to the Operations agent; rejects when it was not acknowledged. */
	report: (report: Report) => Promise<void>;
	background: (work: Promise<unknown>) => void;
	/** The SDK's own controls, which also keep its tracking row. */
	sdk: {
		pause: (id: string) => Promise<void>;
		resume: (id: string) => Promise<void>;
		terminate: (id: string) => Promise<void>;
		restart: (id: string) => Promise<void>;
		forget: (id: string) => void;
		/** Reads the engine's status into the tracking row. */
		refresh: (ref: RunRef) => Promise<unknown>;
		tracked: (id: string) => { workflowName: string; metadata: unknown; createdAt: Date } | null;
	};
};

/** How a run comes to be known. */
export type Intent = {
	ref: RunRef;
	params: Json;
	metadata: JsonObject;
	parent: RunRef | null;
	startedBy: string | null;
};

/** Values longer than this stay with the Agent; the index carries a mark, bytes. */
const INDEX_VALUE_BYTES = 16_384;
/** A progress report longer than this is not kept, bytes. */
const PROGRESS_BYTES = 65_536;
const SAFETY_MS = 60_000;
/** A sleep is nudged when its time has passed for so long, Ms. */
const OVERDUE_MS = 1_000;

export class Monitor {
	readonly runs: RunStore;
	readonly approvals: ApprovalStore;
	readonly wakes: Wakes;
	readonly engine: Engine;
	readonly tails: Tails;
	readonly #host: MonitorHost;
	readonly #outbox: Outbox;
	/** Runs whose tail was open when the Agent was evicted, until they were looked at again. */
	#recovered = new Set<string>();

	constructor(host: MonitorHost) {
		this.#host = host;
		this.engine = new Engine(host.env);
		this.#outbox = new Outbox(
			host.storage.sql,
			(entries) => this.#send(entries),
			() => this.#arm()
		);
		this.runs = new RunStore(host.storage, this.#outbox);
		this.approvals = new ApprovalStore(host.storage, this.#outbox);
		this.wakes = new Wakes({ begin: () => this.#begin(), wake: () => this.#wake() });
		this.tails = new Tails({
			engine: this.engine,
			runs: this.runs,
			take: (ref, events) => this.#take(ref, events),
			rewritten: (ref) => this.#nextGeneration(ref),
			coarse: (ref, status) => {
				const now = Date.now();
				this.runs.update(ref, ({ history }) => {
					const folded = foldStatus(history, status, now);
					return { history: folded, exact: false };
				});
				this.flush();
			},
			lost: (ref) => this.#lost(ref),
			still: (ref, history) => this.#nudgeIfStuck(ref, history),
			planned: () => this.#arm(),
			background: host.background
		});
	}

	/**
	 * Writes down that a run is about to be started: if the Agent dies between the engine's
	 * `create` and the answer, the run is found all the same.
	 * @throws ProblemError `id-taken`, `invalid-input`
	 */
	intend({ ref, params, metadata, parent, startedBy }: Intent): void {
		const id = runIdSchema.safeParse(ref.id);
		if (!id.success) throw new ProblemError('invalid-input', `id ${id.error.issues[0]?.message}`);
		if (this.runs.get(ref) || this.#host.sdk.tracked(ref.id)) throw idTaken(ref);
		const now = Date.now();
		this.runs.insert(
			{
				ref,
				generation: 1,
				agent: this.#host.agent(),
				parent,
				metadata,
				params,
				progress: null,
				startedBy,
				createdAt: now,
				touchedAt: now,
				lost: false
			},
			now + SAFETY_MS
		);
	}

	/** The engine created the run. */
	started(ref: RunRef): void {
		this.tails.attach(ref);
		this.flush();
	}

	/**
	 * The engine refused to create the run, or did not answer. It is forgotten when the engine has
	 * none, or when the one it has is not the one that was to be started.
	 */
	async abandoned(ref: RunRef, error: unknown): Promise<void> {
		const exists = error instanceof Error && /already.exists/i.test(error.message);
		if (exists) {
			this.runs.forget(ref);
			throw idTaken(ref);
		}
		try {
			await this.engine.instance(ref);
			this.started(ref);
		} catch (reason) {
			if (reason instanceof InstanceNotFoundError) this.runs.forget(ref);
		}
		throw error;
	}

	/** A callback of a workflow: what it says of progress is kept, the rest is a wake-up call. */
	onCallback(callback: { workflowName: string; workflowId: string; type: string }): void {
		const ref = { workflow: callback.workflowName, id: callback.workflowId };
		if (!this.runs.get(ref)) this.#adopt(ref);
		if (callback.type === 'progress' && 'progress' in callback) {
			const progress = capJson(toJson(callback.progress), PROGRESS_BYTES);
			const now = Date.now();
			this.runs.update(ref, ({ facts }) => ({ facts: { ...facts, progress, touchedAt: now } }));
			this.flush();
		}
		this.tails.attach(ref);
	}

	/** The run as everyone sees it. @throws ProblemError `unknown-run` */
	run(ref: RunRef): Run {
		const stored = this.runs.get(ref);
		if (!stored) throw unknownRun(ref);
		return toRun(stored.facts, stored.history);
	}

	/** Events of one generation; the newest by default. @throws ProblemError `unknown-run` */
	events(ref: RunRef, after: number, limit: number, generation?: number): RunEvents {
		const run = this.run(ref);
		const wanted = generation ?? run.generation;
		const events = this.runs.events(ref, wanted, after, limit);
		const ended = wanted < run.generation || isEnded(run.status);
		return { events, generation: wanted, done: ended && events.length < limit, run };
	}

	/** Pauses, resumes or terminates a run. @throws ProblemError `unknown-run`, `wrong-state` */
	async control(action: 'pause' | 'resume' | 'terminate', ref: RunRef): Promise<Run> {
		await this.#admit(action, ref);
		await this.#engineCall(ref, () => this.#host.sdk[action](ref.id));
		await this.tails.catchUp(ref);
		return this.run(ref);
	}

	/** Restarts a run as its next generation. @throws ProblemError `unknown-run`, `wrong-state` */
	async restart(ref: RunRef, from: Restart['from']): Promise<Run> {
		await this.#admit('restart', ref);
		await this.tails.close(ref);
		await this.#engineCall(ref, async () => {
			if (!from) return this.#host.sdk.restart(ref.id);
			await this.engine.restartFrom(ref, from);
			await this.#host.sdk.refresh(ref);
		});
		this.#nextGeneration(ref);
		await this.tails.catchUp(ref);
		return this.run(ref);
	}

	/**
	 * Sends an event to a run that waits for it. An event for an approval is refused: that is
	 * decided through its approval, so that it is decided once and on record.
	 * @throws ProblemError `unknown-run`, `not-waiting`, `wrong-state`
	 */
	async sendEvent(ref: RunRef, event: EventInput): Promise<Run> {
		await this.tails.catchUp(ref);
		const run = this.run(ref);
		if (isApprovalWait({ name: '', eventType: event.type })) {
			throw new ProblemError(
				'wrong-state',
				`An event of type ${event.type} would decide an approval: use POST /api/v1/approvals/{id}/decision.`
			);
		}
		const waits = this.runs.get(ref)?.history.waits ?? [];
		if (!waits.some(({ eventType }) => eventType === event.type)) {
			const open = waits.map(({ eventType }) => eventType).join(', ');
			throw new ProblemError(
				'not-waiting',
				`The run is ${run.status} and does not wait for an event of type ${event.type}` +
					(open ? `; it waits for: ${open}.` : '.')
			);
		}
		await this.#engineCall(ref, () => this.engine.sendEvent(ref, event));
		await this.tails.catchUp(ref);
		return this.run(ref);
	}

	/**
	 * Decides one open wait, once.
	 * @throws ProblemError `unknown-approval`, `already-decided`, `not-waiting`
	 */
	async decide(approvalId: string, decision: DecisionInput, by: string): Promise<Approval> {
		const { approved, reason = null, data = null } = decision;
		const known = this.approvals.get(approvalId);
		const taken = { by, at: Date.now(), approved, reason, data };
		if (known?.approval.status === 'pending') {
			await this.tails.catchUp({ workflow: known.approval.workflow, id: known.approval.runId });
		}
		const decided = this.approvals.decide(approvalId, taken);
		this.flush();
		await deliverDecision(this, decided);
		this.#arm();
		return decided.approval;
	}

	/** Forgets an ended run: its record, its events, its approvals and the SDK's tracking row. */
	async forget(ref: RunRef): Promise<boolean> {
		const stored = this.runs.get(ref);
		if (stored && !isEnded(toRun(stored.facts, stored.history).status) && !stored.facts.lost) {
			throw new ProblemError('wrong-state', `${runKey(ref)} has not ended; terminate it first.`);
		}
		await this.tails.close(ref);
		this.#host.storage.transactionSync(() => {
			this.approvals.forget(ref);
			this.runs.forget(ref);
		});
		this.#host.sdk.forget(ref.id);
		return stored !== null;
	}

	/** Reads runs now and keeps their tails for `keepMs`. */
	look(refs: RunRef[] | 'active', keepMs: number): number {
		const wanted = refs === 'active' ? this.runs.active() : refs;
		for (const ref of wanted) {
			if (keepMs > 0) this.tails.watch(ref, Date.now() + keepMs);
			else this.tails.attach(ref);
		}
		this.flush();
		return wanted.length;
	}

	/** Sends what the Operations agent has not acknowledged. */
	flush(): void {
		this.#host.background(this.#outbox.flush());
	}

	/** Resolves once the Operations agent has all there is to report, or is known to be away. */
	reported(): Promise<void> {
		return this.#outbox.flush();
	}

	/** Delivers decisions that were taken before a crash. */
	async redeliver(): Promise<void> {
		for (const undelivered of this.approvals.undelivered()) await deliverDecision(this, undelivered);
	}

	#begin(): void {
		this.#outbox.migrate();
		this.runs.migrate();
		this.approvals.migrate();
		this.#recovered = new Set(this.runs.recover(Date.now()).map(runKey));
		this.#arm();
	}

	async #wake(): Promise<void> {
		await this.redeliver();
		this.tails.wake(Date.now());
		await this.#outbox.flush();
		this.#arm();
	}

	/**
	 * A local engine that was killed leaves its sleepers asleep: one whose time has passed is moved
	 * on by a pause and a resume. In production the engine sees to that, and this stays away.
	 */
	#nudgeIfStuck(ref: RunRef, history: RunHistory): void {
		if (Reflect.get(this.#host.env, 'AUTH') !== 'local') return;
		const due = nextDueAt(history);
		const stuck = due === null ? this.#recovered.delete(runKey(ref)) : due < Date.now() - OVERDUE_MS;
		if (stuck && history.waits.length === 0) this.#host.background(this.#nudge(ref));
	}

	async #nudge(ref: RunRef): Promise<void> {
		try {
			const instance = await this.engine.instance(ref);
			await instance.pause();
			await instance.resume();
			await this.tails.catchUp(ref);
		} catch {
			// It moved by itself meanwhile, or cannot be paused: the next look sees which.
		}
	}

	#take(ref: RunRef, events: RunEvent[]): void {
		this.#host.storage.transactionSync(() => {
			const change = this.runs.append(ref, events);
			const facts = this.runs.get(ref)?.facts;
			if (!change || !facts) return;
			const fresh = events.filter((event) => event.eventId > change.before.cursor);
			this.approvals.follow(facts, fresh, change.after);
		});
		this.flush();
	}

	#nextGeneration(ref: RunRef): void {
		this.#host.storage.transactionSync(() => {
			const stored = this.runs.get(ref);
			if (!stored) return;
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

	/** Begins to keep a run that was started before, or around, this monitor. */
	#adopt(ref: RunRef): void {
		const tracked = this.#host.sdk.tracked(ref.id);
		const metadata = toJson(tracked?.metadata ?? {});
		const now = Date.now();
		this.runs.insert(
			{
				ref,
				generation: 1,
				agent: this.#host.agent(),
				parent: null,
				metadata:
					typeof metadata === 'object' && metadata && !Array.isArray(metadata) ? metadata : {},
				params: null,
				progress: null,
				startedBy: null,
				createdAt: tracked?.createdAt.getTime() ?? now,
				touchedAt: now,
				lost: false
			},
			now + SAFETY_MS
		);
	}

	async #admit(action: RunAction, ref: RunRef): Promise<void> {
		if (!this.runs.get(ref)) throw unknownRun(ref);
		await this.tails.catchUp(ref);
		const { status } = this.run(ref);
		if (!admits(status, action)) {
			throw new ProblemError('wrong-state', `The run is ${status}: it cannot ${action} now.`, {
				runStatus: status
			});
		}
	}

	async #engineCall(ref: RunRef, call: () => Promise<void>): Promise<void> {
		try {
			await call();
		} catch (error) {
			await this.tails.catchUp(ref);
			const detail = error instanceof Error ? error.message : String(error);
			throw new ProblemError('wrong-state', `The engine refused: ${detail}`);
		}
	}

	async #send(entries: OutboxEntry[]): Promise<void> {
		const report: Report = { agent: this.#host.agent(), runs: [], approvals: [] };
		for (const { kind, key } of entries) {
			if (kind === 'approval') {
				const record = this.approvals.record(key);
				if (record) report.approvals.push(record);
				continue;
			}
			const cut = key.indexOf('/');
			const record = this.runs.record({ workflow: key.slice(0, cut), id: key.slice(cut + 1) });
			if (!record) continue;
			const { run } = record;
			report.runs.push({
				...record,
				run: {
					...run,
					params: capJson(run.params, INDEX_VALUE_BYTES),
					output: capJson(run.output, INDEX_VALUE_BYTES)
				}
			});
		}
		await this.#host.report(report);
	}

	#arm(): void {
		const times = [
			this.runs.nextWakeAt(),
			this.#outbox.retryAt(),
			this.approvals.undelivered().length > 0 ? Date.now() + 1_000 : null
		].filter((at) => at !== null);
		this.#host.background(this.wakes.arm(times.length > 0 ? Math.min(...times) : null));
	}
}

function idTaken(ref: RunRef): ProblemError {
	return new ProblemError('id-taken', `There is a run ${runKey(ref)} already.`);
}

function unknownRun(ref: RunRef): ProblemError {
	return new ProblemError('unknown-run', `There is no run ${runKey(ref)}.`);
}
