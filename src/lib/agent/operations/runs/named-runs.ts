import { runKey, type RunQuery, type RunRef } from '../../../protocol';
import type { Fleet } from '../fleet';
import type { IndexedPage } from '../run-index/run-index';

/** Runs that are named one by one, in pages like those of a query. One that is gone is left out. */
export function namedRuns(fleet: Fleet, refs: readonly RunRef[]): (query: RunQuery) => IndexedPage {
	return ({ cursor, limit }) => {
		const from = Number(cursor ?? 0);
		const runs = refs
			.slice(from, from + limit)
			.flatMap((ref) => fleet.runs.get(runKey(ref))?.run ?? []);
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
