/** Lost stock as it is booked. */
export type WriteOff = {
	product: string;
	units: number;
	value: number;
	account: string;
	note: string | null;
};

/** The write-offs of one store. Owns the table `write_offs`. */
export class WriteOffs {
	#sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		sql.exec('CREATE TABLE IF NOT EXISTS write_offs (run TEXT PRIMARY KEY, entry TEXT NOT NULL)');
	}

	/** Books a loss, once for each run, and gives back what was booked the first time. */
	book(run: string, entry: WriteOff): WriteOff {
		this.#sql.exec('INSERT OR IGNORE INTO write_offs VALUES (?, ?)', run, JSON.stringify(entry));
		const { entry: booked } = this.#sql
			.exec<{ entry: string }>('SELECT entry FROM write_offs WHERE run = ?', run)
			.one();
		return JSON.parse(booked) as WriteOff; // our own writing
	}
}
