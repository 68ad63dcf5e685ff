import {
	approvalSchema,
	ProblemError,
	runKey,
	type Approval,
	type ApprovalQuery,
	type ApprovalRecord,
	type RunRef
} from '../../protocol';
import { migrate } from '../migrations';
import { decodeCursor, encodeCursor } from './cursor';
import type { Sql, SqlBinding } from './sql';

/** The fleet's approvals, found by status; the oldest first, since it has waited longest. */
export class ApprovalIndex {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_approvals', [
			`
			CREATE TABLE IF NOT EXISTS sb_approvals (
				id TEXT PRIMARY KEY, status TEXT NOT NULL, workflow TEXT NOT NULL, run TEXT NOT NULL,
				requested_at INTEGER NOT NULL, version INTEGER NOT NULL, approval TEXT NOT NULL
			);
			CREATE INDEX IF NOT EXISTS sb_approvals_status ON sb_approvals (status, requested_at, id);
			CREATE INDEX IF NOT EXISTS sb_approvals_time ON sb_approvals (requested_at, id);
			CREATE INDEX IF NOT EXISTS sb_approvals_run ON sb_approvals (run);
		`
		]);
	}

	/** Stores a newer version; an older or repeated one changes nothing. */
	upsert({ approval, version }: ApprovalRecord): 'stored' | 'stale' {
		const { rowsWritten } = this.#sql.exec(
			`INSERT INTO sb_approvals VALUES (?, ?, ?, ?, ?, ?, ?)
			ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version,
				approval = excluded.approval WHERE excluded.version > version`,
			approval.id,
			approval.status,
			approval.workflow,
			runKey({ workflow: approval.workflow, id: approval.runId }),
			approval.requestedAt,
			version,
			JSON.stringify(approval)
		);
		return rowsWritten > 0 ? 'stored' : 'stale';
	}

	get(id: string): Approval | null {
		return this.#read('WHERE id = ?', id)[0] ?? null;
	}

	/** The approvals of one run, oldest first. */
	of(ref: RunRef): Approval[] {
		return this.#read('WHERE run = ? ORDER BY requested_at, id', runKey(ref));
	}

	/** A page: what waits, oldest first; what was decided, newest first. */
	page({ status, workflow, limit, cursor }: ApprovalQuery): {
		approvals: Approval[];
		total: number;
		nextCursor: string | null;
	} {
		const oldestFirst = status === 'pending';
		const where: string[] = [];
		const bindings: SqlBinding[] = [];
		for (const [column, value] of Object.entries({ status, workflow })) {
			if (value === undefined) continue;
			where.push(`${column} = ?`);
			bindings.push(value);
		}
		const [count] = this.#sql
			.exec(`SELECT count(*) AS n FROM sb_approvals ${clause(where)}`, ...bindings)
			.toArray();
		if (cursor !== undefined) {
			const [at, id] = readCursor(cursor);
			where.push(`(requested_at, id) ${oldestFirst ? '>' : '<'} (?, ?)`);
			bindings.push(at, id);
		}
		const direction = oldestFirst ? 'ASC' : 'DESC';
		const found = this.#read(
			`${clause(where)} ORDER BY requested_at ${direction}, id ${direction} LIMIT ?`,
			...bindings,
			limit + 1
		);
		const approvals = found.slice(0, limit);
		const last = approvals.at(-1);
		const more = found.length > limit && last;
		return {
			approvals,
			total: Number(count?.['n'] ?? 0),
			nextCursor: more ? encodeCursor([last.requestedAt, last.id]) : null
		};
	}

	/** How many wait for a decision. */
	pending(): number {
		const [row] = this.#sql
			.exec(`SELECT count(*) AS n FROM sb_approvals WHERE status = 'pending'`)
			.toArray();
		return Number(row?.['n'] ?? 0);
	}

	/** Removes the approvals of a run; what was decided stays in the audit. */
	removeOf(ref: RunRef): void {
		this.#sql.exec('DELETE FROM sb_approvals WHERE run = ?', runKey(ref));
	}

	#read(rest: string, ...bindings: SqlBinding[]): Approval[] {
		return this.#sql
			.exec(`SELECT approval FROM sb_approvals ${rest}`, ...bindings)
			.toArray()
			.map((row) => approvalSchema.parse(JSON.parse(String(row['approval']))));
	}
}

function clause(where: string[]): string {
	return where.length > 0 ? `WHERE ${where.join(' AND ')}` : '';
}

function readCursor(cursor: string): [number, string] {
	const [at, id] = decodeCursor(cursor);
	if (typeof at === 'number' && typeof id === 'string') return [at, id];
	throw new ProblemError('invalid-input', 'cursor: is not one that this list handed out');
}
