import type { Json } from '../../../protocol';
import { migrate } from '../../db/migrations';
import type { AuditNote, NotedEntry } from '../../rpc/agent-rpc';
import type { Outbox } from './outbox';

/** What the Agent did by itself, until the audit log of the Operations agent has it. */
export class AuditNotes {
	readonly #sql: SqlStorage;
	readonly #outbox: Pick<Outbox, 'markChanged'>;

	constructor(sql: SqlStorage, outbox: Pick<Outbox, 'markChanged'>) {
		this.#sql = sql;
		this.#outbox = outbox;
	}

	/** Also creates the table of report numbers: both belong to one released migration step. */
	migrate(): void {
		migrate(this.#sql, 'monitor_reports', [
			`CREATE TABLE IF NOT EXISTS monitor_notes (
				id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
				action TEXT NOT NULL, target TEXT NOT NULL, detail TEXT NOT NULL
			);
			CREATE TABLE IF NOT EXISTS monitor_reports (
				one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL, acknowledged INTEGER NOT NULL
			);
			INSERT OR IGNORE INTO monitor_reports VALUES (1, 0, 0);`,
			'ALTER TABLE monitor_notes ADD COLUMN entry TEXT'
		]);
	}

	/** @param entry what somebody else did, and who; the Agent itself otherwise */
	addNote(action: string, target: string, detail: Json, entry?: NotedEntry): void {
		const { id } = this.#sql
			.exec<{ id: number }>(
				`INSERT INTO monitor_notes (at, action, target, detail, entry)
				VALUES (?, ?, ?, ?, ?) RETURNING id`,
				Date.now(),
				action,
				target,
				JSON.stringify(detail),
				entry ? JSON.stringify(entry) : null
			)
			.one();
		this.#outbox.markChanged('note', String(id), 1);
	}

	readNote(id: number): AuditNote | null {
		const row = this.#sql
			.exec<Omit<AuditNote, 'detail' | 'entry'> & { detail: string; entry: string | null }>(
				'SELECT * FROM monitor_notes WHERE id = ?',
				id
			)
			.toArray()[0];
		if (!row) return null;
		const { entry, detail, ...note } = row;
		// Both were written by addNote.
		return {
			...{ ...note, detail: JSON.parse(detail) as Json },
			...(entry === null ? {} : { entry: JSON.parse(entry) as NotedEntry })
		};
	}

	deleteNotes(notes: readonly AuditNote[]): void {
		for (const { id } of notes) this.#sql.exec('DELETE FROM monitor_notes WHERE id = ?', id);
	}
}
