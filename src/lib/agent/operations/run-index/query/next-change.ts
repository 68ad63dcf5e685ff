// Time alone changes what a query finds when a run crosses one of its relative bounds: a day after
// it was created, five minutes after it began, when it is overdue. The next run to cross a bound is
// the first one beyond it in the index of the column.
import { intervalOf, traitOf, type QueryTerm, type QueryValue } from '../../../../protocol';
import { isAgo } from './field-sql';
import { count, Fragment, rows, sql, type Sql } from '../../../db/sql';

/** Where a run's time is found, and how long after it the run crosses the bound, Ms. */
type Bound = { column: keyof typeof COLUMNS; afterMs: number };

const COLUMNS = {
	created: { name: new Fragment('created'), rows: new Fragment('sb_runs') },
	started: { name: new Fragment('started'), rows: new Fragment('sb_runs') },
	updated: { name: new Fragment('updated'), rows: new Fragment('sb_runs') },
	finished: { name: new Fragment('finished'), rows: new Fragment('sb_runs') },
	due: { name: new Fragment('due'), rows: new Fragment('sb_runs') },
	going: {
		name: new Fragment('started'),
		rows: new Fragment(
			'(SELECT started FROM sb_runs INDEXED BY sb_runs_going WHERE finished IS NULL)'
		)
	}
} as const;

/** When the next run crosses a relative bound of these terms, Ms; null when none will by itself. */
export function nextChangeAt(db: Sql, terms: readonly QueryTerm[], now: number): number | null {
	const changes = terms.flatMap(boundsOf).flatMap(({ column, afterMs }) => {
		const { name, rows: among } = COLUMNS[column];
		const next = sql`SELECT ${name} AS at FROM ${among} WHERE ${name} >= ${now - afterMs}
			ORDER BY ${name} LIMIT 1`;
		// A bound may be open or closed: a millisecond later it is crossed either way.
		return rows(db, next).map((row) => count(row, 'at') + afterMs + 1);
	});
	return changes.length === 0 ? null : Math.min(...changes);
}

function boundsOf(term: QueryTerm): Bound[] {
	if (term.kind !== 'field') return [];
	const { field, values } = term;
	switch (field) {
		case 'created':
		case 'started':
		case 'updated':
		case 'finished':
			return values
				.filter(isAgo)
				.flatMap(endsOf)
				.map((end) => ({ column: field, afterMs: -end }));
		case 'duration':
			return values.flatMap(endsOf).map((end) => ({ column: 'going', afterMs: end }));
		case 'is':
			return values
				.filter((value) => value.kind === 'text' && traitOf(value) === 'overdue')
				.map(() => ({ column: 'due', afterMs: 0 }));
		default:
			return [];
	}
}

/** The ends that a value's interval has, as seen from the time 0. */
function endsOf(value: QueryValue): number[] {
	if (value.kind === 'any' || value.kind === 'text') return [];
	const { from, until } = intervalOf(value, 0);
	return [...new Set([from, until])].filter(Number.isFinite);
}
