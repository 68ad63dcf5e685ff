import {
	progressNumbers,
	progressPointSchema,
	type Json,
	type ProgressPoint,
	type RunRef
} from '../../../protocol';
import { migrate } from '../../db/migrations';

/** Points kept of one generation. Beyond it every second one is deleted, so the whole course stays. */
const MOST_POINTS = 500;

/** The numbers of the progress reports of each run, with their times. */
export class ProgressHistory {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_progress', [
			`CREATE TABLE IF NOT EXISTS monitor_progress (
				workflow TEXT NOT NULL, id TEXT NOT NULL, generation INTEGER NOT NULL,
				at INTEGER NOT NULL, numbers TEXT NOT NULL,
				PRIMARY KEY (workflow, id, generation, at)
			) WITHOUT ROWID`
		]);
	}

	/** Stores the numbers of a report, if it has any. */
	addReport({ workflow, id }: RunRef, generation: number, at: number, progress: Json): void {
		const numbers = progressNumbers(progress);
		if (Object.keys(numbers).length === 0) return;
		this.#sql.exec(
			'INSERT OR REPLACE INTO monitor_progress VALUES (?, ?, ?, ?, ?)',
			workflow,
			id,
			generation,
			at,
			JSON.stringify(numbers)
		);
		const { n } = this.#sql
			.exec<{ n: number }>(
				'SELECT count(*) AS n FROM monitor_progress WHERE workflow = ? AND id = ? AND generation = ?',
				workflow,
				id,
				generation
			)
			.one();
		if (n <= MOST_POINTS) return;
		this.#sql.exec(
			`DELETE FROM monitor_progress WHERE workflow = ?1 AND id = ?2 AND generation = ?3 AND at IN (
				SELECT at FROM (
					SELECT at, row_number() OVER (ORDER BY at) AS place FROM monitor_progress
					WHERE workflow = ?1 AND id = ?2 AND generation = ?3
				) WHERE place % 2 = 0 AND at < ?4
			)`,
			workflow,
			id,
			generation,
			at
		);
	}

	/** The points of a generation after a time, oldest first. */
	pointsOf({ workflow, id }: RunRef, generation: number, after: number): ProgressPoint[] {
		return this.#sql
			.exec<{ at: number; numbers: string }>(
				`SELECT at, numbers FROM monitor_progress
				WHERE workflow = ? AND id = ? AND generation = ? AND at > ? ORDER BY at`,
				workflow,
				id,
				generation,
				after
			)
			.toArray()
			.map(({ at, numbers }) => progressPointSchema.parse({ at, values: JSON.parse(numbers) }));
	}

	deletePoints({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_progress WHERE workflow = ? AND id = ?', workflow, id);
	}
}
