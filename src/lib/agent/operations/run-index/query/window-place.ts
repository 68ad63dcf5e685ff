import type { RunOrder, ShownWindow } from '../../../../protocol';
import type { Sql, SqlRow } from '../../../db/sql';
import { type Position, positionOf, writeCursor } from './keyset';
import { countBefore, pageRows } from './page';
import type { Plan } from './planner';

/** What stands above a window is counted up to here. */
const MAX_ABOVE = 1000;

/** A window: where it begins, and its first row, if it has one. */
type Window = {
	order: RunOrder;
	after: Position | null;
	offset: number;
	first: SqlRow | undefined;
};

/** Where a window lies in its list, and what has entered above the list's first row. */
export function windowPlace(
	db: Sql,
	plan: Plan,
	{ order, after, offset, first }: Window
): ShownWindow {
	if (after) {
		const before = countBefore(db, plan, { order, position: after, limit: MAX_ABOVE + 1 });
		const beforeExact = before <= MAX_ABOVE;
		return {
			offset,
			before: Math.min(before, MAX_ABOVE),
			beforeExact,
			head: writeCursor(order, after)
		};
	}
	const [top] = offset === 0 ? [first] : pageRows(db, plan, { order, after, limit: 1 });
	const head = top ? writeCursor(order, positionOf(top)) : null;
	return { offset, before: 0, beforeExact: true, head };
}
