import { auditEntrySchema, toJson, type AuditEntry, type AuditQuery } from '../../protocol';
import { migrate } from '../db/migrations';
import { decodeCursor, encodeCursor } from './run-index/query/cursor';
import type { Sql, SqlBinding } from '../db/sql';

/** Who did what, or tried to. Entries are only ever added. */
export class AuditLog {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_audit', [
			`
			CREATE TABLE IF NOT EXISTS sb_audit (
				id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, by TEXT NOT NULL,
				action TEXT NOT NULL, target TEXT, detail TEXT NOT NULL, result TEXT NOT NULL,
				source TEXT UNIQUE
			);
			CREATE INDEX IF NOT EXISTS sb_audit_target ON sb_audit (target);
		`,
			'ALTER TABLE sb_audit ADD COLUMN subject TEXT'
		]);
	}

	/**
	 * Adds an entry. One with a `source` (an Agent's note) is added once, however often it comes.
	 */
	add(entry: Omit<AuditEntry, 'id'>, source: string | null = null): void {
		this.#sql.exec(
			`INSERT OR IGNORE INTO sb_audit (at, by, action, target, detail, result, source, subject)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			entry.at,
			entry.by,
			entry.action,
			entry.target,
			JSON.stringify(toJson(entry.detail)),
			entry.result,
			source,
			entry.subject ?? null
		);
	}

	/** What was done to any of these, newest first, `limit` at most. */
	of(targets: readonly string[], limit: number): AuditEntry[] {
		return this.#sql
			.exec(
				`SELECT * FROM sb_audit WHERE target IN (SELECT value FROM json_each(?))
				ORDER BY id DESC LIMIT ?`,
				JSON.stringify(targets),
				limit
			)
			.toArray()
			.map((row) => auditEntrySchema.parse({ ...row, detail: JSON.parse(String(row['detail'])) }));
	}

	/** A page of entries, newest first. */
	page({ by, action, target, limit, cursor }: AuditQuery): {
		entries: AuditEntry[];
		nextCursor: string | null;
	} {
		const where = ['id < ?'];
		const before = cursor === undefined ? Number.MAX_SAFE_INTEGER : Number(decodeCursor(cursor)[0]);
		const bindings: SqlBinding[] = [before];
		for (const [column, value] of Object.entries({ by, action, target })) {
			if (value === undefined) continue;
			where.push(`${column} = ?`);
			bindings.push(value);
		}
		const found = this.#sql
			.exec(
				`SELECT * FROM sb_audit WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ?`,
				...bindings,
				limit + 1
			)
			.toArray()
			.map((row) => auditEntrySchema.parse({ ...row, detail: JSON.parse(String(row['detail'])) }));
		const entries = found.slice(0, limit);
		const last = entries.at(-1);
		return {
			entries,
			nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null
		};
	}
}
