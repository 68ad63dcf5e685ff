import { runKey, type RunRef } from '../../../protocol';
import type { OpenTails } from '../history/open-tails';
import type { Outbox } from './outbox';

/** When to read each run's history next without a callback: columns of the table of the runs. */
export class ReadPlan {
	readonly #sql: SqlStorage;
	readonly #outbox: Pick<Outbox, 'settleRun'>;

	constructor(sql: SqlStorage, outbox: Pick<Outbox, 'settleRun'>) {
		this.#sql = sql;
		this.#outbox = outbox;
	}

	/**
	 * Records that a tail is open: if the Agent is evicted meanwhile, the run is read again. A read that
	 * is due until `soon` says so already.
	 */
	markTailOpen({ workflow, id }: RunRef, soon: number): void {
		this.#sql.exec(
			`UPDATE monitor_runs SET attached = 1
			WHERE workflow = ? AND id = ? AND attached = 0 AND (wake_at IS NULL OR wake_at > ?)`,
			workflow,
			id,
			soon
		);
	}

	/** Makes every run due whose tail was open when the Agent was evicted. */
	recoverOpenTails(now: number): void {
		this.#sql.exec('UPDATE monitor_runs SET wake_at = ?, attached = 0 WHERE attached = 1', now);
	}

	/** Plans the next read. This does not change the run, so nothing is reported. */
	planNextRead({ workflow, id }: RunRef, nextReadAt: number | null, idleReads: number): void {
		this.#sql.exec(
			`UPDATE monitor_runs SET wake_at = ?3, idle_looks = ?4, attached = 0
			WHERE workflow = ?1 AND id = ?2
				AND (wake_at IS NOT ?3 OR idle_looks <> ?4 OR attached <> 0)`,
			workflow,
			id,
			nextReadAt,
			idleReads
		);
		this.#outbox.settleRun(runKey({ workflow, id }));
	}

	/** Runs whose next read is due at `now`, the longest overdue first. */
	runsDueForRead(now: number): RunRef[] {
		return this.#sql
			.exec<RunRef>(
				'SELECT workflow, id FROM monitor_runs WHERE wake_at <= ? ORDER BY wake_at LIMIT 1000',
				now
			)
			.toArray();
	}

	/** When the next read of any run is due that is not being read, Ms; null for none. */
	nextReadAt(beingRead: Pick<OpenTails, 'size' | 'has'>): number | null {
		const planned = this.#sql
			.exec<RunRef & { at: number }>(
				`SELECT workflow, id, wake_at AS at FROM monitor_runs WHERE wake_at IS NOT NULL
				ORDER BY wake_at LIMIT ?`,
				beingRead.size + 1
			)
			.toArray();
		return planned.find(({ workflow, id }) => !beingRead.has({ workflow, id }))?.at ?? null;
	}
}
