// What one Agent knows of its runs: facts, folded history and the events themselves. Every change
// of a run raises its version and marks it for the outbox in the same transaction.
import {
	EMPTY_HISTORY,
	fold,
	ProblemError,
	runEventSchema,
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
import { migrate } from '../../db/migrations';
import type { Outbox } from './outbox';

/** A run as its Agent keeps it. */
export type StoredRun = {
	facts: RunFacts;
	history: RunHistory;
	version: number;
	/** False once a part of it was read from `status()` instead of the history. */
	exact: boolean;
	/** When to look at it next though nobody calls, Ms; null for never. */
	wakeAt: number | null;
	/** How many looks in a row found nothing new. */
	idleLooks: number;
};

type Row = {
	facts: string;
	history: string;
	version: number;
	exact: number;
	wake_at: number | null;
	idle_looks: number;
};

/** SQLite's word for no limit. */
const ALL = -1;

export class RunStore {
	readonly #storage: DurableObjectStorage;
	readonly #outbox: Outbox;

	/** The version of each row that this process wrote: what it wrote need not be proved. */
	readonly #written = new Map<string, number>();

	constructor(storage: DurableObjectStorage, outbox: Outbox) {
		this.#storage = storage;
		this.#outbox = outbox;
	}

	get #sql(): SqlStorage {
		return this.#storage.sql;
	}

	/** Creates the tables. Safe to call at every start. */
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

	get(ref: RunRef): StoredRun | null {
		const row = this.#sql
			.exec<Row>('SELECT * FROM monitor_runs WHERE workflow = ? AND id = ?', ref.workflow, ref.id)
			.toArray()[0];
		if (!row) return null;
		return {
			...this.#readRow(ref, row),
			version: row.version,
			exact: row.exact === 1,
			wakeAt: row.wake_at,
			idleLooks: row.idle_looks
		};
	}

	/** The run as everyone sees it. @throws ProblemError `unknown-run` */
	run(ref: RunRef): Run {
		const stored = this.get(ref);
		if (stored) return toRun(stored.facts, stored.history);
		throw new ProblemError('unknown-run', `There is no run ${runKey(ref)}.`);
	}

	/** Every run and its version. */
	all(): { ref: RunRef; version: number }[] {
		return this.#sql
			.exec<RunRef & { version: number }>('SELECT workflow, id, version FROM monitor_runs')
			.toArray()
			.map(({ workflow, id, version }) => ({ ref: { workflow, id }, version }));
	}

	/** The run as it goes to the index. */
	record(ref: RunRef): RunRecord | null {
		const stored = this.get(ref);
		return stored
			? { run: toRun(stored.facts, stored.history), version: stored.version, exact: stored.exact }
			: null;
	}

	/** The same, or a refusal. @throws ProblemError `unknown-run` */
	recordOrRefuse(ref: RunRef): RunRecord {
		const record = this.record(ref);
		if (record) return record;
		throw new ProblemError('unknown-run', `There is no run ${runKey(ref)}.`);
	}

	/** Begins to keep a run. */
	insert(facts: RunFacts, wakeAt: number): void {
		this.#write({
			facts,
			history: EMPTY_HISTORY,
			version: 0,
			exact: true,
			wakeAt,
			idleLooks: 0
		});
	}

	/**
	 * Stores events of the current generation and folds them. Returns the run before and after, or
	 * null when nothing was new.
	 */
	append(ref: RunRef, events: RunEvent[]): { before: RunHistory; after: RunHistory } | null {
		return this.#storage.transactionSync(() => {
			const stored = this.get(ref);
			if (!stored) return null;
			const fresh = events.filter((event) => event.eventId > stored.history.cursor);
			if (fresh.length === 0) return null;
			for (const event of fresh) {
				this.#sql.exec(
					'INSERT OR REPLACE INTO monitor_events VALUES (?, ?, ?, ?, ?)',
					ref.workflow,
					ref.id,
					stored.facts.generation,
					event.eventId,
					JSON.stringify(event)
				);
			}
			const after = fresh.reduce(fold, stored.history);
			this.#write({
				...stored,
				facts: { ...stored.facts, lost: false },
				history: after,
				idleLooks: 0
			});
			return { before: stored.history, after };
		});
	}

	/** Changes a run beside its history. Does nothing when the run is not kept here. */
	update(ref: RunRef, change: (run: StoredRun) => Partial<StoredRun>): void {
		this.#storage.transactionSync(() => {
			const stored = this.get(ref);
			if (stored) this.#write({ ...stored, ...change(stored) });
		});
	}

	/** Takes what a run says of its progress, unless it has said something later already: false. */
	saidProgress(ref: RunRef, said: { progress: Json; at: number; now: number }): boolean {
		const { progress, at, now } = said;
		if (at < (this.get(ref)?.facts.progressAt ?? 0)) return false;
		this.update(ref, ({ facts }) => ({
			facts: { ...facts, progress, progressAt: at, touchedAt: now }
		}));
		return true;
	}

	/** Begins the next generation: the former one's events stay, its history is folded anew. */
	beginGeneration(ref: RunRef, now: number): void {
		this.update(ref, ({ facts }) => ({
			facts: {
				...facts,
				generation: facts.generation + 1,
				progress: null,
				// What the former one has said may come again: it is not the new one's.
				progressAt: facts.progressAt === undefined ? 0 : facts.progressAt + 1,
				touchedAt: now,
				lost: false
			},
			history: EMPTY_HISTORY,
			exact: true,
			idleLooks: 0
		}));
	}

	/** A tail is open; should the Agent be evicted under it, the run is looked at again. */
	attached(ref: RunRef, wakeAt: number): void {
		this.#sql.exec(
			'UPDATE monitor_runs SET wake_at = ?, attached = 1 WHERE workflow = ? AND id = ?',
			wakeAt,
			ref.workflow,
			ref.id
		);
	}

	/** Plans a look now at every run whose tail was open when the Agent was evicted. */
	recover(now: number): void {
		this.#sql.exec('UPDATE monitor_runs SET wake_at = ?, attached = 0 WHERE attached = 1', now);
	}

	/** Plans the next look. This is no change of the run: nothing goes to the index. */
	wake(ref: RunRef, wakeAt: number | null, idleLooks: number): void {
		this.#sql.exec(
			'UPDATE monitor_runs SET wake_at = ?, idle_looks = ?, attached = 0 WHERE workflow = ? AND id = ?',
			wakeAt,
			idleLooks,
			ref.workflow,
			ref.id
		);
	}

	/** Runs whose look is due at `now`, the longest due first. */
	due(now: number): RunRef[] {
		return this.#sql
			.exec<RunRef>(
				'SELECT workflow, id FROM monitor_runs WHERE wake_at <= ? ORDER BY wake_at LIMIT 1000',
				now
			)
			.toArray();
	}

	/** When the next look of any run is due, Ms; null for none. */
	nextWakeAt(): number | null {
		return (
			this.#sql.exec<{ at: number | null }>('SELECT min(wake_at) AS at FROM monitor_runs').one()
				.at ?? null
		);
	}

	/** Runs that have not ended. */
	active(): RunRef[] {
		return this.#sql
			.exec<RunRef>('SELECT workflow, id FROM monitor_runs WHERE active = 1')
			.toArray();
	}

	/** The events of one generation after `after`, oldest first. */
	events(ref: RunRef, generation: number, after: number, limit: number): RunEvent[] {
		return this.#sql
			.exec<{ event: string }>(
				`SELECT event FROM monitor_events
				WHERE workflow = ? AND id = ? AND generation = ? AND event_id > ?
				ORDER BY event_id LIMIT ?`,
				ref.workflow,
				ref.id,
				generation,
				after,
				limit
			)
			.toArray()
			.map(({ event }) => runEventSchema.parse(JSON.parse(event)));
	}

	/** Forgets a run and its events. */
	forget(ref: RunRef): void {
		for (const table of ['monitor_runs', 'monitor_events']) {
			this.#sql.exec(`DELETE FROM ${table} WHERE workflow = ? AND id = ?`, ref.workflow, ref.id);
		}
		this.#written.delete(runKey(ref));
		this.#outbox.unmark('run', runKey(ref));
	}

	#readRow(ref: RunRef, row: Row): { facts: RunFacts; history: RunHistory } {
		const [facts, history]: unknown[] = [JSON.parse(row.facts), JSON.parse(row.history)];
		if (this.#written.get(runKey(ref)) === row.version) {
			return { facts: facts as RunFacts, history: history as RunHistory };
		}
		const known = runFactsSchema.parse(facts);
		const folded = runHistorySchema.safeParse(history);
		if (folded.success) return { facts: known, history: folded.data };
		// Another version folded it otherwise: it is folded again, from the events themselves.
		const events = this.events(ref, known.generation, 0, ALL);
		return { facts: known, history: events.reduce(fold, EMPTY_HISTORY) };
	}

	#write({ facts, history, version, exact, wakeAt, idleLooks }: StoredRun): void {
		// The clock as version: it goes on growing when a run is forgotten and comes again.
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
			wakeAt,
			idleLooks
		);
		this.#written.set(runKey(facts.ref), next);
		this.#outbox.mark('run', runKey(facts.ref), next);
	}
}

/** The problem with an id that another run has. */
export function idTaken(ref: RunRef): ProblemError {
	return new ProblemError('id-taken', `There is a run ${runKey(ref)} already.`);
}
