/** What a store was reminded of. Owns the table `follow_ups`. */
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

	/** Writes a message down once; gives the time it was written first. */
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
