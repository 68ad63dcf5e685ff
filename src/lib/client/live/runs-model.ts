import {
	runKey,
	type Change,
	type RunRow,
	type RunsByStatus,
	type ShownWindow
} from '$lib/protocol';

/** A page of runs as it stands: rows by key, in order. */
export type RunsModel = {
	rows: readonly RunRow[];
	/** Keys of rows that have left the list and are only kept in their place. */
	gone: ReadonlySet<string>;
	/** Of all that match, not only of this page. */
	total: number;
	/** False when there are more than were counted. */
	totalExact: boolean;
	nextCursor: string | null;
	/** Where the rows lie in the whole list; null for a page that was asked for by cursor. */
	window: ShownWindow | null;
	/** Runs by status, without the query's own statuses; null until they are counted. */
	byStatus: RunsByStatus | null;
};

const NONE: ReadonlySet<string> = new Set();

/**
 * Takes a change of a page of runs. Rows go by key, so the same change twice is as good as once; a
 * snapshot replaces everything.
 */
export function applyToRuns(before: RunsModel | undefined, change: Change): RunsModel | undefined {
	return takeChange(before, change, false);
}

/** The same for a page that is being read: rows stay where they are, those that left too. */
export function applyToFrozenRuns(
	before: RunsModel | undefined,
	change: Change
): RunsModel | undefined {
	return takeChange(before, change, true);
}

function takeChange(
	before: RunsModel | undefined,
	change: Change,
	isFrozen: boolean
): RunsModel | undefined {
	if (change.kind === 'runs') {
		// Sent again after a reconnect: nothing that is being read moves.
		if (isFrozen && before) {
			const keys = change.rows.map(runKey);
			return takeChange(before, { ...change, kind: 'runs-changed', keys }, true);
		}
		const { rows, total, totalExact, nextCursor, window = null, byStatus = null } = change;
		return { rows, gone: NONE, total, totalExact, nextCursor, window, byStatus };
	}
	if (!before) return before;
	if (change.kind === 'runs-counted') {
		const { total, byStatus } = change;
		return { ...before, total, totalExact: true, byStatus };
	}
	if (change.kind !== 'runs-changed') return before;
	const known = new Map(before.rows.map((row) => [runKey(row), row]));
	for (const row of change.rows) known.set(runKey(row), row);
	const keys = change.keys ?? before.rows.map(runKey).filter((key) => !before.gone.has(key));
	const shown = isFrozen ? inPlace(before.rows.map(runKey), keys) : keys;
	const present = new Set(keys);
	// A total that was counted once stands until it is counted again.
	const isCounted = !change.totalExact && before.totalExact && before.byStatus !== null;
	return {
		rows: shown.flatMap((key) => known.get(key) ?? []),
		gone: new Set(shown.filter((key) => !present.has(key))),
		total: isCounted ? Math.max(before.total, change.total) : change.total,
		totalExact: isCounted || change.totalExact,
		nextCursor: change.nextCursor,
		window: change.window ?? before.window,
		byStatus: change.byStatus ?? before.byStatus
	};
}

/** The order of before; what is new to the page comes after it, as far as there is room. */
function inPlace(before: readonly string[], now: readonly string[]): string[] {
	const known = new Set(before);
	const room = Math.max(0, now.length - before.length);
	return [...before, ...now.filter((key) => !known.has(key)).slice(0, room)];
}
