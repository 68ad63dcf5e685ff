import { migrate } from '../../db/migrations';
import { heldSchema, type Held, type RunRef } from '../../../protocol';

/** A held command as it is written down. */
export type HeldCommand = Held & {
	ref: RunRef;
	/** The generation it was asked for. */
	generation: number;
	/** It is being carried out, or was when the Agent was evicted: it cannot be undone any more. */
	begun: boolean;
};

type Row = {
	workflow: string;
	id: string;
	action: string;
	options: string;
	by: string;
	at: number;
	due_at: number;
	generation: number;
	begun: number;
};

/** Commands that wait for their time, one a run at most, so that they outlive an eviction. */
export class HeldCommands {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_held', [
			`CREATE TABLE IF NOT EXISTS monitor_held (
				workflow TEXT NOT NULL, id TEXT NOT NULL, action TEXT NOT NULL, options TEXT NOT NULL,
				by TEXT NOT NULL, at INTEGER NOT NULL, due_at INTEGER NOT NULL,
				generation INTEGER NOT NULL, begun INTEGER NOT NULL DEFAULT 0,
				PRIMARY KEY (workflow, id)
			) WITHOUT ROWID`
		]);
	}

	get({ workflow, id }: RunRef): HeldCommand | null {
		const [row] = this.#sql
			.exec<Row>('SELECT * FROM monitor_held WHERE workflow = ? AND id = ?', workflow, id)
			.toArray();
		return row ? readRow(row) : null;
	}

	/** Writes a command down; the run has none. */
	add(command: Omit<HeldCommand, 'begun'>): void {
		const { ref, action, from, rollback, by, at, dueAt, generation } = command;
		this.#sql.exec(
			'INSERT INTO monitor_held VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)',
			ref.workflow,
			ref.id,
			action,
			JSON.stringify({ from, rollback }),
			by,
			at,
			dueAt,
			generation
		);
	}

	/** From now on it is not to be undone. */
	begin({ workflow, id }: RunRef): void {
		this.#sql.exec('UPDATE monitor_held SET begun = 1 WHERE workflow = ? AND id = ?', workflow, id);
	}

	/** Puts it off to another time, Ms. */
	putOff({ workflow, id }: RunRef, dueAt: number): void {
		this.#sql.exec(
			'UPDATE monitor_held SET due_at = ? WHERE workflow = ? AND id = ?',
			dueAt,
			workflow,
			id
		);
	}

	remove({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_held WHERE workflow = ? AND id = ?', workflow, id);
	}

	/** All of them, the next one first. */
	all(): HeldCommand[] {
		return this.#sql.exec<Row>('SELECT * FROM monitor_held ORDER BY due_at').toArray().map(readRow);
	}
}

function readRow({ workflow, id, options, due_at, generation, begun, ...row }: Row): HeldCommand {
	const held = heldSchema.parse({ ...row, ...JSON.parse(options), dueAt: due_at });
	return { ...held, ref: { workflow, id }, generation, begun: begun === 1 };
}
