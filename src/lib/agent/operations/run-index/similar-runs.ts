// Similar runs and usual durations, at a cost that does not grow with the fleet: each answer reads a
// fixed number of index entries.
import { normalizeText, type Reach, type Usual } from '../../../protocol';
import { runWithin } from './query/reach-sql';
import { count, rows, sql, type Sql } from '../../db/sql';

/** Over how many completed runs, the last ones, it is said what is usual. */
const USUAL_OVER = 1_000;
/** How many index entries are looked through for runs with the same metadata. */
const SHARED_ENTRIES = 5_000;
/** How many of the newest runs are looked through for one of the same workflow. */
const NEWEST = 2_000;

/** Who knows for how long runs waited for people's decisions: key → Ms. */
export type HumanWaits = { humanWaits: (keys: readonly string[]) => ReadonlyMap<string, number> };

/**
 * How long the last completed runs of a workflow took, without the time that they waited for people;
 * null while there is none.
 */
export function usualOf(
	db: Sql,
	workflow: string,
	{ approvals, reach }: { approvals: HumanWaits; reach: Reach }
): Usual | null {
	const took = rows(
		db,
		// The literal, and no binding, lets SQLite take the index of completed runs.
		sql`SELECT key, duration FROM sb_runs r
			WHERE workflow = ${normalizeText(workflow)} AND outcome = 'completed' AND duration IS NOT NULL
				AND (${runWithin(reach)})
			ORDER BY finished DESC LIMIT ${USUAL_OVER}`
	).map((row) => ({ key: String(row['key']), ms: count(row, 'duration') }));
	if (took.length === 0) return null;
	const waits = approvals.humanWaits(took.map(({ key }) => key));
	const durations = took
		.map(({ key, ms }) => Math.max(0, ms - (waits.get(key) ?? 0)))
		.sort((a, b) => a - b);
	const at = (share: number) => durations[Math.ceil(share * durations.length) - 1] ?? 0;
	return { runs: durations.length, p50Ms: at(0.5), p95Ms: at(0.95) };
}

/**
 * The numbers of runs of the same workflow as the run `key`, those first that share most of its
 * metadata, then the newest. Values that very many runs have tell nothing and are left out.
 */
export function similarTo(
	db: Sql,
	key: string,
	{ limit, reach }: { limit: number; reach: Reach }
): number[] {
	const [self] = rows(db, sql`SELECT run, workflow FROM sb_runs WHERE key = ${key}`);
	if (!self) return [];
	const run = count(self, 'run');
	const workflow = String(self['workflow']);
	const shared = rows(
		db,
		sql`SELECT sb_meta.run AS run FROM sb_meta JOIN sb_runs r ON r.run = sb_meta.run
			WHERE value IN (SELECT value FROM json_each(${JSON.stringify(tellingValues(db, run))}))
				AND r.workflow = ${workflow} AND sb_meta.run <> ${run} AND (${runWithin(reach)})
			GROUP BY sb_meta.run ORDER BY count(*) DESC, created DESC LIMIT ${limit}`
	).map((row) => count(row, 'run'));
	if (shared.length >= limit) return shared;
	const newest = rows(
		db,
		sql`SELECT run FROM (
				SELECT run, workflow FROM sb_runs r WHERE ${runWithin(reach)}
				ORDER BY created DESC LIMIT ${NEWEST})
			WHERE workflow = ${workflow} AND run <> ${run} LIMIT ${limit + shared.length}`
	).map((row) => count(row, 'run'));
	return [...new Set([...shared, ...newest])].slice(0, limit);
}

/** The rarest values of a run's metadata that other runs have too. */
function tellingValues(db: Sql, run: number): number[] {
	const values = rows(
		db,
		sql`SELECT sb_meta.value AS value, runs FROM sb_meta
			JOIN sb_meta_values ON sb_meta_values.value = sb_meta.value
			WHERE sb_meta.run = ${run} AND runs > 1 ORDER BY runs`
	);
	let entries = 0;
	return values
		.filter((row) => (entries += count(row, 'runs')) <= SHARED_ENTRIES)
		.map((row) => count(row, 'value'));
}
