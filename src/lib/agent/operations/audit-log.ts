import {
	auditEntrySchema,
	toJson,
	type AuditEntry,
	type AuditQuery,
	type AuditVerification
} from '../../protocol';
import { migrate } from '../db/migrations';
import { AuditChain } from './audit-chain';
import { decodeCursor, encodeCursor } from './run-index/query/cursor';
import type { Sql, SqlBinding, SqlRow } from '../db/sql';
import type { Redaction } from './redaction';

/** An entry as it is begun: what is not known before the change is done is left out. */
export type BegunEntry = Omit<AuditEntry, 'id' | 'result'>;

/**
 * Who did what, or tried to. A change has its entry before it is done (`pending`), and the entry is
 * completed afterwards, so that a crash in between loses neither.
 */
export class AuditLog {
	readonly #sql: Sql;
	readonly #chain: AuditChain;
	readonly #redaction: Pick<Redaction, 'maskDetail'>;

	/** @param redaction masks what entries say of a request */
	constructor(sql: Sql, redaction: Pick<Redaction, 'maskDetail'>) {
		this.#sql = sql;
		this.#redaction = redaction;
		this.#chain = new AuditChain(sql);
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
		this.#chain.migrate();
		this.#completeInterrupted();
	}

	/** Writes an entry down before the change that it is about. Returns its id. */
	begin(entry: BegunEntry): number {
		return this.#insert({ ...entry, result: 'pending' }, null) ?? 0;
	}

	/** Completes an entry once it is known what became of the change. */
	complete(
		id: number,
		{ target, detail, result }: Pick<AuditEntry, 'target' | 'detail' | 'result'>
	) {
		this.#sql.exec(
			'UPDATE sb_audit SET target = ?, detail = ?, result = ? WHERE id = ?',
			target,
			this.#textOf(detail),
			result,
			id
		);
		this.#chain.append(id);
	}

	/** Checks the hash chain over all entries. */
	verify(): AuditVerification {
		return this.#chain.verify();
	}

	/**
	 * Adds an entry. One with a `source` (an Agent's note) is added once, however often it comes.
	 */
	add(entry: Omit<AuditEntry, 'id'>, source: string | null = null): void {
		this.#insert(entry, source);
	}

	#insert(entry: Omit<AuditEntry, 'id'>, source: string | null): number | null {
		const [row] = this.#sql
			.exec(
				`INSERT OR IGNORE INTO sb_audit (at, by, action, target, detail, result, source, subject)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
				entry.at,
				entry.by,
				entry.action,
				entry.target,
				this.#textOf(entry.detail),
				entry.result,
				source,
				entry.subject ?? null
			)
			.toArray();
		if (!row) return null;
		const id = Number(row['id']);
		this.#chain.append(id);
		return id;
	}

	#textOf(detail: AuditEntry['detail']): string {
		return JSON.stringify(this.#redaction.maskDetail(toJson(detail)));
	}

	/** Earlier versions did not mask what they wrote, and the chain keeps it from being changed. */
	#entryOf(row: SqlRow): AuditEntry {
		const detail = this.#redaction.maskDetail(toJson(JSON.parse(String(row['detail']))));
		return auditEntrySchema.parse({ ...row, detail });
	}

	/** A life that ended between a change and its completion leaves the entry pending. */
	#completeInterrupted(): void {
		const pending = this.#sql.exec("SELECT id FROM sb_audit WHERE result = 'pending'").toArray();
		for (const row of pending) {
			const id = Number(row['id']);
			this.#sql.exec("UPDATE sb_audit SET result = 'interrupted' WHERE id = ?", id);
			this.#chain.append(id);
		}
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
			.map((row) => this.#entryOf(row));
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
			.map((row) => this.#entryOf(row));
		const entries = found.slice(0, limit);
		const last = entries.at(-1);
		return {
			entries,
			nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null
		};
	}
}
