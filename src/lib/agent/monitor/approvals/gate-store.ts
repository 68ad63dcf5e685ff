import { gateSchema, type Gate, type GateOpening, type RunRef } from '../../../protocol';
import { migrate } from '../../db/migrations';

/** The requests that workflows opened with `requestApproval`, by the event type of each. */
export class GateStore {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_gates', [
			[
				`CREATE TABLE IF NOT EXISTS monitor_gates (
					event_type TEXT PRIMARY KEY, workflow TEXT NOT NULL, run_id TEXT NOT NULL,
					gate TEXT NOT NULL
				) WITHOUT ROWID`,
				'CREATE INDEX IF NOT EXISTS monitor_gates_run ON monitor_gates (workflow, run_id)'
			]
		]);
	}

	/** Safe to repeat: a retried step saves the same gate again. */
	saveGate({ ref, eventType, gate }: GateOpening): void {
		this.#sql.exec(
			'INSERT OR REPLACE INTO monitor_gates VALUES (?, ?, ?, ?)',
			eventType,
			ref.workflow,
			ref.id,
			JSON.stringify(gate)
		);
	}

	/** The gate of a wait with this event type; null for a plain `waitForApproval`. */
	findGate(eventType: string): Gate | null {
		const row = this.#sql
			.exec<{ gate: string }>('SELECT gate FROM monitor_gates WHERE event_type = ?', eventType)
			.toArray()[0];
		return row ? gateSchema.parse(JSON.parse(row.gate)) : null;
	}

	deleteGates({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_gates WHERE workflow = ? AND run_id = ?', workflow, id);
	}
}
