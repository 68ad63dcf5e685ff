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
import type { EventBuffer } from '../history/event-buffer';
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
	readonly #buffer: Pick<EventBuffer, 'flushRun' | 'discardRun'>;
	/** The version of each row that this process wrote: those rows need no validation when read. */
	readonly #written = new Map<string, number>();

	constructor(
		storage: DurableObjectStorage,
		outbox: Outbox,
		buffer: Pick<EventBuffer, 'flushRun' | 'discardRun'>
	) {
		this.#storage = storage;
		this.#outbox = outbox;
		this.#buffer = buffer;
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
		this.events.migrate();
	}

	hasRun({ workflow, id }: RunRef): boolean {
		return (
			this.#sql
				.exec('SELECT 1 FROM monitor_runs WHERE workflow = ? AND id = ?', workflow, id)
				.toArray().length > 0
		);
	}

	/** The run with everything that was read of it. */
	findRun(ref: RunRef): StoredRun | null {
		this.#buffer.flushRun(ref);
		return this.#readRun(ref);
	}

	/** The run without events that were read just now and are not stored yet. */
	peekRun(ref: RunRef): StoredRun | null {
		return this.#readRun(ref);
	}

	#readRun(ref: RunRef): StoredRun | null {
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

	/** How many runs a workflow has here. */
	countRuns(workflow: string): number {
		return this.#sql
			.exec<{ n: number }>('SELECT count(*) AS n FROM monitor_runs WHERE workflow = ?', workflow)
			.one().n;
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

	/** Adds a run whose tail is about to be opened; if the Agent is evicted before, it is read then. */
	addRun(facts: RunFacts): void {
		const version = this.#nextVersion(0);
		this.#sql.exec(
			`INSERT INTO monitor_runs (workflow, id, facts, history, version, attached)
			VALUES (?, ?, ?, ?, ?, 1)`,
			facts.ref.workflow,
			facts.ref.id,
			JSON.stringify(facts),
			JSON.stringify(EMPTY_HISTORY),
			version
		);
		this.#recordWrite(facts.ref, version);
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

	/**
	 * Stores a progress report; events that wait to be stored go on waiting. Returns the run's
	 * generation, or null when nothing is stored, since a later report is known.
	 */
	recordProgress(ref: RunRef, report: { progress: Json; at: number; now: number }): number | null {
		const { progress, at, now } = report;
		return this.#storage.transactionSync(() => {
			const stored = this.peekRun(ref);
			if (!stored || at < (stored.facts.progressAt ?? 0)) return null;
			const facts = { ...stored.facts, progress, progressAt: at, touchedAt: now };
			this.#write({ ...stored, facts });
			return facts.generation;
		});
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

	/** Runs that have not ended. */
	activeRuns(): RunRef[] {
		return this.#sql
			.exec<RunRef>('SELECT workflow, id FROM monitor_runs WHERE active = 1')
			.toArray();
	}

	/** Deletes a run and its events. */
	deleteRun(ref: RunRef): void {
		this.#buffer.discardRun(ref);
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

	/** Stores a known run. The time of its next read is left alone: its index costs a row. */
	#write({ facts, history, version, exact, idleReads }: StoredRun): void {
		const next = this.#nextVersion(version);
		const { workflow, id } = facts.ref;
		const isOver = history.end !== null;
		this.#sql.exec(
			`UPDATE monitor_runs SET facts = ?, history = ?, version = ?, exact = ?, active = ?,
				idle_looks = ?${isOver ? ', wake_at = NULL, attached = 0' : ''}
			WHERE workflow = ? AND id = ?`,
			JSON.stringify(facts),
			JSON.stringify(history),
			next,
			exact ? 1 : 0,
			isOver ? 0 : 1,
			idleReads,
			workflow,
			id
		);
		this.#recordWrite(facts.ref, next);
	}

	/** The clock as version: it keeps growing when a run is deleted and its id is used again. */
	#nextVersion(version: number): number {
		return Math.max(version + 1, Date.now());
	}

	#recordWrite(ref: RunRef, version: number): void {
		this.#written.set(runKey(ref), version);
		this.#outbox.markChanged('run', runKey(ref), version);
	}
}
