// The numbers of reports, by which the Operations agent notices that its database was restored from
// an older state. A new number costs a row on both sides, so only reports that say something lasting
// get one, and at least one a minute.

type Row = { sequence: number; acknowledged: number };

/** A number lasts this long, Ms. */
const NUMBER_MS = 60_000;

/** The table is created with that of the audit notes. */
export class ReportNumbers {
	readonly #sql: SqlStorage;
	#known: Row | null = null;
	#numberedAt = 0;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	/** The number of the last acknowledged report; 0 for none. */
	get acknowledged(): number {
		return this.#read().acknowledged;
	}

	/** The number of the next report, and that of the last acknowledged one. */
	next(isLasting: boolean, now: number): { sequence: number; previous: number } {
		const { sequence, acknowledged } = this.#read();
		const isNew = isLasting || sequence === 0 || now - this.#numberedAt > NUMBER_MS;
		if (isNew) this.#numberedAt = now;
		return { sequence: isNew ? sequence + 1 : sequence, previous: acknowledged };
	}

	/** A report was stored. @param acknowledged its number, or 0 when all is to be sent again */
	acknowledge(acknowledged: number, sequence: number): void {
		const known = this.#read();
		if (known.sequence === sequence && known.acknowledged === acknowledged) return;
		this.#known = { sequence, acknowledged };
		this.#sql.exec(
			'UPDATE monitor_reports SET sequence = ?, acknowledged = ?',
			sequence,
			acknowledged
		);
	}

	#read(): Row {
		this.#known ??= this.#sql.exec<Row>('SELECT sequence, acknowledged FROM monitor_reports').one();
		return this.#known;
	}
}
