import { fieldErrorsText } from '../../../messages/server/field-errors';
import {
	approvalSchema,
	approverKey,
	ProblemError,
	requesterKeys,
	runKey,
	standingDecisions,
	subjectOfClaim,
	subjectOfDecision,
	type Approval,
	type ApprovalOrder,
	type ApprovalPage,
	type ApprovalQuery,
	type ApprovalRecord,
	type Person,
	type Reach,
	type RunRef
} from '../../../protocol';
import { migrate } from '../../db/migrations';
import { conditionsOf, ORDERS, orderOf, pastCursor } from './approval-query-sql';
import { decodeCursor, encodeCursor } from '../run-index/query/cursor';
import { approvalWithin } from '../run-index/query/reach-sql';
import { count, join, rows, sql, type Fragment, type Sql, type SqlBinding } from '../../db/sql';

/** What became of a record: the approval that was known before, where it is newer. */
export type Upserted = { stored: boolean; before: Approval | null };

/**
 * The fleet's approvals. `sb_approvals` has each whole, `sb_inbox` what lists are found and sorted
 * by: people as the keys that the protocol compares.
 */
export class ApprovalIndex {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
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
		`,
			[
				`CREATE TABLE IF NOT EXISTS sb_inbox (
					id TEXT PRIMARY KEY, status TEXT NOT NULL, workflow TEXT NOT NULL, run TEXT NOT NULL,
					step TEXT NOT NULL, severity TEXT NOT NULL, requested_at INTEGER NOT NULL,
					expires_at INTEGER, decided_at INTEGER, claimed_by TEXT, requested_by TEXT,
					allow_requester INTEGER NOT NULL, by_deadline INTEGER NOT NULL,
					approvers TEXT NOT NULL, deciders TEXT NOT NULL, text TEXT NOT NULL
				) WITHOUT ROWID`,
				`CREATE INDEX IF NOT EXISTS sb_inbox_deadline ON sb_inbox
					(status, coalesce(expires_at, 9007199254740991), requested_at, id)`,
				'CREATE INDEX IF NOT EXISTS sb_inbox_time ON sb_inbox (requested_at, id)',
				'CREATE INDEX IF NOT EXISTS sb_inbox_decided ON sb_inbox (decided_at, id)',
				'CREATE INDEX IF NOT EXISTS sb_inbox_step ON sb_inbox (workflow, step, decided_at)',
				'CREATE INDEX IF NOT EXISTS sb_inbox_run ON sb_inbox (run)'
			],
			// People were kept by their names; each row is written once more, by their subjects.
			'DELETE FROM sb_inbox'
		]);
		// Approvals that have no row in the inbox yet.
		for (const approval of this.#read(sql`WHERE id NOT IN (SELECT id FROM sb_inbox)`)) {
			this.#file(approval);
		}
	}

	/** Stores a newer version; an older or repeated one changes nothing. */
	upsert({ approval, version }: ApprovalRecord): Upserted {
		const [known] = this.#sql
			.exec('SELECT version, approval FROM sb_approvals WHERE id = ?', approval.id)
			.toArray();
		if (known && Number(known['version']) >= version) return { stored: false, before: null };
		this.#sql.exec(
			'INSERT OR REPLACE INTO sb_approvals VALUES (?, ?, ?, ?, ?, ?, ?)',
			approval.id,
			approval.status,
			approval.workflow,
			runOf(approval),
			approval.requestedAt,
			version,
			JSON.stringify(approval)
		);
		this.#file(approval);
		return { stored: true, before: known ? parsed(known['approval']) : null };
	}

	/** Stores every approval as `change` answers with it. */
	rewrite(change: (approval: Approval) => Approval): void {
		for (const approval of this.#read(sql``)) {
			const text = JSON.stringify(change(approval));
			if (text === JSON.stringify(approval)) continue;
			this.#sql.exec('UPDATE sb_approvals SET approval = ? WHERE id = ?', text, approval.id);
			this.#file(parsed(text));
		}
	}

	get(id: string): Approval | null {
		return this.#read(sql`WHERE id = ${id}`)[0] ?? null;
	}

	/** The version of an approval that is stored; 0 for none. */
	versionOf(id: string): number {
		const [row] = this.#sql.exec('SELECT version FROM sb_approvals WHERE id = ?', id).toArray();
		return Number(row?.['version'] ?? 0);
	}

	/** The approvals of one run, oldest first. */
	of(ref: RunRef): Approval[] {
		return this.#read(sql`WHERE run = ${runKey(ref)} ORDER BY requested_at, id`);
	}

	/**
	 * A page, as `by` sees it.
	 * @param words What the query's words ask for, of a row of `sb_inbox`.
	 * @throws ProblemError `invalid-input` for a cursor of another list
	 */
	page(query: ApprovalQuery, by: Person, words: readonly Fragment[]): ApprovalPage {
		const order = orderOf(query);
		const conditions = [...conditionsOf(query, by), ...words];
		const where = (fragments: Fragment[]) => join(fragments, ' AND ', sql`1`);
		const matching = where(conditions);
		const [total] = rows(this.#sql, sql`SELECT count(*) AS n FROM sb_inbox WHERE ${matching}`);
		const shown =
			query.cursor === undefined
				? matching
				: where([...conditions, pastCursor(order, readCursor(query.cursor, order))]);
		const { by: sortedBy, columns } = ORDERS[order];
		const found = rows(
			this.#sql,
			sql`SELECT approval, ${columns} FROM sb_inbox JOIN sb_approvals USING (id)
				WHERE ${shown} ORDER BY ${sortedBy} LIMIT ${query.limit + 1}`
		);
		const last = found[query.limit - 1];
		return {
			approvals: found.slice(0, query.limit).map((row) => parsed(row['approval'])),
			total: count(total, 'n'),
			nextCursor:
				found.length > query.limit && last
					? encodeCursor([order, Number(last['k1']), Number(last['k2']), String(last['k3'])])
					: null
		};
	}

	/** For how long runs waited for decisions, by their keys, Ms. Open requests do not count. */
	humanWaits(runs: readonly string[]): ReadonlyMap<string, number> {
		const waits = rows(
			this.#sql,
			sql`SELECT run, sum(decided_at - requested_at) AS ms FROM sb_inbox
				WHERE run IN (SELECT value FROM json_each(${JSON.stringify(runs)}))
					AND decided_at IS NOT NULL GROUP BY run`
		);
		return new Map(waits.map((row) => [String(row['run']), count(row, 'ms')]));
	}

	/** How many wait for a decision. */
	pending(reach: Reach = 'everywhere'): number {
		const within = approvalWithin(reach, 'i');
		const [row] = rows(
			this.#sql,
			sql`SELECT count(*) AS n FROM sb_inbox i WHERE status = ${'pending'} AND (${within})`
		);
		return count(row, 'n');
	}

	/** Removes the approvals of runs, by their keys; what was decided stays in the audit. Were there any? */
	removeOf(runs: readonly string[]): boolean {
		const keys = sql`SELECT value FROM json_each(${JSON.stringify(runs)})`;
		const removed = rows(
			this.#sql,
			sql`DELETE FROM sb_approvals WHERE run IN (${keys}) RETURNING 1`
		);
		rows(this.#sql, sql`DELETE FROM sb_inbox WHERE run IN (${keys})`);
		return removed.length > 0;
	}

	#file(approval: Approval): void {
		const standing = standingDecisions(approval);
		const last = standing.at(-1);
		const isOver = approval.status !== 'pending';
		const values: SqlBinding[] = [
			approval.id,
			approval.status,
			approval.workflow,
			runOf(approval),
			approval.step,
			approval.severity,
			approval.requestedAt,
			approval.expiresAt,
			isOver ? (approval.decidedAt ?? last?.at ?? approval.requestedAt) : null,
			subjectOfClaim(approval),
			JSON.stringify(requesterKeys(approval)),
			approval.allowRequester ? 1 : 0,
			approval.status === 'expired' || last?.from?.via === 'deadline' ? 1 : 0,
			JSON.stringify(approval.approvers.map(approverKey)),
			JSON.stringify(standing.map(subjectOfDecision)),
			searchTextOf(approval)
		];
		this.#sql.exec(
			`INSERT OR REPLACE INTO sb_inbox VALUES (${values.map(() => '?').join(', ')})`,
			...values
		);
	}

	#read(rest: Fragment): Approval[] {
		return rows(this.#sql, sql`SELECT approval FROM sb_approvals ${rest}`).map((row) =>
			parsed(row['approval'])
		);
	}
}

function parsed(text: unknown): Approval {
	return approvalSchema.parse(JSON.parse(String(text)));
}

function runOf({ workflow, runId }: Approval): string {
	return runKey({ workflow, id: runId });
}

function searchTextOf(approval: Approval): string {
	const { title, step, workflow, runId, requestedBy, description } = approval;
	return [title, step, workflow, runId, requestedBy ?? '', description ?? '']
		.join('\n')
		.toLowerCase();
}

function readCursor(cursor: string, order: ApprovalOrder): [number, number, string] {
	const [of, k1, k2, k3] = decodeCursor(cursor);
	const isOurs = typeof k1 === 'number' && typeof k2 === 'number' && typeof k3 === 'string';
	if (of === order && isOurs) return [k1, k2, k3];
	throw new ProblemError('invalid-input', fieldErrorsText.cursor);
}
