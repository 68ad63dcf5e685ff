// The runs that a purge's criteria match, as SQL: which of them it would delete, and why it keeps the
// others.
import {
	ACTIVE_STATUSES,
	isEnded,
	RUN_STATUSES,
	type KeptReason,
	type PurgeCounts,
	type RunStatus
} from '../../../protocol';
import { among } from '../run-index/query/column-sql';
import { count, Fragment, rows, sql, type Sql } from '../../db/sql';

/** How many Agents a preview names. */
const AGENTS_NAMED = 20;

/** Up to when a run must have begun and ended, and ended at all, Ms. */
export type PurgeLimits = { asOf: number; endedBefore: number };

const ACTIVE = ACTIVE_STATUSES.map((status) => RUN_STATUSES.indexOf(status));

/** Why a purge keeps the run `r`; NULL when it deletes it. */
export function keptReason({ asOf, endedBefore }: PurgeLimits): Fragment {
	return sql`CASE
		WHEN r.key IN (SELECT key FROM sb_pins) THEN 'pinned'
		WHEN ${among(new Fragment('r.status'), ACTIVE)} THEN
			CASE WHEN r.approval = 1 AND r.waiting_kind IS NOT NULL THEN 'pending-approval'
				ELSE 'active' END
		WHEN r.created > ${asOf} OR r.finished > ${asOf} THEN 'ended-later'
		WHEN coalesce(r.finished, r.updated) > ${endedBefore} THEN 'too-young'
		ELSE NULL END`;
}

/** Counts what a purge would delete and keep. @param matching a query of run numbers, each once */
export function countForPurge(
	db: Sql,
	matching: Fragment,
	limits: PurgeLimits
): Omit<PurgeCounts, 'notices'> {
	const groups = rows(
		db,
		sql`SELECT ${keptReason(limits)} AS reason, r.status, r.agent,
				substr(r.key, 1, instr(r.key, '/') - 1) AS workflow, count(*) AS n,
				min(r.created) AS oldest, max(r.created) AS newest,
				sum(octet_length(j.json) + octet_length(j.metadata)) AS bytes
			FROM (${matching}) m CROSS JOIN sb_runs r ON r.run = m.run
				CROSS JOIN sb_run_json j ON j.run = m.run
			GROUP BY 1, 2, 3, 4`
	).map((row) => ({
		reason: row['reason'] === null ? null : (String(row['reason']) as KeptReason), // written above
		status: RUN_STATUSES[count(row, 'status')] ?? 'unknown',
		agent: String(row['agent']),
		workflow: String(row['workflow']),
		runs: count(row, 'n'),
		oldest: count(row, 'oldest'),
		newest: count(row, 'newest'),
		bytes: count(row, 'bytes')
	}));
	const deleted = groups.filter(({ reason }) => reason === null);
	const kept = [...sumBy(groups, ({ reason }) => reason ?? '')].flatMap(([reason, runs]) =>
		reason === '' ? [] : [{ reason: reason as KeptReason, runs }]
	);
	const byAgent = [...sumBy(deleted, ({ agent }) => agent)].toSorted(([, a], [, b]) => b - a);
	const sum = (list: readonly { runs: number }[]) => list.reduce((all, { runs }) => all + runs, 0);
	return {
		total: sum(deleted),
		byStatus: inOrder(sumBy(deleted, ({ status }) => status)),
		byWorkflow: inOrder(sumBy(deleted, ({ workflow }) => workflow)),
		byAgent: byAgent.slice(0, AGENTS_NAMED).map(([agent, runs]) => ({ agent, runs })),
		agents: byAgent.length,
		oldest: deleted.length > 0 ? Math.min(...deleted.map(({ oldest }) => oldest)) : null,
		newest: deleted.length > 0 ? Math.max(...deleted.map(({ newest }) => newest)) : null,
		bytes: deleted.reduce((all, { bytes }) => all + bytes, 0),
		protected: sum(kept),
		kept: kept.toSorted((a, b) => b.runs - a.runs)
	};
}

/** The numbers of some of those that would be deleted, the oldest first. */
export function sampleForPurge(
	db: Sql,
	matching: Fragment,
	limits: PurgeLimits,
	most: number
): string[] {
	return rows(
		db,
		sql`SELECT r.key FROM (${matching}) m CROSS JOIN sb_runs r ON r.run = m.run
			WHERE ${keptReason(limits)} IS NULL ORDER BY r.created, r.key LIMIT ${most}`
	).map((row) => String(row['key']));
}

/** A run of a purge's set, as it is found when its turn comes. */
export type FoundRun = {
	key: string;
	/** The generation that was confirmed. */
	generation: number;
	/** Null when the index no longer has it. */
	now: { generation: number; status: RunStatus; pinned: boolean; path: string } | null;
	/** Who deleted it; null while it is there. */
	deletedBy: string | null;
};

/** What the index now has of the runs of a part of a purge's set. */
export function findRuns(db: Sql, items: string): FoundRun[] {
	return rows(
		db,
		sql`SELECT i.value ->> 0 AS key, i.value ->> 1 AS wanted, r.generation, r.status,
				j.json ->> '$.agent.path' AS path, p.key IS NOT NULL AS pinned, t.by AS deleted_by
			FROM json_each(${items}) i
				LEFT JOIN sb_runs r ON r.key = i.value ->> 0
				LEFT JOIN sb_run_json j ON j.run = r.run
				LEFT JOIN sb_pins p ON p.key = i.value ->> 0
				LEFT JOIN sb_tombstones t ON t.key = i.value ->> 0`
	).map((row) => ({
		key: String(row['key']),
		generation: count(row, 'wanted'),
		now:
			row['path'] === null || row['path'] === undefined
				? null
				: {
						generation: count(row, 'generation'),
						status: RUN_STATUSES[count(row, 'status')] ?? 'unknown',
						pinned: count(row, 'pinned') === 1,
						path: String(row['path'])
					},
		deletedBy: row['deleted_by'] === null ? null : String(row['deleted_by'])
	}));
}

/** Why a run of a purge's set is kept now; null when it is to be deleted. */
export function keptNow({ now, generation }: FoundRun): KeptReason | null {
	if (!now) return 'deleted';
	if (now.pinned) return 'pinned';
	if (now.generation !== generation || !isEnded(now.status)) return 'restarted';
	return null;
}

function sumBy<T extends { runs: number }>(list: readonly T[], key: (each: T) => string) {
	const sums = new Map<string, number>();
	for (const each of list) sums.set(key(each), (sums.get(key(each)) ?? 0) + each.runs);
	return sums;
}

function inOrder(sums: ReadonlyMap<string, number>): Record<string, number> {
	return Object.fromEntries([...sums].toSorted(([, a], [, b]) => b - a));
}
