import {
	undoableCommandSchema,
	runKey,
	type RunRef,
	type UndoableCommand
} from '../../../protocol';
import { migrate } from '../../db/migrations';

/** An undoable command as it is stored. */
export type StoredCommand = UndoableCommand & {
	ref: RunRef;
	/** The generation that it was requested for. */
	generation: number;
	/** It is being carried out, or was when the Agent was evicted, so it cannot be undone any more. */
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

/** Commands that can still be undone, one for each run at most, in the table `monitor_held`. */
export class UndoableCommandStore {
	readonly #sql: SqlStorage;
	/** Commands that this process is carrying out: they need no alarm. */
	readonly #executing = new Set<string>();

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

	findCommand({ workflow, id }: RunRef): StoredCommand | null {
		const [row] = this.#sql
			.exec<Row>('SELECT * FROM monitor_held WHERE workflow = ? AND id = ?', workflow, id)
			.toArray();
		return row ? readRow(row) : null;
	}

	/** Stores a command for a run that has none. */
	addCommand(command: Omit<StoredCommand, 'begun'>): void {
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

	/** From now on the command cannot be undone. */
	beginExecution(ref: RunRef): void {
		this.#executing.add(runKey(ref));
		this.#sql.exec(
			'UPDATE monitor_held SET begun = 1 WHERE workflow = ? AND id = ?',
			ref.workflow,
			ref.id
		);
	}

	/** The attempt is over, whatever became of it. */
	endExecution(ref: RunRef): void {
		this.#executing.delete(runKey(ref));
	}

	postponeCommand({ workflow, id }: RunRef, dueAt: number): void {
		this.#sql.exec(
			'UPDATE monitor_held SET due_at = ? WHERE workflow = ? AND id = ?',
			dueAt,
			workflow,
			id
		);
	}

	removeCommand({ workflow, id }: RunRef): void {
		this.#sql.exec('DELETE FROM monitor_held WHERE workflow = ? AND id = ?', workflow, id);
	}

	/** The commands that are due at `now` and not being carried out, in order. */
	dueCommands(now: number): StoredCommand[] {
		return this.#pendingCommands().filter(({ dueAt }) => dueAt <= now);
	}

	/** When the next command is due, Ms; null for none. */
	nextCommandAt(): number | null {
		return this.#pendingCommands()[0]?.dueAt ?? null;
	}

	#pendingCommands(): StoredCommand[] {
		return this.#sql
			.exec<Row>('SELECT * FROM monitor_held ORDER BY due_at')
			.toArray()
			.map(readRow)
			.filter(({ ref }) => !this.#executing.has(runKey(ref)));
	}
}

function readRow({ workflow, id, options, due_at, generation, begun, ...row }: Row): StoredCommand {
	const command = undoableCommandSchema.parse({ ...row, ...JSON.parse(options), dueAt: due_at });
	return { ...command, ref: { workflow, id }, generation, begun: begun === 1 };
}
