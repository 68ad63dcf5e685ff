import {
	policyInputSchema,
	type LastFiring,
	type Policy,
	type PolicyInput
} from '../../../protocol';
import { migrate } from '../../db/migrations';
import { count, rows, sql, type Sql, type SqlRow } from '../../db/sql';

/** A policy as it is kept; `last` counts what its purge had done when it was looked at last. */
export type StoredPolicy = Policy;

/** Owns the table of retention policies. */
export class PolicyStore {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_policies', [
			`CREATE TABLE IF NOT EXISTS sb_policies (
				id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, policy TEXT NOT NULL, by TEXT NOT NULL,
				created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, next_at INTEGER, last TEXT
			) WITHOUT ROWID`
		]);
	}

	list(): StoredPolicy[] {
		return rows(this.#sql, sql`SELECT * FROM sb_policies ORDER BY created_at, id`).map(policyIn);
	}

	get(id: string): StoredPolicy | null {
		const [row] = rows(this.#sql, sql`SELECT * FROM sb_policies WHERE id = ${id}`);
		return row ? policyIn(row) : null;
	}

	/** Stores a policy under its id; what it did last stays. */
	save(id: string, policy: PolicyInput, by: string, now: number, nextAt: number | null): void {
		const text = JSON.stringify(policy);
		rows(
			this.#sql,
			sql`INSERT INTO sb_policies (id, name, policy, by, created_at, updated_at, next_at)
				VALUES (${id}, ${policy.name}, ${text}, ${by}, ${now}, ${now}, ${nextAt})
				ON CONFLICT (id) DO UPDATE SET name = excluded.name, policy = excluded.policy,
					by = excluded.by, updated_at = excluded.updated_at, next_at = excluded.next_at`
		);
	}

	delete(id: string): boolean {
		const found = rows(this.#sql, sql`DELETE FROM sb_policies WHERE id = ${id} RETURNING 1`);
		return found.length > 0;
	}

	/** Those that are due, and when the next one is, Ms. */
	due(now: number): StoredPolicy[] {
		return rows(
			this.#sql,
			sql`SELECT * FROM sb_policies WHERE next_at <= ${now} ORDER BY next_at, id`
		).map(policyIn);
	}

	/** When the next policy fires, Ms; null when none is on. */
	nextAt(): number | null {
		const [row] = rows(this.#sql, sql`SELECT min(next_at) AS at FROM sb_policies`);
		return row?.['at'] == null ? null : count(row, 'at');
	}

	/** Notes what became of a time, and when the next one is. */
	fired(id: string, last: LastFiring, nextAt: number | null): void {
		rows(
			this.#sql,
			sql`UPDATE sb_policies SET last = ${JSON.stringify(last)}, next_at = ${nextAt} WHERE id = ${id}`
		);
	}
}

function policyIn(row: SqlRow): StoredPolicy {
	const last = row['last'];
	return {
		...policyInputSchema.parse(JSON.parse(String(row['policy']))),
		id: String(row['id']),
		by: String(row['by']),
		createdAt: count(row, 'created_at'),
		updatedAt: count(row, 'updated_at'),
		nextAt: row['next_at'] === null ? null : count(row, 'next_at'),
		last: last == null ? null : (JSON.parse(String(last)) as LastFiring) // written by `fired`
	};
}
