// One page of runs. Two ways lead to it: sort what the leading term finds, or walk the order's
// index and test each row. Neither is right for every query, so a walk is tried where it is likely
// to fill the page soon, and given up when it does not.
import type { RunOrder } from '../../protocol';
import {
	beyond,
	orderBy,
	positionIn,
	positionOf,
	segmentsOf,
	type Position,
	type Segment
} from './run-order';
import type { Plan } from './run-plan';
import { join, rows, sql, type Fragment, type Sql, type SqlRow } from './sql';

/** A lead of at most so many runs is sorted right away. */
const SORTED = 1500;
/** A walk that has not filled the page after so many rows is given up for a sort. */
const WALKED = 5000;

type Reading = { order: RunOrder; after: Position | null; limit: number };

/** Rows of `run`, `key` and the order's `value`; at most `limit`, after the position. */
export function pageRows(db: Sql, plan: Plan, reading: Reading): SqlRow[] {
	const found: SqlRow[] = [];
	for (const segment of segmentsOf(reading.order, reading.after)) {
		const after = positionIn(segment, reading.after);
		const limit = reading.limit - found.length;
		if (limit > 0) found.push(...segmentRows(db, plan, segment, { ...reading, after, limit }));
	}
	return found;
}

function segmentRows(db: Sql, plan: Plan, segment: Segment, reading: Reading): SqlRow[] {
	const { lead } = plan;
	if (!lead?.source) return walk(db, plan, segment, reading, null);
	if (lead.size <= SORTED) return sort(db, plan, lead.source, segment, reading);
	const end = endOfWalk(db, plan, segment, reading);
	const walked = walk(db, plan, segment, reading, end);
	return end === null || walked.length >= reading.limit
		? walked
		: sort(db, plan, lead.source, segment, reading);
}

/** The stretch of the order to read: after the position, and where a term cuts it, within that. */
function within(plan: Plan, segment: Segment, { order, after }: Reading): Fragment[] {
	const cuts = plan.terms.filter((term) => term.cuts === order.field).map(({ test }) => test);
	return [segment.rows, ...cuts, ...(after ? [beyond(segment, order, after)] : [])];
}

function valueOf({ column }: Segment): Fragment {
	return column ?? sql`NULL`;
}

function endOfWalk(db: Sql, plan: Plan, segment: Segment, reading: Reading): Position | null {
	const [row] = rows(
		db,
		sql`SELECT r.key, ${valueOf(segment)} AS value FROM sb_runs r INDEXED BY ${segment.index}
			WHERE ${all(within(plan, segment, reading))}
			ORDER BY ${orderBy(segment, reading.order)} LIMIT 1 OFFSET ${WALKED}`
	);
	return row ? positionOf(row) : null;
}

function walk(
	db: Sql,
	plan: Plan,
	segment: Segment,
	reading: Reading,
	end: Position | null
): SqlRow[] {
	const stop = end ? [beyond(segment, reading.order, end, true)] : [];
	return rows(
		db,
		sql`SELECT r.run, r.key, ${valueOf(segment)} AS value
			FROM sb_runs r INDEXED BY ${segment.index}
			WHERE ${all([...within(plan, segment, reading), ...stop, plan.all])}
			ORDER BY ${orderBy(segment, reading.order)} LIMIT ${reading.limit}`
	);
}

function sort(db: Sql, plan: Plan, source: Fragment, segment: Segment, reading: Reading): SqlRow[] {
	return rows(
		db,
		sql`SELECT r.run, r.key, ${valueOf(segment)} AS value
			FROM (${source}) s CROSS JOIN sb_runs r ON r.run = s.run
			WHERE ${all([...within(plan, segment, reading), plan.rest])}
			ORDER BY ${orderBy(segment, reading.order)} LIMIT ${reading.limit}`
	);
}

function all(conditions: readonly Fragment[]): Fragment {
	return join(conditions, ' AND ', sql`1`);
}
