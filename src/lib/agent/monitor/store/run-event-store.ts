import { runEventSchema, type RunEvent, type RunRef } from '../../../protocol';

/** SQLite's word for no limit. */
const NO_LIMIT = -1;

/** The engine's events of each run, by generation. Its table is created with that of the runs. */
export class RunEventStore {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	addEvents({ workflow, id }: RunRef, generation: number, events: readonly RunEvent[]): void {
		for (const event of events) {
			this.#sql.exec(
				'INSERT OR REPLACE INTO monitor_events VALUES (?, ?, ?, ?, ?)',
				workflow,
				id,
				generation,
				event.eventId,
				JSON.stringify(event)
			);
		}
	}

	/** The events of one generation after the event `after`, oldest first. */
	eventsOf(
		{ workflow, id }: RunRef,
		generation: number,
		after = 0,
		limit: number = NO_LIMIT
	): RunEvent[] {
		return this.#sql
			.exec<{ event: string }>(
				`SELECT event FROM monitor_events
				WHERE workflow = ? AND id = ? AND generation = ? AND event_id > ?
				ORDER BY event_id LIMIT ?`,
				workflow,
				id,
				generation,
				after,
				limit
			)
			.toArray()
			.map(({ event }) => runEventSchema.parse(JSON.parse(event)));
	}

	deleteEvents({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_events WHERE workflow = ? AND id = ?', workflow, id);
	}
}
