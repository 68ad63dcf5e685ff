import { runKey } from '../../../protocol';
import { migrate } from '../../db/migrations';
import type { Outbox } from './outbox';

type Row = { from_name: string; to_name: string };

/** The former names of workflow bindings, and what each is called now. */
export class RenameStore {
	readonly #sql: SqlStorage;
	readonly #outbox: Pick<Outbox, 'markChanged'>;

	constructor(sql: SqlStorage, outbox: Pick<Outbox, 'markChanged'>) {
		this.#sql = sql;
		this.#outbox = outbox;
	}

	migrate(): void {
		migrate(this.#sql, 'monitor_renames', [
			`CREATE TABLE IF NOT EXISTS monitor_renames (
				from_name TEXT PRIMARY KEY, to_name TEXT NOT NULL
			) WITHOUT ROWID`
		]);
	}

	addRename(from: string, to: string): void {
		this.#sql.exec('DELETE FROM monitor_renames WHERE from_name = ?', to);
		this.#sql.exec('UPDATE monitor_renames SET to_name = ? WHERE to_name = ?', to, from);
		this.#sql.exec('INSERT OR REPLACE INTO monitor_renames VALUES (?, ?)', from, to);
	}

	/** What the workflow with this former name is called now; null when it was not renamed. */
	presentName(workflow: string): string | null {
		return this.#renames().find(({ from_name: from }) => from === workflow)?.to_name ?? null;
	}

	/** Marks every move as unsent: the index may be one of before it. */
	markEveryMove(): void {
		for (const { from_name: from, to_name: to } of this.#renames()) {
			const runs = this.#sql
				.exec<{ id: string }>('SELECT id FROM monitor_runs WHERE workflow = ?', to)
				.toArray();
			for (const { id } of runs) this.markMove(from, id, to);
		}
	}

	/** Marks the move of one run as unsent. */
	markMove(from: string, id: string, to: string): void {
		const key = `${runKey({ workflow: from, id })} ${to}`;
		this.#outbox.markChanged('moved-run', key, Date.now());
	}

	#renames(): Row[] {
		return this.#sql.exec<Row>('SELECT * FROM monitor_renames').toArray();
	}
}
