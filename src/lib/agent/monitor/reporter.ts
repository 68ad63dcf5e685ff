// Sends changes to the Operations agent: at once when idle, else with the batch after the one in
// flight; gathered for up to a second while nobody watches. Reports are numbered, so that the Operations agent notices when it has lost what it once
// acknowledged (its database was restored from an older state). Then everything is sent again.
import {
	type ApprovalRecord,
	capJson,
	fitMetadata,
	runKey,
	type RunRecord,
	type RunRef
} from '../../protocol';
import { agentRefOf, type AgentHop } from '../rpc/agent-address';
import type { Report } from '../rpc/agent-rpc';
import type { Operations } from '../rpc/operations-client';
import type { AlarmPlan } from './alarm-plan';
import type { ApprovalStore } from './approvals/approval-store';
import type { AuditNotes } from './store/audit-notes';
import type { EventBuffer } from './history/event-buffer';
import type { OpenTails } from './history/open-tails';
import { ReportNumbers } from './store/report-numbers';
import { retryDelayMs, type Outbox, type OutboxEntry } from './store/outbox';
import type { RenameStore } from './store/rename-store';
import type { AgentRunStore } from './store/run-store';

/** Longer values stay with the Agent; the index gets a marker instead, bytes. */
const INDEX_VALUE_BYTES = 16_384;
const BATCH = 100;
/** While nobody watches, changes gather for so long, Ms. */
const GATHER_MS = 1_000;

export type ReporterParts = {
	ctx: Pick<DurableObjectState, 'storage' | 'waitUntil'>;
	agent: { readonly selfPath: readonly AgentHop[] };
	operations: Pick<Operations, 'intake'>;
	outbox: Outbox;
	notes: Pick<AuditNotes, 'readNote' | 'deleteNotes'>;
	runs: Pick<AgentRunStore, 'allRuns' | 'findRecord'>;
	approvals: Pick<ApprovalStore, 'allApprovals' | 'findRecord'>;
	renames: Pick<RenameStore, 'markEveryMove'>;
	alarmPlan: Pick<AlarmPlan, 'updateAlarm'>;
	buffer: Pick<EventBuffer, 'flushAll'>;
	openTails: Pick<OpenTails, 'has' | 'isWatched' | 'setFleetWatched'>;
};

/** Somebody who waits until these entries are sent in a batch composed after `sinceBatch`. */
type Waiter = { keys: Set<string>; sinceBatch: number; resolve: () => void };

export class Reporter {
	readonly #parts: ReporterParts;
	readonly #numbers: ReportNumbers;
	#sending: Promise<void> | null = null;
	#timer: ReturnType<typeof setTimeout> | null = null;
	#batches = 0;
	#failures = 0;
	readonly #waiters = new Set<Waiter>();

	constructor(parts: ReporterParts) {
		this.#parts = parts;
		this.#numbers = new ReportNumbers(parts.ctx.storage.sql);
	}

	/** Starts to send what changed, and sets the alarm for what is due next. */
	reportChanges(): void {
		this.#parts.ctx.waitUntil(this.sendChanges());
		this.#parts.alarmPlan.updateAlarm();
	}

	/** Sends what changed within a second, or at once when somebody watches. */
	reportSoon(): void {
		if (this.#parts.openTails.isWatched(Date.now())) return this.reportChanges();
		this.#timer ??= setTimeout(() => this.reportChanges(), GATHER_MS);
	}

	/**
	 * Sends unsent changes until none is left, including those made while it sends; a busy Agent may
	 * never get there. Never rejects: a failed send is tried again later.
	 */
	sendChanges(): Promise<void> {
		if (this.#timer !== null) clearTimeout(this.#timer);
		this.#timer = null;
		this.#parts.buffer.flushAll();
		if (this.#parts.outbox.isBlocked()) return Promise.resolve();
		this.#sending ??= this.#sendAll().finally(() => {
			this.#sending = null;
		});
		return this.#sending;
	}

	/** Resolves when all changes made so far have arrived, or the Operations agent is unreachable. */
	async changesReported(): Promise<void> {
		this.#parts.buffer.flushAll();
		const keys = new Set(this.#parts.outbox.entries().map(keyOf));
		if (keys.size === 0 || this.#parts.outbox.isBlocked()) return;
		await new Promise<void>((resolve) => {
			this.#waiters.add({ keys, sinceBatch: this.#batches, resolve });
			void this.sendChanges();
		});
	}

	/** The number of the last acknowledged report; 0 for none. */
	acknowledgedReport(): number {
		return this.#numbers.acknowledged;
	}

	/** Reports that this Agent has deleted a sub-agent. */
	reportDeletedAgent(hop: AgentHop): void {
		const { path } = agentRefOf([...this.#parts.agent.selfPath, hop]);
		this.#parts.outbox.markChanged('deleted-agent', path, Date.now());
		this.reportChanges();
	}

	/** Marks every run and approval as unsent. Returns the number of runs. */
	markEverything(): number {
		const { ctx, outbox, runs, approvals, renames } = this.#parts;
		const allRuns = runs.allRuns();
		ctx.storage.transactionSync(() => {
			for (const { ref, version } of allRuns) outbox.markChanged('run', runKey(ref), version);
			for (const { id, version } of approvals.allApprovals()) {
				outbox.markChanged('approval', id, version);
			}
			renames.markEveryMove();
		});
		return allRuns.length;
	}

	async #sendAll(): Promise<void> {
		const { outbox, alarmPlan } = this.#parts;
		try {
			for (let batch = outbox.entries(BATCH); batch.length > 0; batch = outbox.entries(BATCH)) {
				this.#batches += 1;
				await this.#sendBatch(batch);
				this.#releaseWaiters(batch);
				outbox.acknowledgeEntries(batch, (entry) => this.#goesOn(entry));
				this.#failures = 0;
			}
		} catch {
			// The Operations agent is unreachable: runs go on, the outbox fills, and the alarm retries.
			outbox.blockUntil(Date.now() + retryDelayMs(this.#failures));
			this.#failures += 1;
		}
		alarmPlan.updateAlarm();
		// Nothing is left, or the rest waits for a retry: either way nobody keeps waiting.
		for (const waiter of this.#waiters) this.#release(waiter);
	}

	async #sendBatch(entries: OutboxEntry[]): Promise<void> {
		const { operations, openTails, notes } = this.#parts;
		const report = this.#composeReport(entries);
		const { resend, watched = false } = await operations.intake(report);
		openTails.setFleetWatched(watched);
		// When everything is to be sent again, earlier acknowledgements no longer count.
		this.#numbers.acknowledge(resend ? 0 : report.sequence, report.sequence);
		notes.deleteNotes(report.notes);
		if (resend) this.markEverything();
	}

	/** Is more expected of a run that is being read? */
	#goesOn({ kind, key }: OutboxEntry): boolean {
		return kind === 'run' && this.#parts.openTails.has(runRefOf(key));
	}

	#composeReport(entries: OutboxEntry[]): Report {
		const { agent, runs, approvals, notes } = this.#parts;
		const keysOf = (kind: OutboxEntry['kind']) =>
			entries.filter((entry) => entry.kind === kind).map(({ key }) => key);
		const records = keysOf('run').flatMap((key) => runs.findRecord(runRefOf(key)) ?? []);
		const isLasting =
			entries.some(({ kind }) => kind !== 'run') ||
			records.some(({ run }) => run.finishedAt !== null);
		return {
			agent: agentRefOf(agent.selfPath),
			...this.#numbers.next(isLasting, Date.now()),
			runs: records.map(withoutLongValues),
			approvals: keysOf('approval').flatMap((id) => {
				const record = approvals.findRecord(id);
				return record ? [withoutLongPayloads(record)] : [];
			}),
			notes: keysOf('note').flatMap((id) => notes.readNote(Number(id)) ?? []),
			movedRuns: keysOf('moved-run').map((key) => {
				const [from = '', to = ''] = key.split(' ');
				return { ref: runRefOf(from), to };
			}),
			deletedAgents: entries
				.filter(({ kind }) => kind === 'deleted-agent')
				.map(({ key, version }) => ({ path: key, at: version }))
		};
	}

	#releaseWaiters(sent: readonly OutboxEntry[]): void {
		for (const waiter of this.#waiters) {
			if (waiter.sinceBatch >= this.#batches) continue;
			for (const entry of sent) waiter.keys.delete(keyOf(entry));
			if (waiter.keys.size === 0) this.#release(waiter);
		}
	}

	#release(waiter: Waiter): void {
		this.#waiters.delete(waiter);
		waiter.resolve();
	}
}

function keyOf({ kind, key }: OutboxEntry): string {
	return `${kind} ${key}`;
}

function runRefOf(key: string): RunRef {
	const slash = key.indexOf('/');
	return { workflow: key.slice(0, slash), id: key.slice(slash + 1) };
}

function withoutLongPayloads({ approval, ...rest }: ApprovalRecord): ApprovalRecord {
	const decisions = approval.decisions.map((decision) =>
		decision.payload === undefined
			? decision
			: { ...decision, payload: capJson(decision.payload, INDEX_VALUE_BYTES) }
	);
	return { ...rest, approval: { ...approval, decisions } };
}

function withoutLongValues({ run, ...rest }: RunRecord): RunRecord {
	return {
		...rest,
		run: {
			...run,
			metadata: fitMetadata(run.metadata),
			params: capJson(run.params, INDEX_VALUE_BYTES),
			output: capJson(run.output, INDEX_VALUE_BYTES)
		}
	};
}
