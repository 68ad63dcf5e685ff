// What the Operations agent has not acknowledged yet. The outbox holds keys, not records: what is
// sent is always the newest state, so a batch that failed is simply sent again. A key is written once
// for many changes of a run, and deleted once the run rests: after a crash it is sent once too often.
import { migrate } from '../../db/migrations';

export type OutboxKind = 'run' | 'approval' | 'note' | 'deleted-agent' | 'moved-run';
export type OutboxEntry = { kind: OutboxKind; key: string; version: number };

/** How long to wait after a failed send, Ms: doubled each time up to `most`. */
const RETRY_MS = { first: 500, most: 60_000 } as const;

export class Outbox {
	readonly #sql: SqlStorage;
	/** What is to be sent, by kind and key. */
	readonly #unsent = new Map<string, OutboxEntry>();
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
		const stored = this.#sql.exec<OutboxEntry>('SELECT kind, key, version FROM monitor_outbox');
		for (const entry of stored.toArray()) this.#unsent.set(nameOf(entry), entry);
	}

	/** Records that something changed. Call it in the transaction that made the change. */
	markChanged(kind: OutboxKind, key: string, version: number): void {
		// A key that is there already costs no row.
		this.#sql.exec('INSERT OR IGNORE INTO monitor_outbox VALUES (?, ?, ?)', kind, key, version);
		this.#unsent.set(nameOf({ kind, key }), { kind, key, version });
	}

	removeEntry(kind: OutboxKind, key: string): void {
		this.#sql.exec('DELETE FROM monitor_outbox WHERE kind = ? AND key = ?', kind, key);
		this.#unsent.delete(nameOf({ kind, key }));
	}

	/** The oldest entries that are to be sent; all of them without a limit. */
	entries(limit?: number): OutboxEntry[] {
		return [...this.#unsent.values()].toSorted((a, b) => a.version - b.version).slice(0, limit);
	}

	isEmpty(): boolean {
		return this.#unsent.size === 0;
	}

	/**
	 * Removes what was sent, unless it has changed again since. The key of a run that goes on
	 * (`goesOn`) stays stored for its next change, see {@link settleRun}.
	 */
	acknowledgeEntries(
		sent: readonly OutboxEntry[],
		goesOn: (entry: OutboxEntry) => boolean = () => false
	): void {
		for (const entry of sent) {
			const { kind, key, version } = entry;
			const current = this.#unsent.get(nameOf(entry));
			if (current && current.version > version) continue;
			if (goesOn(entry)) this.#unsent.delete(nameOf(entry));
			else this.removeEntry(kind, key);
		}
	}

	/** Nothing more is expected of a run for now: forgets its key, unless that is still to be sent. */
	settleRun(key: string): void {
		if (!this.#unsent.has(nameOf({ kind: 'run', key }))) this.removeEntry('run', key);
	}

	isBlocked(now = Date.now()): boolean {
		return now < this.#blockedUntil;
	}

	blockUntil(atMs: number): void {
		this.#blockedUntil = atMs;
	}

	/** When the next attempt is due after a failed one, Ms; null without one. */
	retryAt(now = Date.now()): number | null {
		return !this.isEmpty() && this.isBlocked(now) ? this.#blockedUntil : null;
	}
}

/**
 * How long to wait after so many failures in a row, Ms. Spread over as long as the wait itself: after
 * an outage the Agents of a whole fleet must not come back in the same moment.
 * @param random from 0 to 1
 */
export function retryDelayMs(failures: number, random: number = Math.random()): number {
	const delay = Math.min(RETRY_MS.first * 2 ** failures, RETRY_MS.most);
	return Math.round(delay * (0.5 + random));
}

function nameOf({ kind, key }: Pick<OutboxEntry, 'kind' | 'key'>): string {
	return `${kind} ${key}`;
}
