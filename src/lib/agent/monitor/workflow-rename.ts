import { runKey, type RunRef } from '../../protocol';
import type { Tails } from './history/tails';
import type { Reporter } from './reporter';
import type { AuditNotes } from './store/audit-notes';
import type { Outbox } from './store/outbox';
import type { RenameStore } from './store/rename-store';
import type { AgentRunStore } from './store/run-store';

export type WorkflowRenameParts = {
	storage: DurableObjectStorage;
	renames: RenameStore;
	outbox: Pick<Outbox, 'markChanged' | 'removeEntry'>;
	notes: Pick<AuditNotes, 'addNote'>;
	runs: Pick<AgentRunStore, 'hasRun' | 'findRun'>;
	tails: Pick<Tails, 'attachRun'>;
	reporter: Pick<Reporter, 'reportChanges'>;
};

/** The tables whose rows belong to one run, and the column with its id. */
const TABLES = [
	['monitor_events', 'id'],
	['monitor_event_batches', 'id'],
	['monitor_progress', 'id'],
	['monitor_held', 'id'],
	['monitor_mends', 'id'],
	['monitor_gates', 'run_id'],
	['monitor_agent_decisions', 'run_id']
] as const;

/**
 * Moves everything that an Agent keeps of its runs to the new name of their workflow binding, which
 * the SDK's `migrateWorkflowBinding` does for its own tracking rows only.
 */
export class WorkflowRename {
	readonly #parts: WorkflowRenameParts;

	constructor(parts: WorkflowRenameParts) {
		this.#parts = parts;
	}

	/** The run that a workflow means which still calls itself by a former name of its binding. */
	presentRef(ref: RunRef): RunRef {
		if (this.#parts.runs.hasRun(ref)) return ref;
		const to = this.#parts.renames.presentName(ref.workflow);
		const moved = to === null ? null : { workflow: to, id: ref.id };
		return moved && this.#parts.runs.hasRun(moved) ? moved : ref;
	}

	/** Safe to repeat. A run that exists under both names stays as it is. Returns how many moved. */
	renameWorkflow(from: string, to: string): number {
		if (from === to) return 0;
		const { storage, renames, notes, runs, tails, reporter } = this.#parts;
		const moved = storage.transactionSync(() => {
			const ids = storage.sql
				.exec<{ id: string }>(
					`SELECT id FROM monitor_runs WHERE workflow = ?1 AND id NOT IN
						(SELECT id FROM monitor_runs WHERE workflow = ?2)`,
					from,
					to
				)
				.toArray()
				.map(({ id }) => id);
			for (const id of ids) {
				runs.findRun({ workflow: from, id }); // stores what was read of it
				this.#moveRun({ workflow: from, id }, to);
			}
			renames.addRename(from, to);
			if (ids.length > 0) notes.addNote('binding.migrate', to, { from, to, runs: ids.length });
			return ids;
		});
		for (const id of moved) tails.attachRun({ workflow: to, id });
		if (moved.length > 0) reporter.reportChanges();
		return moved.length;
	}

	#moveRun(ref: RunRef, to: string): void {
		const { storage, outbox, renames } = this.#parts;
		const { sql } = storage;
		const { workflow: from, id } = ref;
		const now = Date.now();
		sql.exec(
			`UPDATE monitor_runs SET workflow = ?3, version = max(version + 1, ?4), wake_at = ?4,
				facts = json_remove(json_set(facts, '$.ref.workflow', ?3), '$.missingBinding')
			WHERE workflow = ?1 AND id = ?2`,
			...[from, id, to, now]
		);
		for (const [table, column] of TABLES) {
			sql.exec(
				`UPDATE ${table} SET workflow = ?3 WHERE workflow = ?1 AND ${column} = ?2`,
				...[from, id, to]
			);
		}
		const approvals = sql.exec<{ id: string; version: number }>(
			`UPDATE monitor_approvals SET workflow = ?3, version = max(version + 1, ?4),
				approval = json_set(approval, '$.workflow', ?3)
			WHERE workflow = ?1 AND run_id = ?2 RETURNING id, version`,
			...[from, id, to, now]
		);
		for (const approval of approvals.toArray()) {
			outbox.markChanged('approval', approval.id, approval.version);
		}
		outbox.removeEntry('run', runKey(ref));
		renames.markMove(from, id, to);
		this.#markRun({ workflow: to, id });
		this.#moveChildren(ref, to, now);
	}

	/** Runs of this Agent that the moved one started name it as their parent. */
	#moveChildren({ workflow, id }: RunRef, to: string, now: number): void {
		const children = this.#parts.storage.sql.exec<RunRef>(
			`UPDATE monitor_runs SET facts = json_set(facts, '$.parent.workflow', ?3),
				version = max(version + 1, ?4)
			WHERE json_extract(facts, '$.parent.workflow') = ?1
				AND json_extract(facts, '$.parent.id') = ?2
			RETURNING workflow, id`,
			...[workflow, id, to, now]
		);
		for (const child of children.toArray()) this.#markRun(child);
	}

	#markRun({ workflow, id }: RunRef): void {
		const { storage, outbox } = this.#parts;
		const [row] = storage.sql
			.exec<{ version: number }>(
				'SELECT version FROM monitor_runs WHERE workflow = ? AND id = ?',
				workflow,
				id
			)
			.toArray();
		if (row) outbox.markChanged('run', runKey({ workflow, id }), row.version);
	}
}
