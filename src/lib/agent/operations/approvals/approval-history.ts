// What decided approvals tell: of one step, how alike ones were decided and how their runs went on;
// of the fleet, how fast and by whom. Learnt from the index, so what was purged is not in it.
import {
	earlierDecisionSchema,
	RUN_OUTCOMES,
	standingDecisions,
	type Afterwards,
	type Approval,
	type ApprovalFigures,
	type FiguresQuery,
	type Precedent,
	type Reach
} from '../../../protocol';
import { approvalWithin } from '../run-index/query/reach-sql';
import { count, rows, sql, type Fragment, type Sql, type SqlRow } from '../../db/sql';

/** How many earlier decisions are shown. */
const EARLIER = 5;
/** Runs are counted from the last so many decisions of a step. */
const LEARNT_FROM = 500;
/** Figures are of the last so long, Ms, when nothing else is asked for. */
const FIGURES_MS = 30 * 86_400_000;

export class ApprovalHistory {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	/** What earlier requests of the same step tell about this one. */
	precedent({ id, workflow, step }: Approval, reach: Reach = 'everywhere'): Precedent {
		const within = approvalWithin(reach, 'i');
		const found = rows(
			this.#sql,
			sql`SELECT i.id, i.status, i.decided_at, a.approval, r.outcome, r.finished
				FROM sb_inbox AS i JOIN sb_approvals AS a ON a.id = i.id
				LEFT JOIN sb_runs AS r ON r.key = i.run
				WHERE i.workflow = ${workflow} AND i.step = ${step} AND i.id <> ${id} AND (${within})
					AND i.decided_at IS NOT NULL AND i.status IN ('approved', 'rejected', 'expired')
				ORDER BY i.decided_at DESC LIMIT ${EARLIER}`
		);
		return {
			earlier: found.map(earlierOf),
			afterApproval: this.#afterwards({ workflow, step, within }, 'approved'),
			afterRejection: this.#afterwards({ workflow, step, within }, 'rejected')
		};
	}

	/** How fast and by whom approvals are decided. */
	figures(
		{ workflow, since }: FiguresQuery,
		now: number,
		reach: Reach = 'everywhere'
	): ApprovalFigures {
		const from = since ?? now - FIGURES_MS;
		const within = approvalWithin(reach, 'i');
		const only = workflow === undefined ? within : sql`i.workflow = ${workflow} AND (${within})`;
		const waiting = rows(
			this.#sql,
			sql`SELECT i.workflow, count(*) AS n, min(i.requested_at) AS oldest FROM sb_inbox AS i
				WHERE i.status = 'pending' AND (${only}) GROUP BY i.workflow`
		);
		const decided = rows(
			this.#sql,
			sql`SELECT i.workflow, i.status, i.by_deadline, i.decided_at - i.requested_at AS took
				FROM sb_inbox AS i
				WHERE i.decided_at >= ${from} AND i.status IN ('approved', 'rejected', 'expired') AND (${only})`
		);
		const oldest = waiting.map((row) => Number(row['oldest']));
		return {
			since: from,
			pending: {
				count: waiting.reduce((sum, row) => sum + count(row, 'n'), 0),
				oldestAt: oldest.length > 0 ? Math.min(...oldest) : null
			},
			byWorkflow: byWorkflow(waiting, decided),
			byApprover: this.#byApprover(only, from)
		};
	}

	#byApprover(only: Fragment, from: number): ApprovalFigures['byApprover'] {
		const said = rows(
			this.#sql,
			sql`SELECT d.value ->> 'by' AS by, d.value ->> 'approved' AS approved,
					(d.value ->> 'at') - i.requested_at AS took
				FROM sb_inbox AS i JOIN sb_approvals AS a ON a.id = i.id,
					json_each(a.approval, '$.decisions') AS d
				WHERE i.decided_at >= ${from} AND (${only}) AND d.value ->> 'undone' IS NULL
					AND coalesce(d.value ->> '$.from.via', '') <> 'deadline'`
		);
		return [...Map.groupBy(said, (row) => String(row['by']))]
			.map(([by, own]) => ({
				by,
				approved: own.filter((row) => Number(row['approved']) === 1).length,
				rejected: own.filter((row) => Number(row['approved']) !== 1).length,
				...timesOf(own)
			}))
			.toSorted((a, b) => b.approved + b.rejected - (a.approved + a.rejected));
	}

	#afterwards(
		{ workflow, step, within }: { workflow: string; step: string; within: Fragment },
		status: 'approved' | 'rejected'
	): Afterwards {
		const found = rows(
			this.#sql,
			sql`SELECT r.outcome, count(*) AS n FROM (
					SELECT DISTINCT run FROM sb_inbox i
					WHERE workflow = ${workflow} AND step = ${step} AND status = ${status} AND (${within})
					ORDER BY decided_at DESC LIMIT ${LEARNT_FROM}
				) AS i JOIN sb_runs AS r ON r.key = i.run GROUP BY r.outcome`
		);
		const byOutcome: Afterwards['byOutcome'] = {};
		let active = 0;
		for (const row of found) {
			const outcome = RUN_OUTCOMES.find((each) => each === row['outcome']);
			if (outcome) byOutcome[outcome] = count(row, 'n');
			else active += count(row, 'n');
		}
		const runs = found.reduce((sum, row) => sum + count(row, 'n'), 0);
		return { runs, active, byOutcome };
	}
}

function earlierOf(row: SqlRow) {
	const approval = JSON.parse(String(row['approval'])) as Approval; // our own writing
	const last = standingDecisions(approval).at(-1);
	return earlierDecisionSchema.parse({
		id: approval.id,
		runId: approval.runId,
		title: approval.title,
		status: approval.status,
		by: last?.by ?? null,
		reason: last?.reason ?? null,
		requestedAt: approval.requestedAt,
		decidedAt: row['decided_at'],
		outcome: row['outcome'] ?? null
	});
}

function byWorkflow(waiting: SqlRow[], decided: SqlRow[]): ApprovalFigures['byWorkflow'] {
	const pending = new Map(waiting.map((row) => [String(row['workflow']), count(row, 'n')]));
	const done = Map.groupBy(decided, (row) => String(row['workflow']));
	const names = [...new Set([...pending.keys(), ...done.keys()])].toSorted();
	return names.map((workflow) => {
		const own = done.get(workflow) ?? [];
		const people = own.filter((row) => Number(row['by_deadline']) === 0);
		const of = (status: string) => people.filter((row) => row['status'] === status).length;
		return {
			workflow,
			pending: pending.get(workflow) ?? 0,
			approved: of('approved'),
			rejected: of('rejected'),
			expired: own.length - people.length,
			...timesOf(people)
		};
	});
}

function timesOf(decided: SqlRow[]): { p50Ms: number | null; p95Ms: number | null } {
	const took = decided.map((row) => Number(row['took'])).toSorted((a, b) => a - b);
	const at = (share: number) => took[Math.ceil(share * took.length) - 1] ?? null;
	return { p50Ms: at(0.5), p95Ms: at(0.95) };
}
