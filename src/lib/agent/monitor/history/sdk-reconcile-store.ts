import type { RunRef } from '../../../protocol';
import { migrate } from '../../db/migrations';

/** An instance that is gone from the engine can never be read again. */
const MOST_TRIES = 10;

/**
 * Ended runs whose row in the SDK's table is not known to agree with their history yet. It is
 * written down, since an Agent that dies in between would never look at an ended run again.
 */
export class Mends {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_mends', [
			`CREATE TABLE IF NOT EXISTS monitor_mends (
			workflow TEXT NOT NULL, id TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
			PRIMARY KEY (workflow, id)
		) WITHOUT ROWID`
		]);
	}

	/** To be called in the transaction that ends the run. */
	add({ workflow, id }: RunRef): void {
		this.#sql.exec('INSERT OR REPLACE INTO monitor_mends VALUES (?, ?, 0)', workflow, id);
	}

	remove({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_mends WHERE workflow = ? AND id = ?', workflow, id);
	}

	all(): RunRef[] {
		return this.#sql.exec<RunRef>('SELECT workflow, id FROM monitor_mends').toArray();
	}

	/** Is there any? */
	any(): boolean {
		return this.#sql.exec('SELECT 1 FROM monitor_mends LIMIT 1').toArray().length > 0;
	}

	/** What is to be tried again; one that was tried often enough is left as it is. */
	take(): RunRef[] {
		this.#sql.exec('DELETE FROM monitor_mends WHERE tries >= ?', MOST_TRIES);
		this.#sql.exec('UPDATE monitor_mends SET tries = tries + 1');
		return this.all();
	}
}
