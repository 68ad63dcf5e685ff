import { fieldTerm, isEnded, type PurgePreview, type QueryTerm } from '../../../protocol';
import { statusIn } from './tables/columns';
import { matchingRuns, type Plan } from './query/planner';
import { count, rows, sql, type Sql } from '../../db/sql';

/** Terms for runs that were created and had ended at this time (Ms). */
export function endedBy(asOf: number): QueryTerm[] {
	const quantity = { unit: 'number', value: asOf } as const;
	return [
		fieldTerm('is', ['ended']),
		{
			kind: 'field',
			negated: false,
			field: 'created',
			values: [{ kind: 'compare', comparator: '<=', quantity }]
		},
		// Not "finished at most then": of some ended runs the time is not known.
		{
			kind: 'field',
			negated: true,
			field: 'finished',
			values: [{ kind: 'compare', comparator: '>', quantity }]
		}
	];
}

/** How many of the matching runs a purge would delete, by status, and how many it would keep. */
export function countForPurge(db: Sql, plan: Plan): Omit<PurgePreview, 'sample' | 'asOf'> {
	const groups = rows(
		db,
		sql`SELECT status, count(*) AS n FROM sb_runs
			WHERE run IN (${matchingRuns(plan)}) GROUP BY status ORDER BY status`
	).map((row) => ({ status: statusIn(row), runs: count(row, 'n') }));
	const [ended, kept] = [true, false].map((end) =>
		groups.filter(({ status }) => isEnded(status) === end)
	);
	const sum = (list: typeof groups = []): number => list.reduce((all, { runs }) => all + runs, 0);
	return {
		total: sum(ended),
		byStatus: Object.fromEntries((ended ?? []).map(({ status, runs }) => [status, runs])),
		protected: sum(kept)
	};
}
