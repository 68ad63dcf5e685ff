// Takes runs out of the index, many at a time: one statement for each table instead of one for each
// run, since a purge removes thousands in a second.
import { RUN_STATUSES } from '../../../../protocol';
import type { RunMetadata } from './metadata';
import type { RunTallies } from './tallies';
import { count, rows, sql, type Sql } from '../../../db/sql';

/** Who removed a run and when (Ms). `by` is a person's name or the key of a purge. */
export type Removal = {
	by: string;
	at: number;
	/** Of a purge: the person who started it, and the retention policy that it carries out. */
	person?: string | null;
	policy?: string | null;
};

/** What is left of a removed run. */
export type Tombstone = Removal & { key: string; generation: number; version: number };

/** A step of the index's tables: who was behind a purge, and by which policy. */
export const TOMBSTONE_ORIGINS = [
	'ALTER TABLE sb_tombstones ADD COLUMN person TEXT',
	'ALTER TABLE sb_tombstones ADD COLUMN policy TEXT',
	'CREATE INDEX IF NOT EXISTS sb_tombstones_at ON sb_tombstones (at)'
];

/** So many tombstones are dropped at a time. */
const DROPPED = 5_000;

/** Removes the runs with these numbers, and leaves a tombstone of each. */
export function removeRuns(
	db: Sql,
	runs: readonly number[],
	removal: Removal,
	derived: { metadata: RunMetadata; tallies: RunTallies }
): void {
	const { by, at, person = null, policy = null } = removal;
	const list = sql`SELECT value FROM json_each(${JSON.stringify(runs)})`;
	derived.metadata.remove(list);
	rows(db, sql`DELETE FROM sb_run_text WHERE rowid IN (${list})`);
	rows(db, sql`DELETE FROM sb_run_notes WHERE rowid IN (${list})`);
	rows(db, sql`DELETE FROM sb_run_json WHERE run IN (${list})`);
	rows(
		db,
		sql`INSERT OR REPLACE INTO sb_tombstones (key, generation, version, by, at, person, policy)
			SELECT key, generation, version, ${by}, ${at}, ${person}, ${policy}
			FROM sb_runs WHERE run IN (${list})`
	);
	const groups = rows(
		db,
		sql`SELECT substr(key, 1, instr(key, '/') - 1) AS workflow, agent, status, count(*) AS n
			FROM sb_runs WHERE run IN (${list}) GROUP BY 1, 2, 3`
	);
	for (const row of groups) {
		derived.tallies.removed({
			workflow: String(row['workflow']),
			agent: String(row['agent']),
			status: RUN_STATUSES[count(row, 'status')] ?? 'unknown',
			runs: count(row, 'n')
		});
	}
	const steps = rows(
		db,
		sql`SELECT DISTINCT step FROM sb_runs WHERE run IN (${list}) AND step IS NOT NULL`
	).map((row) => String(row['step']));
	rows(db, sql`DELETE FROM sb_runs WHERE run IN (${list})`);
	if (steps.length === 0) return;
	rows(
		db,
		sql`DELETE FROM sb_steps WHERE step IN (SELECT value FROM json_each(${JSON.stringify(steps)}))
			AND NOT EXISTS (SELECT 1 FROM sb_runs WHERE sb_runs.step = sb_steps.step)`
	);
}

/** Who removed the run with this key, and when; null unless it was. */
export function tombstoneOf(db: Sql, key: string): Tombstone | null {
	const [row] = rows(db, sql`SELECT * FROM sb_tombstones WHERE key = ${key}`);
	if (!row) return null;
	const text = (column: string) => (row[column] == null ? null : String(row[column]));
	return {
		key,
		generation: count(row, 'generation'),
		version: count(row, 'version'),
		by: String(row['by']),
		at: count(row, 'at'),
		person: text('person'),
		policy: text('policy')
	};
}

/** Drops tombstones from before this time, Ms, some of them at a time. Returns whether some are left. */
export function dropTombstones(db: Sql, before: number): boolean {
	const dropped = rows(
		db,
		sql`DELETE FROM sb_tombstones WHERE key IN
			(SELECT key FROM sb_tombstones WHERE at < ${before} LIMIT ${DROPPED}) RETURNING 1`
	);
	return dropped.length === DROPPED;
}
