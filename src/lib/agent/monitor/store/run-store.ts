// What one Agent knows of its runs: facts, folded history and the events themselves. Every change
// of a run raises its version and marks it in the outbox, in the same transaction.
import {
	EMPTY_HISTORY,
	fold,
	ProblemError,
	runFactsSchema,
	runHistorySchema,
	runKey,
	toRun,
	type Json,
	type Run,
	type RunEvent,
	type RunFacts,
	type RunHistory,
	type RunRecord,
	type RunRef
} from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { migrate } from '../../db/migrations';
import type { Outbox } from './outbox';
import { RunEventStore } from './run-event-store';

/** A run as its Agent keeps it. */
export type StoredRun = {
	facts: RunFacts;
	history: RunHistory;
	version: number;
	/** False once a part of it was read from `status()` instead of the history. */
	exact: boolean;
	/** When to read its history next without a callback, Ms; null for never. */
	nextReadAt: number | null;
	/** How many reads in a row found nothing new. */
	idleReads: number;
};

type Row = {
	facts: string;
	history: string;
	version: number;
	exact: number;
	wake_at: number | null;
	idle_looks: number;
};

export class AgentRunStore {
	readonly events: RunEventStore;
	readonly #storage: DurableObjectStorage;
	readonly #outbox: Outbox;
	/** The version of each row that this process wrote: those rows need no validation when read. */
	readonly #written = new Map<string, number>();

	constructor(storage: DurableObjectStorage, outbox: Outbox) {
		this.#storage = storage;
		this.#outbox = outbox;
		this.events = new RunEventStore(storage.sql);
	}

	get #sql(): SqlStorage {
		return this.#storage.sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_runs', [
			`
			CREATE TABLE IF NOT EXISTS monitor_runs (
				workflow TEXT NOT NULL, id TEXT NOT NULL,
				facts TEXT NOT NULL, history TEXT NOT NULL, version INTEGER NOT NULL,
				exact INTEGER NOT NULL DEFAULT 1, active INTEGER NOT NULL DEFAULT 1,
				wake_at INTEGER, idle_looks INTEGER NOT NULL DEFAULT 0,
				attached INTEGER NOT NULL DEFAULT 0,
				PRIMARY KEY (workflow, id)
			) WITHOUT ROWID;
			CREATE INDEX IF NOT EXISTS monitor_runs_wake ON monitor_runs (wake_at) WHERE wake_at IS NOT NULL;
			CREATE TABLE IF NOT EXISTS monitor_events (
				workflow TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL,
				event_id INTEGER NOT NULL, event TEXT NOT NULL,
				PRIMARY KEY (workflow, id, generation, event_id)
			) WITHOUT ROWID;
		`
		]);
	}

	findRun(ref: RunRef): StoredRun | null {
		const row = this.#sql
			.exec<Row>('SELECT * FROM monitor_runs WHERE workflow = ? AND id = ?', ref.workflow, ref.id)
			.toArray()[0];
		if (!row) return null;
		return {
			...this.#readRow(ref, row),
			version: row.version,
			exact: row.exact === 1,
			nextReadAt: row.wake_at,
			idleReads: row.idle_looks
		};
	}

	/** The run as the API shows it. @throws ProblemError `unknown-run` */
	getRun(ref: RunRef): Run {
		return this.getRecord(ref).run;
	}

	/** Every run and its version. */
	allRuns(): { ref: RunRef; version: number }[] {
		return this.#sql
			.exec<RunRef & { version: number }>('SELECT workflow, id, version FROM monitor_runs')
			.toArray()
			.map(({ workflow, id, version }) => ({ ref: { workflow, id }, version }));
	}

	/** The run as the index stores it. */
	findRecord(ref: RunRef): RunRecord | null {
		const stored = this.findRun(ref);
		return stored
			? { run: toRun(stored.facts, stored.history), version: stored.version, exact: stored.exact }
			: null;
	}

	/** The run as the index stores it. @throws ProblemError `unknown-run` */
	getRecord(ref: RunRef): RunRecord {
		const record = this.findRecord(ref);
		if (record) return record;
		throw new ProblemError('unknown-run', agentErrorText.unknownRun(runKey(ref)));
	}

	addRun(facts: RunFacts, nextReadAt: number): void {
		this.#write({
			facts,
			history: EMPTY_HISTORY,
			version: 0,
			exact: true,
			nextReadAt,
			idleReads: 0
		});
	}

	/**
	 * Stores events of the current generation and folds them. Returns the run before and after, or
	 * null when nothing was new.
	 */
	appendEvents(ref: RunRef, events: RunEvent[]): { before: RunHistory; after: RunHistory } | null {
		return this.#storage.transactionSync(() => {
			const stored = this.findRun(ref);
			if (!stored) return null;
			const fresh = events.filter((event) => event.eventId > stored.history.cursor);
			if (fresh.length === 0) return null;
			this.events.addEvents(ref, stored.facts.generation, fresh);
			const after = fresh.reduce(fold, stored.history);
			this.#write({
				...stored,
				facts: { ...stored.facts, lost: false },
				history: after,
				idleReads: 0
			});
			return { before: stored.history, after };
		});
	}

	/** Changes a run. Does nothing when this Agent does not have it. */
	updateRun(ref: RunRef, change: (run: StoredRun) => Partial<StoredRun>): void {
		this.#storage.transactionSync(() => {
			const stored = this.findRun(ref);
			if (stored) this.#write({ ...stored, ...change(stored) });
		});
	}

	/** Stores a progress report. Returns false, and stores nothing, when a later one is known. */
	recordProgress(ref: RunRef, report: { progress: Json; at: number; now: number }): boolean {
		const { progress, at, now } = report;
		if (at < (this.findRun(ref)?.facts.progressAt ?? 0)) return false;
		this.updateRun(ref, ({ facts }) => ({
			facts: { ...facts, progress, progressAt: at, touchedAt: now }
		}));
		return true;
	}

	/** Starts the next generation with an empty history. The events of the previous one stay. */
	startGeneration(ref: RunRef, now: number): void {
		this.updateRun(ref, ({ facts, history }) => ({
			facts: {
				...facts,
				generation: facts.generation + 1,
				progress: null,
				// A late report of the previous generation must not count for this one.
				progressAt: facts.progressAt === undefined ? 0 : facts.progressAt + 1,
				touchedAt: now,
				lost: false
			},
			history: { ...EMPTY_HISTORY, keptUntil: history.updatedAt },
			exact: true,
			idleReads: 0
		}));
	}

	/** Records that a tail is open: if the Agent is evicted meanwhile, the run is read again. */
	markTailOpen(ref: RunRef, nextReadAt: number): void {
		this.#sql.exec(
			'UPDATE monitor_runs SET wake_at = ?, attached = 1 WHERE workflow = ? AND id = ?',
			nextReadAt,
			ref.workflow,
			ref.id
		);
	}

	/** Makes every run due whose tail was open when the Agent was evicted. */
	recoverOpenTails(now: number): void {
		this.#sql.exec('UPDATE monitor_runs SET wake_at = ?, attached = 0 WHERE attached = 1', now);
	}

	/** Plans the next read. This does not change the run, so nothing is reported. */
	planNextRead(ref: RunRef, nextReadAt: number | null, idleReads: number): void {
		this.#sql.exec(
			'UPDATE monitor_runs SET wake_at = ?, idle_looks = ?, attached = 0 WHERE workflow = ? AND id = ?',
			nextReadAt,
			idleReads,
			ref.workflow,
			ref.id
		);
	}

	/** Runs whose next read is due at `now`, the longest overdue first. */
	runsDueForRead(now: number): RunRef[] {
		return this.#sql
			.exec<RunRef>(
				'SELECT workflow, id FROM monitor_runs WHERE wake_at <= ? ORDER BY wake_at LIMIT 1000',
				now
			)
			.toArray();
	}

	/** When the next read of any run is due, Ms; null for none. */
	nextReadAt(): number | null {
		return (
			this.#sql.exec<{ at: number | null }>('SELECT min(wake_at) AS at FROM monitor_runs').one()
				.at ?? null
		);
	}

	/** Runs that have not ended. */
	activeRuns(): RunRef[] {
		return this.#sql
			.exec<RunRef>('SELECT workflow, id FROM monitor_runs WHERE active = 1')
			.toArray();
	}

	/** Deletes a run and its events. */
	deleteRun(ref: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_runs WHERE workflow = ? AND id = ?', ref.workflow, ref.id);
		this.events.deleteEvents(ref);
		this.#written.delete(runKey(ref));
		this.#outbox.removeEntry('run', runKey(ref));
	}

	#readRow(ref: RunRef, row: Row): { facts: RunFacts; history: RunHistory } {
		const [facts, history]: unknown[] = [JSON.parse(row.facts), JSON.parse(row.history)];
		if (this.#written.get(runKey(ref)) === row.version) {
			return { facts: facts as RunFacts, history: history as RunHistory };
		}
		const known = runFactsSchema.parse(facts);
		const folded = runHistorySchema.safeParse(history);
		if (folded.success) return { facts: known, history: folded.data };
		// Another version of Signalbox stored this history: fold it again from the events.
		const events = this.events.eventsOf(ref, known.generation);
		return { facts: known, history: events.reduce(fold, EMPTY_HISTORY) };
	}

	#write({ facts, history, version, exact, nextReadAt, idleReads }: StoredRun): void {
		// The clock as version: it keeps growing when a run is deleted and its id is used again.
		const next = Math.max(version + 1, Date.now());
		this.#sql.exec(
			`INSERT INTO monitor_runs (workflow, id, facts, history, version, exact, active, wake_at, idle_looks)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (workflow, id) DO UPDATE SET facts = excluded.facts, history = excluded.history,
				version = excluded.version, exact = excluded.exact, active = excluded.active,
				wake_at = excluded.wake_at, idle_looks = excluded.idle_looks`,
			facts.ref.workflow,
			facts.ref.id,
			JSON.stringify(facts),
			JSON.stringify(history),
			next,
			exact ? 1 : 0,
			history.end ? 0 : 1,
			nextReadAt,
			idleReads
		);
		this.#written.set(runKey(facts.ref), next);
		this.#outbox.markChanged('run', runKey(facts.ref), next);
	}
}
