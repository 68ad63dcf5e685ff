import { normalizeText, type QueryField } from '../../../protocol';
import { LAST_CHARACTER, type Suggestion } from './tables/metadata';
import type { StatusCount } from './tables/tallies';
import { count, Fragment, rows, sql, type Sql } from '../../db/sql';

/** Fields whose values are few enough to offer, with where a run has them as they were written. */
export const OFFERED: Partial<Record<QueryField, { column: Fragment; shown: Fragment }>> = {
	step: offered('r.step', '$.step'),
	outcome: offered('r.outcome', '$.outcome'),
	by: offered('r.by', '$.startedBy'),
	waiting: offered('r.waiting_name', '$.waitingFor.name')
};

function offered(column: string, path: string): { column: Fragment; shown: Fragment } {
	return { column: new Fragment(column), shown: new Fragment(`j.json ->> '${path}'`) };
}

/** Words to complete: a field's values, a metadata key's values, metadata keys, or values of any key. */
export type SuggestQuery = {
	of: { field: QueryField } | { metadata: string } | 'metadata-keys' | 'metadata-values';
	prefix: string;
	limit: number;
};

type Asked = { field: QueryField; prefix: string; limit: number };

/** A field's values that begin so, the most frequent first. */
export function suggestField(
	db: Sql,
	counts: readonly StatusCount[],
	{ field, prefix, limit }: Asked
): Suggestion[] {
	const from = normalizeText(prefix);
	if (field === 'status' || field === 'workflow')
		return Array.from(
			Map.groupBy(counts, (group) => group[field]),
			([value, groups]) => ({ value, runs: groups.reduce((sum, { runs }) => sum + runs, 0) })
		)
			.filter(({ value }) => normalizeText(value).startsWith(from))
			.sort((a, b) => b.runs - a.runs || (a.value < b.value ? -1 : 1))
			.slice(0, limit);
	if (field === 'agent') return suggestAgents(db, from, limit);
	const { column, shown } = OFFERED[field] ?? {};
	if (!column || !shown) return [];
	const groups = sql`SELECT ${column} AS text, count(*) AS runs, min(r.run) AS run FROM sb_runs r
		WHERE ${column} >= ${from} AND ${column} < ${from + LAST_CHARACTER}
		GROUP BY ${column} ORDER BY runs DESC, text LIMIT ${limit}`;
	return rows(
		db,
		sql`SELECT ${shown} AS shown, g.runs FROM (${groups}) g
			JOIN sb_run_json j ON j.run = g.run ORDER BY g.runs DESC, g.text`
	).map((row) => ({ value: String(row['shown']), runs: count(row, 'runs') }));
}

/** Agents by the beginning of their paths, whatever its case. */
function suggestAgents(db: Sql, prefix: string, limit: number): Suggestion[] {
	const found = sql`SELECT agent, sum(runs) AS runs FROM sb_agent_counts
		WHERE substr(lower(agent), 1, ${[...prefix].length}) = ${prefix}
		GROUP BY agent HAVING sum(runs) > 0 ORDER BY runs DESC, agent LIMIT ${limit}`;
	return rows(db, found).map((row) => ({ value: String(row['agent']), runs: count(row, 'runs') }));
}
