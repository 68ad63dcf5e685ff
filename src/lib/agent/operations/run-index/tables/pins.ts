import type { Pin } from '../../../../protocol';
import { count, rows, sql, type Sql, type SqlRow } from '../../../db/sql';

/** A step of the index's tables. */
export const PINS =
	'CREATE TABLE IF NOT EXISTS sb_pins (key TEXT PRIMARY KEY, by TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID';

/** The runs that somebody pinned, by their keys. They are few, and are read once. */
export class RunPins {
	readonly #sql: Sql;
	#known: Map<string, Pin> | null = null;

	constructor(db: Sql) {
		this.#sql = db;
	}

	/** Who pinned the run with this key; null when nobody did. */
	get(key: string): Pin | null {
		return this.#all().get(key) ?? null;
	}

	get count(): number {
		return this.#all().size;
	}

	/** Pins a run, or unpins it with null. */
	set(key: string, pin: Pin | null): void {
		if (pin) {
			const { by, at } = pin;
			rows(
				this.#sql,
				sql`INSERT OR REPLACE INTO sb_pins (key, by, at) VALUES (${key}, ${by}, ${at})`
			);
		} else rows(this.#sql, sql`DELETE FROM sb_pins WHERE key = ${key}`);
		// A transaction that is rolled back must not leave a pin in memory.
		this.#known = null;
	}

	/** A run has another key: its pin goes with it. */
	move(from: string, to: string): void {
		const pin = this.get(from);
		if (!pin) return;
		this.set(from, null);
		this.set(to, pin);
	}

	#all(): Map<string, Pin> {
		this.#known ??= new Map(
			rows(this.#sql, sql`SELECT key, by, at FROM sb_pins`).map((row) => [
				String(row['key']),
				pinIn(row)
			])
		);
		return this.#known;
	}
}

function pinIn(row: SqlRow): Pin {
	return { by: String(row['by']), at: count(row, 'at') };
}
