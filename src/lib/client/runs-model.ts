import { runKey, type Change, type RunRow } from '$lib/protocol';

/** A page of runs as it stands: rows by key, in order. */
export type RunsModel = {
	rows: readonly RunRow[];
	/** Of all that match, not only of this page. */
	total: number;
	/** False when there are more than were counted. */
	totalExact: boolean;
	nextCursor: string | null;
};

/**
 * Takes a change of a page of runs. Rows go by key, so the same change twice is as good as once; a
 * snapshot replaces everything.
 */
export function applyToRuns(before: RunsModel | undefined, change: Change): RunsModel | undefined {
	if (change.kind === 'runs') {
		const { rows, total, totalExact, nextCursor } = change;
		return { rows, total, totalExact, nextCursor };
	}
	if (change.kind !== 'runs-changed' || !before) return before;
	const known = new Map(before.rows.map((row) => [runKey(row), row]));
	for (const row of change.rows) known.set(runKey(row), row);
	const keys = change.keys ?? before.rows.map(runKey);
	return {
		rows: keys.flatMap((key) => known.get(key) ?? []),
		total: change.total,
		totalExact: change.totalExact,
		nextCursor: change.nextCursor
	};
}
