import type { CountRequest, AisleReport } from './count-request';

/** The report of a count that failed. */
export function uncounted(aisle: string, run: string, error: string): AisleReport {
	return { aisle, run, bays: 0, units: 0, error };
}

type Row = {
	parent_workflow: string;
	parent_id: string;
	event_type: string;
	round: string;
	started: number;
	report: string | null;
};

/** An request as it stands: begun or not, with a report or without. */
export type AisleCount = { request: CountRequest; started: boolean; report: AisleReport | null };

/** The requested counts of one aisle. Owns the table `aisle_counts`. */
export class AisleCounts {
	#sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		sql.exec(`
			CREATE TABLE IF NOT EXISTS aisle_counts (
				run TEXT PRIMARY KEY,
				parent_workflow TEXT NOT NULL,
				parent_id TEXT NOT NULL,
				event_type TEXT NOT NULL,
				round TEXT NOT NULL,
				started INTEGER NOT NULL DEFAULT 0,
				report TEXT
			)
		`);
	}

	get(run: string): AisleCount | null {
		const [row] = this.#sql.exec<Row>('SELECT * FROM aisle_counts WHERE run = ?', run).toArray();
		if (!row) return null;
		return {
			request: {
				run,
				parent: { workflow: row.parent_workflow, id: row.parent_id },
				eventType: row.event_type,
				round: row.round
			},
			started: row.started === 1,
			// Written by `report` below.
			report: row.report === null ? null : (JSON.parse(row.report) as AisleReport)
		};
	}

	/** Stores a request before its run starts. A new round deletes the previous report. */
	begin({ run, parent, eventType, round }: CountRequest): void {
		this.#sql.exec(
			`INSERT OR REPLACE INTO aisle_counts (run, parent_workflow, parent_id, event_type, round)
			VALUES (?, ?, ?, ?, ?)`,
			run,
			parent.workflow,
			parent.id,
			eventType,
			round
		);
	}

	started(run: string): void {
		this.#sql.exec('UPDATE aisle_counts SET started = 1 WHERE run = ?', run);
	}

	report(report: AisleReport): void {
		this.#sql.exec(
			'UPDATE aisle_counts SET report = ? WHERE run = ?',
			JSON.stringify(report),
			report.run
		);
	}
}
