// A page of runs of which the set is known: either the whole set is sorted, or the order's index is
// walked and each run looked up in the set, by the thousand.
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
import { listIn, type Found } from './term-set-cache';
import { count, join, rows, sql, type Fragment, type Sql, type SqlRow } from '../../../db/sql';

/** How many runs a walk looks at first, and at most, at a time. */
const STRIDE = { first: 500, most: 20_000 } as const;

/** Rows of `run`, `key` and the order's `value`; at most `limit`, after the position. */
export function sievedRows(db: Sql, found: Found, reading: PageRequest): SqlRow[] {
	const page: SqlRow[] = [];
	let offset = reading.offset ?? 0;
	const list = found.few ? JSON.stringify([...found.set]) : null;
	for (const segment of segmentsOf(reading.order, reading.after)) {
		const limit = reading.limit - page.length;
		if (limit <= 0) break;
		const after = positionIn(segment, reading.after);
		const begin = after
			? [beyond(segment, reading.order, after, reading.inclusive ? 'from' : 'after')]
			: [];
		if (list !== null) {
			const sorted = sortedRows(db, list, segment, { ...reading, begin, most: offset + limit });
			page.push(...sorted.slice(offset));
			offset = Math.max(0, offset - sorted.length);
			continue;
		}
		const hits: number[] = [];
		for (const runs of walk(db, found, segment, { order: reading.order, begin })) {
			const own = runs.slice(offset);
			offset = Math.max(0, offset - runs.length);
			hits.push(...own.slice(0, limit - hits.length));
			if (hits.length >= limit) break;
		}
		page.push(...rowsOf(db, hits, segment));
	}
	return page;
}

/** How many of the set stand before a position, counted up to `limit`. */
export function sievedBefore(
	db: Sql,
	found: Found,
	{ order, position, limit }: { order: RunOrder; position: Position; limit: number }
): number {
	let before = 0;
	for (const segment of segmentsOf(order, null)) {
		const end = positionIn(segment, position);
		if (end === null && position.value !== null && segment.column === null) break;
		const begin = end ? [beyond(segment, order, end, 'before')] : [];
		for (const runs of walk(db, found, segment, { order, begin })) {
			before += runs.length;
			if (before >= limit) return limit;
		}
	}
	return before;
}

type OrderRange = { order: RunOrder; begin: readonly Fragment[] };

/** The runs of the set in the order of a segment, some at a time. */
function* walk(
	db: Sql,
	{ set, terms }: Found,
	segment: Segment,
	{ order, begin }: OrderRange
): Generator<number[]> {
	let after: Fragment[] = [];
	for (let stride: number = STRIDE.first; ; stride = Math.min(4 * stride, STRIDE.most)) {
		const within = join(
			[segment.rows, ...cutsOf(terms, order), ...begin, ...after],
			' AND ',
			sql`1`
		);
		const passed = listIn(
			db,
			sql`SELECT r.run FROM sb_runs r INDEXED BY ${segment.index} WHERE ${within}
				ORDER BY ${orderBy(segment, order)} LIMIT ${stride}`
		);
		yield passed.filter((run) => set.has(run));
		const last = passed.at(-1);
		if (last === undefined || passed.length < stride) return;
		const [row] = rowsOf(db, [last], segment);
		if (!row) return;
		after = [beyond(segment, order, positionOf(row))];
	}
}

function sortedRows(
	db: Sql,
	list: string,
	segment: Segment,
	{ order, begin, most }: OrderRange & { most: number }
): SqlRow[] {
	return rows(
		db,
		sql`SELECT r.run, r.key, ${valueOf(segment)} AS value
			FROM json_each(${list}) s CROSS JOIN sb_runs r ON r.run = s.value
			WHERE ${join([segment.rows, ...begin], ' AND ', sql`1`)}
			ORDER BY ${orderBy(segment, order)} LIMIT ${most}`
	);
}

/** The rows of these runs, in their order. */
function rowsOf(db: Sql, runs: readonly number[], segment: Segment): SqlRow[] {
	const found = rows(
		db,
		sql`SELECT r.run, r.key, ${valueOf(segment)} AS value
			FROM json_each(${JSON.stringify(runs)}) s CROSS JOIN sb_runs r ON r.run = s.value`
	);
	const byRun = new Map(found.map((row) => [count(row, 'run'), row]));
	return runs.map((run) => byRun.get(run)).filter((row) => row !== undefined);
}
