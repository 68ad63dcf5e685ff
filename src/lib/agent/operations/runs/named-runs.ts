import { runKey, type RunQuery, type RunRef } from '../../../protocol';
import type { IndexedPage } from '../run-index/run-index';
import type { VisibleFleet } from '../visible-fleet';

/** Runs that are named one by one, in pages like those of a query. One that is gone is left out. */
export function namedRuns(
	fleet: VisibleFleet,
	refs: readonly RunRef[]
): (query: RunQuery) => IndexedPage {
	return ({ cursor, limit }) => {
		const from = Number(cursor ?? 0);
		const runs = refs.slice(from, from + limit).flatMap((ref) => fleet.run(runKey(ref))?.run ?? []);
		const next = from + limit;
		return {
			runs,
			keys: runs.map(runKey),
			total: refs.length,
			totalExact: true,
			nextCursor: next < refs.length ? String(next) : null
		};
	};
}
