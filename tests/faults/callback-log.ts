import { toJson, type Json, type RunRef } from '../../src/lib/protocol';

/** A workflow's callback as the SDK hands it to `onWorkflowCallback`. */
type Callback = { workflowName: string; workflowId: string; type: string; timestamp: number };

/** What a run said of its progress, and when it said so (Ms). */
export type SaidProgress = { at: number; progress: Json };

/** Every callback that an Agent got, kept so that it can get it again. */
export class CallbackLog<T extends Callback> {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		sql.exec(`CREATE TABLE IF NOT EXISTS fault_callbacks (
			seq INTEGER PRIMARY KEY, workflow TEXT NOT NULL, run TEXT NOT NULL, callback TEXT NOT NULL
		)`);
	}

	record(callback: T): void {
		this.#sql.exec(
			'INSERT INTO fault_callbacks (workflow, run, callback) VALUES (?, ?, ?)',
			callback.workflowName,
			callback.workflowId,
			JSON.stringify(callback)
		);
	}

	/** The callbacks of a run, in the order they came. */
	of({ workflow, id }: RunRef): T[] {
		return this.#sql
			.exec<{ callback: string }>(
				'SELECT callback FROM fault_callbacks WHERE workflow = ? AND run = ? ORDER BY seq',
				workflow,
				id
			)
			.toArray()
			.map(({ callback }) => JSON.parse(callback) as T); // our own writing
	}

	progressOf(ref: RunRef): SaidProgress[] {
		return this.of(ref).flatMap((callback) =>
			callback.type === 'progress' && 'progress' in callback
				? [{ at: callback.timestamp, progress: toJson(callback.progress) }]
				: []
		);
	}
}
