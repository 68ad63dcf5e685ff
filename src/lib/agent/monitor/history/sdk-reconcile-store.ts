import type { RunRef } from '../../../protocol';
import { migrate } from '../../db/migrations';

/** Then it gives up: an instance that is gone from the engine can never be read again. */
const MOST_TRIES = 10;

/**
 * Ended runs whose row in the SDK's table may still contradict their history (table `monitor_mends`).
 * Stored, because an Agent that is evicted in between would never look at an ended run again.
 */
export class ReconcileStore {
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

	/** Call it in the transaction that ends the run. */
	addRun({ workflow, id }: RunRef): void {
		this.#sql.exec('INSERT OR REPLACE INTO monitor_mends VALUES (?, ?, 0)', workflow, id);
	}

	removeRun({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_mends WHERE workflow = ? AND id = ?', workflow, id);
	}

	allRuns(): RunRef[] {
		return this.#sql.exec<RunRef>('SELECT workflow, id FROM monitor_mends').toArray();
	}

	hasRuns(): boolean {
		return this.#sql.exec('SELECT 1 FROM monitor_mends LIMIT 1').toArray().length > 0;
	}

	/** The runs to try again. Drops those that were tried often enough. */
	takeRuns(): RunRef[] {
		this.#sql.exec('DELETE FROM monitor_mends WHERE tries >= ?', MOST_TRIES);
		this.#sql.exec('UPDATE monitor_mends SET tries = tries + 1');
		return this.allRuns();
	}
}
