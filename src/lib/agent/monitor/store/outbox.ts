// What the Operations agent has not acknowledged yet. The outbox holds keys, not records: what is
// sent is always the newest state, so a batch that failed is simply sent again.
import { migrate } from '../../db/migrations';

export type OutboxKind = 'run' | 'approval' | 'note';
export type OutboxEntry = { kind: OutboxKind; key: string; version: number };

type Waiting = { keys: Set<string>; since: number; resolve: () => void };

const keyOf = ({ kind, key }: OutboxEntry): string => `${kind} ${key}`;

/** How long to wait after a failed send, Ms: doubled each time up to the second figure. */
const RETRY_MS = { first: 500, most: 60_000 } as const;
const BATCH = 100;

export class Outbox {
	readonly #sql: SqlStorage;
	readonly #send: (entries: OutboxEntry[]) => Promise<void>;
	readonly #retry: (atMs: number) => void;
	#flight: Promise<void> | null = null;
	#batches = 0;
	/** Who waits for what, in batches that are put together after `since`. */
	readonly #waiting = new Set<Waiting>();
	#failures = 0;
	/** No send before this time, Ms, after a failure. */
	#blockedUntil = 0;

	/**
	 * @param send Delivers the entries' newest records; rejects when they were not acknowledged.
	 * @param retry Asks to be called again ({@link flush}) at a time, also after an eviction.
	 */
	constructor(
		sql: SqlStorage,
		send: (entries: OutboxEntry[]) => Promise<void>,
		retry: (atMs: number) => void
	) {
		this.#sql = sql;
		this.#send = send;
		this.#retry = retry;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_outbox', [
			`CREATE TABLE IF NOT EXISTS monitor_outbox (
			kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (kind, key)
		) WITHOUT ROWID`
		]);
	}

	/** Notes that something changed. To be called in the transaction that changed it. */
	mark(kind: OutboxKind, key: string, version: number): void {
		this.#sql.exec('INSERT OR REPLACE INTO monitor_outbox VALUES (?, ?, ?)', kind, key, version);
	}

	unmark(kind: OutboxKind, key: string): void {
		this.#sql.exec('DELETE FROM monitor_outbox WHERE kind = ? AND key = ?', kind, key);
	}

	/** When unsent entries are to be tried again, Ms; null when there are none. */
	retryAt(): number | null {
		return this.#entries(1).length > 0 ? Math.max(this.#blockedUntil, soon()) : null;
	}

	/**
	 * Sends what is waiting, until nothing is. At once when idle; what gathers while a send is in
	 * flight goes with the next, and the promise is for all of it: an Agent with much to do may never
	 * come to that. Never rejects: a failed send is tried again later.
	 */
	flush(): Promise<void> {
		if (Date.now() < this.#blockedUntil) return Promise.resolve();
		this.#flight ??= this.#sendAll().finally(() => {
			this.#flight = null;
		});
		return this.#flight;
	}

	/** Resolves once all that is marked by now has arrived, or the Operations agent is away. */
	async sent(): Promise<void> {
		const keys = new Set(this.#entries(-1).map(keyOf));
		if (keys.size === 0 || Date.now() < this.#blockedUntil) return;
		await new Promise<void>((resolve) => {
			this.#waiting.add({ keys, since: this.#batches, resolve });
			void this.flush();
		});
	}

	async #sendAll(): Promise<void> {
		try {
			for (let batch = this.#entries(BATCH); batch.length > 0; batch = this.#entries(BATCH)) {
				this.#batches += 1;
				await this.#send(batch);
				this.#acknowledge(batch);
				this.#failures = 0;
			}
		} catch {
			// The Operations agent is away: runs go on, the outbox fills, and this is tried again.
			const delay = Math.min(RETRY_MS.first * 2 ** this.#failures, RETRY_MS.most);
			this.#failures += 1;
			this.#blockedUntil = Date.now() + delay;
			this.#retry(this.#blockedUntil);
		}
		// Nothing is left, or the rest is for later: either way nobody waits on.
		for (const waiting of this.#waiting) this.#release(waiting);
	}

	#release(waiting: Waiting): void {
		this.#waiting.delete(waiting);
		waiting.resolve();
	}

	#entries(limit: number): OutboxEntry[] {
		return this.#sql
			.exec<OutboxEntry>(
				'SELECT kind, key, version FROM monitor_outbox ORDER BY version LIMIT ?',
				limit
			)
			.toArray();
	}

	#acknowledge(sent: OutboxEntry[]): void {
		for (const waiting of this.#waiting) {
			if (waiting.since >= this.#batches) continue;
			for (const entry of sent) waiting.keys.delete(keyOf(entry));
			if (waiting.keys.size === 0) this.#release(waiting);
		}
		for (const { kind, key, version } of sent) {
			this.#sql.exec(
				'DELETE FROM monitor_outbox WHERE kind = ? AND key = ? AND version <= ?',
				kind,
				key,
				version
			);
		}
	}
}

/** The grid that retries fall on, Ms: while much happens, the alarm is not set anew each time. */
const GRID_MS = 5_000;

/** The next time for a retry, Ms: one to six seconds from now. */
export function soon(now = Date.now()): number {
	return Math.ceil((now + 1_000) / GRID_MS) * GRID_MS;
}
