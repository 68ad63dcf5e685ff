// The runs that a job is for, as SQL. The index decides whether each can be acted on, by the rule for
// a single command.
import {
	BULK_WORKFLOW,
	ENDED_STATUSES,
	ineligible,
	normalizeText,
	RUN_STATUSES,
	runKey,
	SYSTEM_WORKFLOWS,
	type BulkActionInput,
	type BulkReason,
	type BulkSelect,
	type Identity,
	type QueryTerm,
	type Reach,
	type RunStatus
} from '../../../protocol';
import { keyWithin, runWithin } from '../run-index/query/reach-sql';
import { Fragment, count, join, rows, sql, type Sql } from '../../db/sql';

/** What the index is asked for. */
export type BulkIndex = {
	terms: (q: string) => QueryTerm[];
	/** A query of the numbers of the runs that match. */
	matching: (terms: readonly QueryTerm[], now: number) => Fragment;
};

/** What is to be done, and on whose behalf. */
export type AskedAction = {
	command: BulkActionInput;
	by: Identity;
	/** What this person sees, and where they may do it. */
	seen: Reach;
	allowed: Reach;
	/** When the preview was made that was confirmed, Ms. */
	asOf?: number | undefined;
};

/** Runs that are selected by status and, for those that cannot be acted on, why. */
export type BulkGroup = { reason: BulkReason | null; status: RunStatus | null; runs: number };

/**
 * A query of `run`, `key`, `generation`, `status`, `created` and `reason` of what is selected.
 * @throws ProblemError `invalid-input` for a query that is none
 */
export function selectedRuns(
	index: BulkIndex,
	{ q, asOf, runs = [] }: BulkSelect,
	action: AskedAction,
	now: number
): Fragment {
	const asked = { ...action, asOf };
	if (q === undefined) return selectedByName(namesOf(runs.map(runKey)), asked);
	const at = Math.min(asOf ?? now, now);
	return sql`SELECT r.run, r.key, r.generation, r.status, r.created, ${reasonOf(asked)} AS reason
		FROM sb_runs r WHERE r.run IN (${index.matching(index.terms(q), at)}) AND r.created <= ${at}`;
}

/** The same for runs by their keys, among them keys that no run has; `names` finds `key`. */
export function selectedByName(names: Fragment, asked: AskedAction): Fragment {
	return sql`SELECT r.run, n.key, r.generation, r.status, r.created, CASE
			WHEN r.run IS NULL AND n.key IN (SELECT key FROM sb_tombstones t
				WHERE ${keyWithin(asked.seen, 't')}) THEN 'deleted'
			WHEN r.run IS NULL THEN 'unknown'
			ELSE ${reasonOf(asked)} END AS reason
		FROM (${names}) n LEFT JOIN sb_runs r ON r.key = n.key AND (${runWithin(asked.seen)})`;
}

/** Counts what is selected. */
export function countGroups(db: Sql, selected: Fragment): BulkGroup[] {
	const groups = rows(
		db,
		sql`SELECT reason, status, count(*) AS n FROM (${selected}) GROUP BY reason, status ORDER BY n DESC`
	);
	return groups.map((row) => ({
		reason: row['reason'] === null ? null : (String(row['reason']) as BulkReason), // written below
		status: RUN_STATUSES[Number(row['status'] ?? -1)] ?? null,
		runs: count(row, 'n')
	}));
}

/** The keys of some of those that can be acted on, the oldest first. */
export function sampleKeys(db: Sql, selected: Fragment, limit: number): string[] {
	const sample = sql`SELECT key FROM (${selected}) WHERE reason IS NULL ORDER BY created, key LIMIT ${limit}`;
	return rows(db, sample).map((row) => String(row['key']));
}

function namesOf(keys: string[]): Fragment {
	return sql`SELECT DISTINCT value AS key FROM json_each(${JSON.stringify(keys)})`;
}

/** Why nothing can be done to `r`; NULL when something can. */
function reasonOf({ command, by, allowed, asOf }: AskedAction): Fragment {
	const byStatus = RUN_STATUSES.flatMap((status, place) => {
		const reason = ineligible(command.action, status);
		return reason === null ? [] : [sql`WHEN r.status = ${place} THEN ${reason}`];
	});
	const cases = new Fragment(
		byStatus.map(({ text }) => text).join(' '),
		byStatus.flatMap(({ bindings }) => bindings)
	);
	return sql`CASE ${adminCase(by)} WHEN NOT (${runWithin(allowed)}) THEN 'not-allowed'
		${pinnedCase(command)} ${endedLaterCase(command, asOf)} ${cases} ${waitingCase(command)}
		WHEN r.key IN (${keysInHand()}) THEN 'in-job' ELSE NULL END`;
}

/** A job does to many what its starter may not do to one. */
function adminCase({ roles }: Identity): Fragment {
	if (roles.includes('admin')) return sql``;
	const workflows = JSON.stringify(SYSTEM_WORKFLOWS);
	return sql`WHEN substr(r.key, 1, instr(r.key, '/') - 1) IN (SELECT value FROM json_each(${workflows}))
		THEN 'admin-only'`;
}

/** A pinned run is not deleted. */
function pinnedCase({ action }: BulkActionInput): Fragment {
	return action === 'delete' ? sql`WHEN r.key IN (SELECT key FROM sb_pins) THEN 'pinned'` : sql``;
}

/** A run that was to be kept when the preview was confirmed is not deleted. */
function endedLaterCase({ action }: BulkActionInput, asOf: number | undefined): Fragment {
	return action === 'delete' && asOf !== undefined
		? sql`WHEN r.finished > ${asOf} THEN 'ended-later'`
		: sql``;
}

/** The index knows the wait that a run names; the Agent knows all of them, and judges in the end. */
function waitingCase(command: BulkActionInput): Fragment {
	if (command.action !== 'send-event') return sql``;
	const type = normalizeText(command.event.type);
	return sql`WHEN r.waiting_event IS NOT ${type} THEN 'not-waiting'
		WHEN r.approval = 1 THEN 'needs-decision'`;
}

/** What jobs that go on have still to do: no second job takes the same runs. */
function keysInHand(): Fragment {
	const ended = join(
		ENDED_STATUSES.map((status) => sql`b.status = ${RUN_STATUSES.indexOf(status)}`),
		' OR ',
		sql`0`
	);
	return sql`SELECT i.key FROM sb_bulk_items i JOIN sb_bulk_jobs j ON j.job = i.job
		WHERE i.state IN ('pending', 'doing') AND j.aborted_at IS NULL
			AND NOT EXISTS (SELECT 1 FROM sb_runs b WHERE b.key = ${BULK_WORKFLOW + '/'} || j.id AND (${ended}))
			AND NOT EXISTS (SELECT 1 FROM sb_tombstones t WHERE t.key = ${BULK_WORKFLOW + '/'} || j.id)`;
}
