// What the Operations agent has not acknowledged yet. The outbox holds keys, not records: what is
// sent is always the newest state, so a batch that failed is simply sent again.
import { migrate } from '../../db/migrations';

export type OutboxKind = 'run' | 'approval' | 'note' | 'deleted-agent' | 'moved-run';
export type OutboxEntry = { kind: OutboxKind; key: string; version: number };

/** Retries fall on multiples of this, Ms, so that frequent changes do not move the alarm each time. */
const RETRY_GRID_MS = 5_000;

export class Outbox {
	readonly #sql: SqlStorage;
	/** Nothing is sent before this time, Ms: the last attempt failed. */
	#blockedUntil = 0;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_outbox', [
			`CREATE TABLE IF NOT EXISTS monitor_outbox (
			kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (kind, key)
		) WITHOUT ROWID`
		]);
	}

	/** Records that something changed. Call it in the transaction that made the change. */
	markChanged(kind: OutboxKind, key: string, version: number): void {
		this.#sql.exec('INSERT OR REPLACE INTO monitor_outbox VALUES (?, ?, ?)', kind, key, version);
	}

	removeEntry(kind: OutboxKind, key: string): void {
		this.#sql.exec('DELETE FROM monitor_outbox WHERE kind = ? AND key = ?', kind, key);
	}

	/** The oldest entries; all of them without a limit. */
	entries(limit = -1): OutboxEntry[] {
		return this.#sql
			.exec<OutboxEntry>(
				'SELECT kind, key, version FROM monitor_outbox ORDER BY version LIMIT ?',
				limit
			)
			.toArray();
	}

	/** Removes what was sent, unless it has changed again since. */
	acknowledgeEntries(sent: readonly OutboxEntry[]): void {
		for (const { kind, key, version } of sent) {
			this.#sql.exec(
				'DELETE FROM monitor_outbox WHERE kind = ? AND key = ? AND version <= ?',
				kind,
				key,
				version
			);
		}
	}

	isBlocked(now = Date.now()): boolean {
		return now < this.#blockedUntil;
	}

	blockUntil(atMs: number): void {
		this.#blockedUntil = atMs;
	}

	/** When to try unsent entries again, Ms; null when there are none. */
	retryAt(): number | null {
		return this.entries(1).length > 0 ? Math.max(this.#blockedUntil, nextRetryAt()) : null;
	}
}

/** The next time for a retry, Ms: one to six seconds from now. */
export function nextRetryAt(now = Date.now()): number {
	return Math.ceil((now + 1_000) / RETRY_GRID_MS) * RETRY_GRID_MS;
}
