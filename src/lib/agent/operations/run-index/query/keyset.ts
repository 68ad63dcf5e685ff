// Keyset pages: where a page ends is a value of the order and a key, so rows that come and go
// elsewhere never shift what follows. Runs without a value (not finished yet) come last in either
// direction; they are a segment of their own, by key.
import { z } from 'zod';
import { ProblemError, type RunOrder, type RunOrderField } from '../../../../protocol';
import { decodeCursor, encodeCursor } from './cursor';
import { ALWAYS } from './column-sql';
import type { CompiledTerm } from './compiled-term';
import { Fragment, sql, type SqlRow } from '../../../db/sql';

/** A page's cursor that this order did not hand out. */
export class BadCursorError extends Error {
	override readonly name = 'BadCursorError';
}

/** Where a page ended; `value` is null among the runs that have none. */
export type Position = { value: string | number | null; key: string };

/** Which rows of an order a page holds. */
export type PageRequest = {
	order: RunOrder;
	after: Position | null;
	/** The position itself belongs to the page. */
	inclusive?: boolean;
	limit: number;
	/** So many rows are left out. */
	offset?: number;
};

/** A range of the order that one index walks. */
export type Segment = {
	index: Fragment;
	/** Which rows belong to it. */
	rows: Fragment;
	/** The column that sorts it before the key; null where the key alone does. */
	column: Fragment | null;
};

type Column = { column: Fragment; index: Fragment; without: Fragment | null };

const COLUMNS: Record<RunOrderField, Column> = {
	created: column('created', null),
	updated: column('updated', null),
	finished: column('finished', 'sb_runs_unfinished'),
	duration: column('duration', 'sb_runs_unmeasured'),
	status: column('status', null),
	workflow: column('workflow', null)
};

function column(name: RunOrderField, without: string | null): Column {
	return {
		column: new Fragment(`r.${name}`),
		index: new Fragment(`sb_runs_${name}`),
		without: without === null ? null : new Fragment(without)
	};
}

/** The segments of an order, in the order in which they are read. */
export function segmentsOf(order: RunOrder, after: Position | null): Segment[] {
	const { column, index, without } = COLUMNS[order.field];
	if (without === null) return [{ index, rows: ALWAYS, column }];
	const withValue = { index, rows: sql`${column} IS NOT NULL`, column };
	const withoutValue = { index: without, rows: sql`${column} IS NULL`, column: null };
	return after && after.value === null ? [withoutValue] : [withValue, withoutValue];
}

/** Does a position lie in this segment? The one before it was read to its end otherwise. */
export function positionIn(segment: Segment, after: Position | null): Position | null {
	return after && (after.value === null) === (segment.column === null) ? after : null;
}

function direction(order: RunOrder): Fragment {
	return new Fragment(order.direction === 'asc' ? 'ASC' : 'DESC');
}

/** The terms' own tests that cut a range out of the order. */
export function cutsOf(terms: readonly CompiledTerm[], order: RunOrder): Fragment[] {
	return terms.filter((term) => term.cuts === order.field).map(({ test }) => test);
}

/** What a row of the segment is sorted by before the key. */
export function valueOf({ column }: Segment): Fragment {
	return column ?? sql`NULL`;
}

/** `ORDER BY` of a segment. */
export function orderBy({ column }: Segment, order: RunOrder): Fragment {
	const way = direction(order);
	return column ? sql`${column} ${way}, r.key ${way}` : sql`r.key ${way}`;
}

/** The rows on one side of a position; `from` and `until` have the position itself among them. */
export function beyond(
	{ column }: Segment,
	order: RunOrder,
	{ value, key }: Position,
	side: 'before' | 'until' | 'from' | 'after' = 'after'
): Fragment {
	const isForward = side === 'from' || side === 'after';
	const ascending = (order.direction === 'asc') === isForward;
	const isIncluded = side === 'from' || side === 'until';
	const than = new Fragment(`${ascending ? '>' : '<'}${isIncluded ? '=' : ''}`);
	return column ? sql`(${column}, r.key) ${than} (${value}, ${key})` : sql`r.key ${than} ${key}`;
}

/** The position of a row that was selected with its `value` and `key`. */
export function positionOf(row: SqlRow): Position {
	const value = row['value'];
	return {
		value: typeof value === 'string' || typeof value === 'number' ? value : null,
		key: String(row['key'])
	};
}

export function writeCursor(order: RunOrder, { value, key }: Position): string {
	const place = value === null ? [key] : [key, value];
	return encodeCursor([order.field, order.direction, ...place]);
}

const cursorSchema = z.union([
	z.tuple([z.string(), z.string(), z.string(), z.union([z.string(), z.number()])]),
	z.tuple([z.string(), z.string(), z.string()])
]);

/** @throws BadCursorError for a cursor that is none, or that belongs to another order. */
export function readCursor(order: RunOrder, cursor: string): Position {
	const parsed = cursorSchema.safeParse(decode(cursor));
	if (!parsed.success) throw new BadCursorError('is not one that this list handed out');
	const [field, way, key, value = null] = parsed.data;
	if (field !== order.field || way !== order.direction)
		throw new BadCursorError(`belongs to the order ${field}:${way}`);
	return { value, key };
}

function decode(cursor: string): unknown {
	try {
		return decodeCursor(cursor);
	} catch (error) {
		if (error instanceof ProblemError) return null;
		throw error;
	}
}
