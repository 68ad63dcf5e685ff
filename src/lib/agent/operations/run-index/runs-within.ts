// Questions about a part of the fleet. What the whole has in tables of its own (how many runs have
// each word, what happened in each minute) is counted from the runs of that part.
import {
	exactText,
	normalizeText,
	RUN_STATUSES,
	type ActivityMinute,
	type AgentCounts,
	type LimitedReach,
	type QueryField
} from '../../../protocol';
import { runWithin } from './query/reach-sql';
import { OFFERED, type SuggestQuery } from './run-suggestions';
import { statusIn } from './tables/columns';
import { LAST_CHARACTER, type Suggestion } from './tables/metadata';
import { count, Fragment, rows, sql, type Sql } from '../../db/sql';

/** The runs of each Agent by status, by the Agent's path as a query compares it. */
export function agentCountsWithin(
	db: Sql,
	reach: LimitedReach
): ReadonlyMap<string, AgentCounts['runs']> {
	const found = rows(
		db,
		sql`SELECT r.agent AS agent, r.status AS status, count(*) AS runs FROM sb_runs r
			WHERE ${runWithin(reach)} GROUP BY r.agent, r.status ORDER BY r.agent, r.status`
	);
	const byAgent = [...Map.groupBy(found, (row) => String(row['agent']))];
	return new Map(
		byAgent.map(([agent, own]) => [
			agent,
			Object.fromEntries(own.map((row) => [statusIn(row), count(row, 'runs')]))
		])
	);
}

/** The minutes from `sinceMs` on in which one of these runs began or ended, oldest first. */
export function activityWithin(db: Sql, reach: LimitedReach, sinceMs: number): ActivityMinute[] {
	const within = runWithin(reach);
	const complete = RUN_STATUSES.indexOf('complete');
	return rows(
		db,
		sql`SELECT at - at % 60000 AS minute, sum(started) AS started, sum(completed) AS completed,
				sum(failed) AS failed
			FROM (
				SELECT r.started AS at, 1 AS started, 0 AS completed, 0 AS failed FROM sb_runs r
					WHERE r.started >= ${sinceMs} AND (${within})
				UNION ALL
				SELECT r.finished, 0, r.status = ${complete}, r.status <> ${complete} FROM sb_runs r
					WHERE r.finished >= ${sinceMs} AND (${within})
			) GROUP BY minute ORDER BY minute`
	).map((row) => ({
		minute: count(row, 'minute'),
		started: count(row, 'started'),
		completed: count(row, 'completed'),
		failed: count(row, 'failed')
	}));
}

/** Words that begin with `prefix`, the most frequent first, with how many of these runs have each. */
export function suggestWithin(db: Sql, reach: LimitedReach, asked: SuggestQuery): Suggestion[] {
	const { of, limit } = asked;
	const from = normalizeText(asked.prefix);
	const within = runWithin(reach);
	const begins = (column: Fragment) =>
		sql`${column} >= ${from} AND ${column} < ${from + LAST_CHARACTER}`;
	if (typeof of === 'object' && 'field' in of) {
		return suggestFieldWithin(db, within, { field: of.field, from, limit });
	}
	const path = typeof of === 'object' ? sql`k.path = ${normalizeText(of.metadata)}` : sql`1`;
	const isKey = of === 'metadata-keys';
	const sought = isKey ? begins(new Fragment('k.path')) : begins(new Fragment('v.text'));
	const shown = new Fragment(isKey ? 'k.shown' : 'v.shown');
	const found = rows(
		db,
		sql`SELECT ${shown} AS shown, k.shown AS key, count(DISTINCT m.run) AS runs
			FROM sb_runs r CROSS JOIN sb_meta m ON m.run = r.run
				JOIN sb_meta_values v ON v.value = m.value JOIN sb_meta_keys k ON k.key = m.key
			WHERE (${within}) AND ${path} AND ${sought}
			GROUP BY k.key, ${new Fragment(isKey ? 'k.key' : 'v.value')}
			ORDER BY runs DESC, shown LIMIT ${limit}`
	);
	return found.map((row) => ({
		value: String(row['shown']),
		runs: count(row, 'runs'),
		...(of === 'metadata-values' ? { key: String(row['key']) } : {})
	}));
}

function suggestFieldWithin(
	db: Sql,
	within: Fragment,
	{ field, from, limit }: { field: QueryField; from: string; limit: number }
): Suggestion[] {
	const { column, shown } = columnOf(field) ?? {};
	if (!column || !shown) return [];
	const found = rows(
		db,
		// Of the spellings of one value, that of the oldest run: SQLite takes it from the row of `min`.
		sql`SELECT ${shown} AS shown, count(*) AS runs, min(r.run)
			FROM sb_runs r JOIN sb_run_json j ON j.run = r.run
			WHERE (${within}) AND ${column} IS NOT NULL GROUP BY ${column} ORDER BY runs DESC, shown`
	).map((row) => ({
		value: field === 'status' ? statusIn({ status: row['shown'] ?? null }) : String(row['shown']),
		runs: count(row, 'runs')
	}));
	return found
		.filter(({ value }) => normalizeText(value).startsWith(exactText(from)))
		.slice(0, limit);
}

/** How a field's values are compared and shown; undefined for one whose values are not offered. */
function columnOf(field: QueryField): { column: Fragment; shown: Fragment } | undefined {
	switch (field) {
		case 'status':
		case 'agent': {
			const column = new Fragment(`r.${field}`);
			return { column, shown: column };
		}
		case 'workflow': {
			const column = new Fragment("j.json ->> '$.workflow'");
			return { column, shown: column };
		}
		default:
			return OFFERED[field];
	}
}
