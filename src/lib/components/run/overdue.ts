import type { Pause, Run, Timeline, TimelineRow } from '$lib/protocol';

/** How long something may be late before it counts as overdue, in milliseconds. */
export const OVERDUE_AFTER_MS = 5_000;

/** The time that due times are compared with: it stands still while the run is paused. */
export function dueTime(pauses: readonly Pause[], now: number): number {
	const last = pauses.at(-1);
	return last?.to === null ? Math.min(last.from, now) : now;
}

/** When a sleep or a back-off that is overdue was due; null while it is not overdue. */
export function overdueSince(row: TimelineRow, dueNow: number): number | null {
	const isDue = row.endedAt === null && (row.kind === 'sleep' || row.state === 'retrying');
	return isDue && row.dueAt !== null && row.dueAt + OVERDUE_AFTER_MS < dueNow ? row.dueAt : null;
}

/** A row that is overdue, and when it was due. */
export type Overdue = { row: TimelineRow; since: number };

/** The sleep or back-off that has been overdue longest; null for none. */
export function longestOverdue(
	{ status }: Pick<Run, 'status'>,
	timeline: Timeline,
	now: number
): Overdue | null {
	if (status !== 'waiting' && status !== 'running') return null;
	const dueNow = dueTime(timeline.pauses, now);
	let longest: Overdue | null = null;
	for (const row of timeline.rows) {
		const since = overdueSince(row, dueNow);
		if (since !== null && (!longest || since < longest.since)) longest = { row, since };
	}
	return longest;
}
