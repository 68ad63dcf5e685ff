// Bulk jobs, each with its runs, which are fixed when it starts: "all that match" does not change
// later. The column `deed` holds the command; it keeps the name that it was released with.
import type { BulkActionInput } from '../../../protocol';
import { migrate } from '../../db/migrations';
import { BulkItems } from './bulk-items';
import { selectedByName, type AskedAction } from './bulk-select';
import { count, rows, sql, type Fragment, type Sql, type SqlRow } from '../../db/sql';

/** A job as it was started. */
export type StoredJob = {
	job: number;
	id: string;
	command: BulkActionInput;
	/** The query; null for runs that were named. */
	q: string | null;
	by: string;
	/** Undefined for a job that was stored before people had subjects. */
	subject?: string | undefined;
	at: number;
	retryOf: string | null;
	aborted: { by: string; at: number } | null;
};

export class BulkStore {
	readonly items: BulkItems;
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
		this.items = new BulkItems(db);
	}

	migrate(): void {
		migrate(this.#sql, 'sb_bulk', [
			[
				`CREATE TABLE IF NOT EXISTS sb_bulk_jobs (
					job INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, deed TEXT NOT NULL, q TEXT,
					by TEXT NOT NULL, at INTEGER NOT NULL, retry_of TEXT, aborted_by TEXT,
					aborted_at INTEGER
				)`,
				`CREATE TABLE IF NOT EXISTS sb_bulk_items (
					job INTEGER NOT NULL, item INTEGER NOT NULL, key TEXT NOT NULL, generation INTEGER,
					state TEXT NOT NULL, reason TEXT, detail TEXT, at INTEGER, retried_in TEXT,
					PRIMARY KEY (job, item)
				) WITHOUT ROWID`,
				'CREATE INDEX IF NOT EXISTS sb_bulk_by_state ON sb_bulk_items (job, state, item)',
				`CREATE INDEX IF NOT EXISTS sb_bulk_open ON sb_bulk_items (key)
					WHERE state IN ('pending', 'doing')`
			],
			'ALTER TABLE sb_bulk_jobs ADD COLUMN subject TEXT'
		]);
	}

	/** Stores a job with its runs. Call it in a transaction. */
	add(job: Omit<StoredJob, 'job' | 'aborted'>, selected: Fragment): void {
		const [row] = rows(
			this.#sql,
			sql`INSERT INTO sb_bulk_jobs (id, deed, q, by, subject, at, retry_of)
				VALUES (${job.id}, ${JSON.stringify(job.command)}, ${job.q}, ${job.by},
					${job.subject ?? null}, ${job.at}, ${job.retryOf})
				RETURNING job`
		);
		rows(
			this.#sql,
			sql`INSERT INTO sb_bulk_items (job, item, key, generation, state, reason)
				SELECT ${count(row, 'job')}, row_number() OVER (ORDER BY created, key), key, generation,
					CASE WHEN reason IS NULL THEN 'pending' ELSE 'skipped' END, reason
				FROM (${selected})`
		);
	}

	/** The runs of a job in this state that no later job has taken over. */
	left({ job }: StoredJob, state: 'failed' | 'pending', action: AskedAction): Fragment {
		return selectedByName(
			sql`SELECT key FROM sb_bulk_items
				WHERE job = ${job} AND state = ${state} AND retried_in IS NULL`,
			action
		);
	}

	/** Records that a later job has taken over what was left. */
	retried({ job }: StoredJob, state: 'failed' | 'pending', by: string): void {
		rows(
			this.#sql,
			sql`UPDATE sb_bulk_items SET retried_in = ${by}
				WHERE job = ${job} AND state = ${state} AND retried_in IS NULL`
		);
	}

	get(id: string): StoredJob | null {
		const [row] = rows(this.#sql, sql`SELECT * FROM sb_bulk_jobs WHERE id = ${id}`);
		return row ? jobIn(row) : null;
	}

	/** Deletes jobs that are no longer needed. */
	trim(isKept: (job: StoredJob) => boolean): void {
		const jobs = rows(this.#sql, sql`SELECT * FROM sb_bulk_jobs`).map(jobIn);
		for (const job of jobs) if (!isKept(job)) this.#remove(job);
	}

	/** Deletes a job that could not be started. */
	cancel(id: string): void {
		const job = this.get(id);
		if (!job) return;
		this.#remove(job);
		rows(this.#sql, sql`UPDATE sb_bulk_items SET retried_in = NULL WHERE retried_in = ${id}`);
	}

	#remove({ job }: StoredJob): void {
		rows(this.#sql, sql`DELETE FROM sb_bulk_items WHERE job = ${job}`);
		rows(this.#sql, sql`DELETE FROM sb_bulk_jobs WHERE job = ${job}`);
	}

	abort({ job }: StoredJob, by: string, at: number): void {
		rows(
			this.#sql,
			sql`UPDATE sb_bulk_jobs SET aborted_by = ${by}, aborted_at = ${at} WHERE job = ${job}`
		);
	}
}

function jobIn(row: SqlRow): StoredJob {
	const text = (column: string) => (row[column] === null ? null : String(row[column]));
	const [abortedBy, abortedAt] = [text('aborted_by'), count(row, 'aborted_at')];
	return {
		job: count(row, 'job'),
		id: String(row['id']),
		command: JSON.parse(String(row['deed'])) as BulkActionInput, // written by `add`
		q: text('q'),
		by: String(row['by']),
		subject: text('subject') ?? undefined,
		at: count(row, 'at'),
		retryOf: text('retry_of'),
		aborted: abortedBy === null ? null : { by: abortedBy, at: abortedAt }
	};
}
