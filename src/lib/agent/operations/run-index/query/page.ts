// One page of runs. Where the set of what matches is known, it is sieved (`run-sieve.ts`). Else two
// ways lead to it: sort what the leading term finds, or walk the order's index and test each row.
// Neither is right for every query, so a walk is tried where it is likely to fill the page soon, and
// given up when it does not.
import type { RunOrder } from '../../../../protocol';
import {
	beyond,
	cutsOf,
	orderBy,
	positionIn,
	positionOf,
	segmentsOf,
	valueOf,
	type Position,
	type PageRequest,
	type Segment
} from './keyset';
import type { Plan } from './planner';
import { sievedBefore, sievedRows } from './page-of-set';
import { count, join, rows, sql, type Fragment, type Sql, type SqlRow } from '../../../db/sql';

/** A lead of at most so many runs is sorted right away. */
const SORTED = 1500;
/** A walk that has not filled the page after so many rows is given up for a sort. */
const WALKED = 5000;

/** A term that so many runs have is so common that a walk fills any page soon. */
const COMMON = 25_000;

/** Rows of `run`, `key` and the order's `value`; at most `limit`, after the position. */
export function pageRows(db: Sql, plan: Plan, reading: PageRequest): SqlRow[] {
	let offset = reading.offset ?? 0;
	const known = offset > 0 ? plan.find() : plan.found;
	if (known) return sievedRows(db, known, reading);
	const found: SqlRow[] = [];
	for (const segment of segmentsOf(reading.order, reading.after)) {
		const after = positionIn(segment, reading.after);
		const limit = reading.limit - found.length;
		if (limit <= 0) break;
		const own = { ...reading, after, limit, offset };
		const read = segmentRows(db, plan, segment, own);
		found.push(...read);
		// What a segment did not have to be left out is left out of the next one.
		if (offset > 0) offset = read.length > 0 ? 0 : offset - countRows(db, plan, segment, own);
	}
	return found;
}

/** How many rows stand before a position, counted up to `limit`. */
export function countBefore(
	db: Sql,
	plan: Plan,
	{ order, position, limit }: { order: RunOrder; position: Position; limit: number }
): number {
	const known = plan.find();
	if (known) return sievedBefore(db, known, { order, position, limit });
	let found = 0;
	for (const segment of segmentsOf(order, null)) {
		const end = positionIn(segment, position);
		const isBehind = end === null && position.value !== null && segment.column === null;
		if (isBehind || found >= limit) break;
		const stop = end ? [beyond(segment, order, end, 'before')] : [];
		const cuts = cutsOf(plan.terms, order);
		const [row] = rows(
			db,
			sql`SELECT count(*) AS n FROM (SELECT 1 FROM sb_runs r INDEXED BY ${segment.index}
				WHERE ${all([segment.rows, ...stop, ...cuts, plan.all])}
				ORDER BY ${orderBy(segment, order)} LIMIT ${limit - found})`
		);
		found += count(row, 'n');
	}
	return found;
}

function countRows(db: Sql, plan: Plan, segment: Segment, reading: PageRequest): number {
	const [row] = rows(
		db,
		sql`SELECT count(*) AS n FROM sb_runs r WHERE ${all([...within(plan, segment, reading), plan.all])}`
	);
	return count(row, 'n');
}

function segmentRows(db: Sql, plan: Plan, segment: Segment, reading: PageRequest): SqlRow[] {
	const { lead } = plan;
	if (!lead?.source) return walk(db, plan, segment, reading, null);
	if (lead.size <= SORTED) return sort(db, plan, lead.source, segment, reading);
	if ((reading.offset ?? 0) > 0) {
		return lead.size >= COMMON
			? walk(db, plan, segment, reading, null)
			: sort(db, plan, lead.source, segment, reading);
	}
	const end = endOfWalk(db, plan, segment, reading);
	const walked = walk(db, plan, segment, reading, end);
	return end === null || walked.length >= reading.limit
		? walked
		: sort(db, plan, lead.source, segment, reading);
}

/** The range of the order to read: after the position, and where a term cuts it, within that. */
function within(
	plan: Plan,
	segment: Segment,
	{ order, after, inclusive }: PageRequest
): Fragment[] {
	const begin = after ? [beyond(segment, order, after, inclusive ? 'from' : 'after')] : [];
	return [segment.rows, ...cutsOf(plan.terms, order), ...begin];
}

function endOfWalk(db: Sql, plan: Plan, segment: Segment, reading: PageRequest): Position | null {
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
	reading: PageRequest,
	end: Position | null
): SqlRow[] {
	const stop = end ? [beyond(segment, reading.order, end, 'until')] : [];
	return rows(
		db,
		sql`SELECT r.run, r.key, ${valueOf(segment)} AS value
			FROM sb_runs r INDEXED BY ${segment.index}
			WHERE ${all([...within(plan, segment, reading), ...stop, plan.all])}
			ORDER BY ${orderBy(segment, reading.order)} LIMIT ${reading.limit} OFFSET ${reading.offset ?? 0}`
	);
}

function sort(
	db: Sql,
	plan: Plan,
	source: Fragment,
	segment: Segment,
	reading: PageRequest
): SqlRow[] {
	return rows(
		db,
		sql`SELECT r.run, r.key, ${valueOf(segment)} AS value
			FROM (${source}) s CROSS JOIN sb_runs r ON r.run = s.run
			WHERE ${all([...within(plan, segment, reading), plan.rest])}
			ORDER BY ${orderBy(segment, reading.order)} LIMIT ${reading.limit} OFFSET ${reading.offset ?? 0}`
	);
}

function all(conditions: readonly Fragment[]): Fragment {
	return join(conditions, ' AND ', sql`1`);
}
