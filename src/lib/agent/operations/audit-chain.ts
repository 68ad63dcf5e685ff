// A hash chain over the audit. Each record holds what an entry said at that moment and the SHA-256 of
// it and of the record before. Whoever changes or removes an entry later breaks the chain from there
// on. Removing the newest records together with their entries leaves a shorter, valid chain: compare
// `head` with one that was noted earlier.
import { createHash } from 'node:crypto';
import type { AuditVerification } from '../../protocol';
import { migrate } from '../db/migrations';
import type { Sql, SqlRow } from '../db/sql';

/** Records read at a time while the chain is verified. */
const PAGE = 500;

const COLUMNS = ['id', 'at', 'by', 'subject', 'action', 'target', 'detail', 'result'] as const;

/** Columns that entries from before them do not have: they stay out of what those said. */
const LATER = ['reason', 'origin', 'before', 'after'] as const;

/** What an entry says, as text that is the same for the same entry. */
function bodyOf(row: SqlRow): string {
	const later = LATER.filter((column) => row[column] != null);
	return JSON.stringify([
		...COLUMNS.map((column) => row[column] ?? null),
		...(later.length > 0 ? [Object.fromEntries(later.map((name) => [name, row[name]]))] : [])
	]);
}

function hashOf(previous: string, body: string): string {
	return createHash('sha256').update(`${previous}\n${body}`).digest('hex');
}

/** Owns the table `sb_audit_chain`. */
export class AuditChain {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_audit_chain', [
			`
			CREATE TABLE IF NOT EXISTS sb_audit_chain (
				seq INTEGER PRIMARY KEY AUTOINCREMENT, entry INTEGER NOT NULL, body TEXT NOT NULL,
				hash TEXT NOT NULL
			);
			CREATE INDEX IF NOT EXISTS sb_audit_chain_entry ON sb_audit_chain (entry);
		`,
			// Only a verification used it, and every record paid for it.
			'DROP INDEX IF EXISTS sb_audit_chain_entry'
		]);
	}

	/** Appends what an entry says now. */
	append(entry: number): void {
		const [row] = this.#sql.exec('SELECT * FROM sb_audit WHERE id = ?', entry).toArray();
		if (!row) return;
		const body = bodyOf(row);
		this.#sql.exec(
			'INSERT INTO sb_audit_chain (entry, body, hash) VALUES (?, ?, ?)',
			entry,
			body,
			hashOf(this.#head(), body)
		);
	}

	/** Recomputes the chain and compares its last record of each entry with the entry. */
	verify(): AuditVerification {
		const broken = this.#brokenRecord() ?? this.#changedEntry();
		const [counts] = this.#sql
			.exec(
				`SELECT COUNT(*) AS entries, COALESCE(SUM(id < (SELECT COALESCE(MIN(entry),
				9007199254740991) FROM sb_audit_chain)), 0) AS unchained FROM sb_audit`
			)
			.toArray();
		return {
			ok: broken === null,
			entries: Number(counts?.['entries'] ?? 0),
			unchained: Number(counts?.['unchained'] ?? 0),
			brokenAt: broken,
			head: this.#head() || null
		};
	}

	#head(): string {
		const [last] = this.#sql
			.exec('SELECT hash FROM sb_audit_chain ORDER BY seq DESC LIMIT 1')
			.toArray();
		return String(last?.['hash'] ?? '');
	}

	/** The entry of the first record that does not follow from the one before it. */
	#brokenRecord(): number | null {
		let [seq, previous] = [0, ''];
		for (;;) {
			const page = this.#sql
				.exec('SELECT * FROM sb_audit_chain WHERE seq > ? ORDER BY seq LIMIT ?', seq, PAGE)
				.toArray();
			for (const record of page) {
				const isNext = Number(record['seq']) === seq + 1;
				const hash = hashOf(previous, String(record['body']));
				if (!isNext || hash !== record['hash']) return Number(record['entry']);
				[seq, previous] = [Number(record['seq']), hash];
			}
			if (page.length < PAGE) return null;
		}
	}

	/** The first entry that is missing, was added without a record, or says something else now. */
	#changedEntry(): number | null {
		const [missing] = this.#sql
			.exec(
				`SELECT MIN(entry) AS entry FROM sb_audit_chain
				WHERE entry NOT IN (SELECT id FROM sb_audit)`
			)
			.toArray();
		if (missing?.['entry'] != null) return Number(missing['entry']);
		const rows = this.#sql.exec(
			// SQLite takes the body from the row that has the greatest number.
			`SELECT a.*, c.body FROM sb_audit a
			LEFT JOIN (SELECT entry, body, MAX(seq) FROM sb_audit_chain GROUP BY entry) c
				ON c.entry = a.id
			WHERE a.id >= (SELECT MIN(entry) FROM sb_audit_chain) ORDER BY a.id`
		);
		for (const row of rows) if (row['body'] !== bodyOf(row)) return Number(row['id']);
		return null;
	}
}
