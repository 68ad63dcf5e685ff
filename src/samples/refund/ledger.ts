import type { RefundParams } from './refund-params';

/** A refund that was booked; its id is that of the run that booked it. */
export type LedgerEntry = { id: string; at: number };

/** The refunds of one store. Owns the table `ledger`. */
export class Ledger {
	#sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		sql.exec(`
			CREATE TABLE IF NOT EXISTS ledger (
				id TEXT PRIMARY KEY,
				order_number TEXT NOT NULL,
				amount REAL NOT NULL,
				currency TEXT NOT NULL,
				reason TEXT NOT NULL,
				requested_by TEXT NOT NULL,
				at INTEGER NOT NULL
			)
		`);
	}

	/** How often an order was refunded so far. */
	count(order: string): number {
		return this.#sql
			.exec<{ n: number }>('SELECT COUNT(*) AS n FROM ledger WHERE order_number = ?', order)
			.one().n;
	}

	/** Books a refund once: a repeated id returns the first entry. */
	book(id: string, refund: RefundParams): LedgerEntry {
		this.#sql.exec(
			`INSERT OR IGNORE INTO ledger (id, order_number, amount, currency, reason, requested_by, at)
			VALUES (?, ?, ?, ?, ?, ?, ?)`,
			id,
			refund.order,
			refund.amount,
			refund.currency,
			refund.reason,
			refund.requestedBy,
			Date.now()
		);
		return this.#sql.exec<LedgerEntry>('SELECT id, at FROM ledger WHERE id = ?', id).one();
	}
}
