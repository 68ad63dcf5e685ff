/** The reminders of a store. Owns the table `follow_ups`. */
export class FollowUps {
	#sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		sql.exec(`
			CREATE TABLE IF NOT EXISTS follow_ups (
				id TEXT PRIMARY KEY,
				message TEXT NOT NULL,
				at INTEGER NOT NULL
			)
		`);
	}

	/** Records a message once. Returns the time of the first record, Ms. */
	record(id: string, message: string): number {
		this.#sql.exec(
			'INSERT OR IGNORE INTO follow_ups (id, message, at) VALUES (?, ?, ?)',
			id,
			message,
			Date.now()
		);
		return this.#sql.exec<{ at: number }>('SELECT at FROM follow_ups WHERE id = ?', id).one().at;
	}
}
