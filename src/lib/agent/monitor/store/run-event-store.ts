import { z } from 'zod';
import { runEventSchema, type RunEvent, type RunRef } from '../../../protocol';
import { migrate } from '../../db/migrations';

/** SQLite's word for no limit. */
const NO_LIMIT = -1;
/** A batch ends before it is longer than this, characters of JSON; one event may be longer. */
const BATCH_CHARACTERS = 200_000;

const batchSchema = z.array(runEventSchema);

/**
 * The engine's events of each run, by generation. What is read together is stored as one row; before,
 * every event had a row of its own (`monitor_events`, created with the table of the runs).
 */
export class RunEventStore {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_event_batches', [
			`CREATE TABLE IF NOT EXISTS monitor_event_batches (
				workflow TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL,
				first_id INTEGER NOT NULL, last_id INTEGER NOT NULL, events TEXT NOT NULL,
				PRIMARY KEY (workflow, id, generation, first_id)
			) WITHOUT ROWID`
		]);
	}

	/** Appends events, oldest first. */
	addEvents({ workflow, id }: RunRef, generation: number, events: readonly RunEvent[]): void {
		for (const batch of batchesOf(events)) {
			this.#sql.exec(
				'INSERT OR REPLACE INTO monitor_event_batches VALUES (?, ?, ?, ?, ?, ?)',
				workflow,
				id,
				generation,
				batch.firstId,
				batch.lastId,
				`[${batch.texts.join(',')}]`
			);
		}
	}

	/** The events of one generation after the event `after`, oldest first. */
	eventsOf(ref: RunRef, generation: number, after = 0, limit: number = NO_LIMIT): RunEvent[] {
		const single = this.#singleEvents(ref, generation, after, limit);
		const most = limit === NO_LIMIT ? Infinity : limit;
		if (single.length >= most) return single;
		const batches = this.#sql.exec<{ events: string }>(
			`SELECT events FROM monitor_event_batches
			WHERE workflow = ? AND id = ? AND generation = ? AND last_id > ? ORDER BY first_id`,
			ref.workflow,
			ref.id,
			generation,
			after
		);
		const found = single;
		for (const { events } of batches) {
			const batch = batchSchema.parse(JSON.parse(events));
			found.push(...batch.filter(({ eventId }) => eventId > after));
			if (found.length >= most) break;
		}
		return found.length > most ? found.slice(0, most) : found;
	}

	deleteEvents({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_events WHERE workflow = ? AND id = ?', workflow, id);
		this.#sql.exec('DELETE FROM monitor_event_batches WHERE workflow = ? AND id = ?', workflow, id);
	}

	#singleEvents({ workflow, id }: RunRef, generation: number, after: number, limit: number) {
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
}

type Batch = { firstId: number; lastId: number; texts: string[]; length: number };

function batchesOf(events: readonly RunEvent[]): Batch[] {
	const batches: Batch[] = [];
	for (const event of events) {
		const text = JSON.stringify(event);
		const last = batches.at(-1);
		if (last && last.length + text.length <= BATCH_CHARACTERS) {
			last.texts.push(text);
			last.length += text.length;
			last.lastId = event.eventId;
		} else {
			const { eventId } = event;
			batches.push({ firstId: eventId, lastId: eventId, texts: [text], length: text.length });
		}
	}
	return batches;
}
