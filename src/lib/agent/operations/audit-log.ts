import {
	auditEntrySchema,
	toJson,
	type AuditEntry,
	type AuditExport,
	type AuditQuery,
	type AuditVerification,
	type Json
} from '../../protocol';
import { migrate } from '../db/migrations';
import { AuditChain } from './audit-chain';
import { encodeCursor, ID_CURSOR, parseCursor } from './run-index/query/cursor';
import { Fragment, join, rows, sql, type Sql, type SqlRow } from '../db/sql';
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
	readonly #redaction: Pick<Redaction, 'maskDetail' | 'maskText'>;

	/** @param redaction masks what entries say of a request */
	constructor(sql: Sql, redaction: Pick<Redaction, 'maskDetail' | 'maskText'>) {
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
			'ALTER TABLE sb_audit ADD COLUMN subject TEXT',
			[
				'ALTER TABLE sb_audit ADD COLUMN reason TEXT',
				'ALTER TABLE sb_audit ADD COLUMN origin TEXT',
				'ALTER TABLE sb_audit ADD COLUMN before TEXT',
				'ALTER TABLE sb_audit ADD COLUMN after TEXT',
				'CREATE INDEX IF NOT EXISTS sb_audit_at ON sb_audit (at)'
			]
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
		{ target, detail, result, after }: Pick<AuditEntry, 'target' | 'detail' | 'result' | 'after'>
	) {
		// The index of the target costs a row, changed or not: it is set only when it was not known.
		const [begun] = this.#sql.exec('SELECT target FROM sb_audit WHERE id = ?', id).toArray();
		const isNamed = (begun?.['target'] ?? null) !== target;
		this.#sql.exec(
			`UPDATE sb_audit SET detail = ?, result = ?, after = ?${isNamed ? ', target = ?' : ''}
			WHERE id = ?`,
			this.#textOf(detail),
			result,
			this.#textOrNull(after),
			...(isNamed ? [target] : []),
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
				`INSERT OR IGNORE INTO sb_audit (at, by, action, target, detail, result, source, subject,
					reason, origin, before, after)
				VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
				entry.at,
				entry.by,
				entry.action,
				entry.target,
				this.#textOf(entry.detail),
				entry.result,
				source,
				entry.subject ?? null,
				entry.reason ? this.#redaction.maskText(entry.reason) : null,
				this.#textOrNull(entry.from),
				this.#textOrNull(entry.before),
				this.#textOrNull(entry.after)
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

	#textOrNull(value: AuditEntry['before']): string | null {
		return value == null ? null : this.#textOf(value);
	}

	/** Earlier versions did not mask what they wrote, and the chain keeps it from being changed. */
	#entryOf(row: SqlRow): AuditEntry {
		const read = (column: string): Json =>
			row[column] == null
				? null
				: this.#redaction.maskDetail(toJson(JSON.parse(String(row[column]))));
		return auditEntrySchema.parse({
			...row,
			...{ detail: read('detail'), from: read('origin') },
			...{ before: read('before'), after: read('after') }
		});
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
	page({ limit, cursor, ...filter }: AuditQuery): {
		entries: AuditEntry[];
		nextCursor: string | null;
	} {
		const before =
			cursor === undefined ? Number.MAX_SAFE_INTEGER : parseCursor(cursor, ID_CURSOR)[0];
		const found = rows(
			this.#sql,
			sql`SELECT * FROM sb_audit WHERE ${join([sql`id < ${before}`, ...conditionsOf(filter)], ' AND ', sql`1`)}
				ORDER BY id DESC LIMIT ${limit + 1}`
		).map((row) => this.#entryOf(row));
		const entries = found.slice(0, limit);
		const last = entries.at(-1);
		return {
			entries,
			nextCursor: found.length > limit && last ? encodeCursor([last.id]) : null
		};
	}
}

/** What a filter says, of a row of `sb_audit`. */
function conditionsOf(filter: Omit<AuditExport, 'format'>): Fragment[] {
	const { by, from, to, text } = filter;
	const exact = (['action', 'target', 'result'] as const).flatMap((column) => {
		const value = filter[column];
		return value === undefined ? [] : [sql`${new Fragment(column)} = ${value}`];
	});
	// What people see of an entry, in one text; `instr` has no wildcards that a word could hold.
	const words = (text ?? '').split(/\s+/).filter((word) => word !== '');
	const seen = sql`lower(concat_ws(' ', by, subject, action, target, result, reason, detail))`;
	return [
		...exact,
		...(by === undefined ? [] : [sql`(by = ${by} OR subject = ${by})`]),
		...(from === undefined ? [] : [sql`at >= ${from}`]),
		...(to === undefined ? [] : [sql`at < ${to}`]),
		...words.map((word) => sql`instr(${seen}, ${word.toLowerCase()}) > 0`)
	];
}
