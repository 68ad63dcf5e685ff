// How many runs of each Agent stand where, kept in the same transaction as the run they count.
import {
	exactText,
	RUN_STATUSES,
	type AgentCounts,
	type AgentRef,
	type RunStatus
} from '../../../../protocol';
import { statusIn } from './columns';
import { count, rows, sql, type Sql } from '../../../db/sql';

/** A step of the index's tables: counts what there is by then. */
export const AGENT_TALLIES = [
	`CREATE TABLE IF NOT EXISTS sb_agent_counts (
		agent TEXT NOT NULL, status INTEGER NOT NULL, runs INTEGER NOT NULL,
		PRIMARY KEY (agent, status)
	) WITHOUT ROWID`,
	`INSERT INTO sb_agent_counts
		SELECT agent, status, count(*) FROM sb_runs GROUP BY agent, status`
];

/** Counts runs of an Agent, by its path as a query compares it, in or out. */
export function tallyAgent(db: Sql, agent: string, status: RunStatus, by: number): void {
	const place = RUN_STATUSES.indexOf(status);
	// A count of zero stays: to delete and insert it for each run costs rows.
	rows(
		db,
		sql`INSERT INTO sb_agent_counts VALUES (${agent}, ${place}, ${by})
			ON CONFLICT DO UPDATE SET runs = runs + excluded.runs`
	);
}

/** These Agents with their runs by status. */
export function countsOfAgents(db: Sql, agents: readonly AgentRef[]): AgentCounts[] {
	const paths = JSON.stringify(agents.map(({ path }) => exactText(path)));
	const found = rows(
		db,
		sql`SELECT agent, status, runs FROM sb_agent_counts
			WHERE agent IN (SELECT value FROM json_each(${paths})) AND runs > 0
			ORDER BY agent, status`
	);
	const byAgent = Map.groupBy(found, (row) => String(row['agent']));
	return agents.map((agent) => {
		const own = byAgent.get(exactText(agent.path)) ?? [];
		return {
			...agent,
			runs: Object.fromEntries(own.map((row) => [statusIn(row), count(row, 'runs')]))
		};
	});
}
