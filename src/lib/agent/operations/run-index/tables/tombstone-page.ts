import { z } from 'zod';
import { runRefSchema, type DeletedRun, type TombstonesQuery } from '../../../../protocol';
import { count, join, rows, sql, type Sql, type SqlRow } from '../../../db/sql';
import { encodeCursor, parseCursor } from '../query/cursor';

/** When the last one of a page was deleted, Ms, and its key. */
const CURSOR = z.tuple([z.number(), z.string()]);

/**
 * A page of tombstones, the newest first.
 * @throws ProblemError `invalid-input`, for a foreign cursor
 */
export function tombstonePage(
	db: Sql,
	{ by, limit, cursor }: TombstonesQuery
): { tombstones: DeletedRun[]; nextCursor: string | null } {
	const [at, key] = cursor === undefined ? [null, null] : parseCursor(cursor, CURSOR);
	const conditions = [
		...(by === undefined ? [] : [sql`(by = ${by} OR person = ${by})`]),
		...(at === null ? [] : [sql`(at, key) < (${at}, ${key})`])
	];
	const found = rows(
		db,
		sql`SELECT * FROM sb_tombstones WHERE ${join(conditions, ' AND ', sql`1`)}
			ORDER BY at DESC, key DESC LIMIT ${limit + 1}`
	);
	const shown = found.slice(0, limit);
	const last = shown.at(-1);
	return {
		tombstones: shown.map(tombstoneIn),
		nextCursor:
			last && found.length > limit ? encodeCursor([count(last, 'at'), String(last['key'])]) : null
	};
}

function tombstoneIn(row: SqlRow): DeletedRun {
	const [workflow, id] = String(row['key']).split('/');
	const text = (column: string) => (row[column] == null ? null : String(row[column]));
	return {
		...runRefSchema.parse({ workflow, id }),
		generation: count(row, 'generation'),
		at: count(row, 'at'),
		by: String(row['by']),
		person: text('person'),
		policy: text('policy')
	};
}
