import type { Run, Timeline, TimelineRow } from '$lib/protocol';
import { dueTime, lateSince } from '../late';

/** What should have happened by now, and since when it should have. */
export type Overdue = { row: TimelineRow; since: number };

/** The sleep or the back-off that the engine should have ended, the longest due; null for none. */
export function overdueOf(
	{ status }: Pick<Run, 'status'>,
	timeline: Timeline,
	now: number
): Overdue | null {
	if (status !== 'waiting' && status !== 'running') return null;
	const dueNow = dueTime(timeline.pauses, now);
	let longest: Overdue | null = null;
	for (const row of timeline.rows) {
		const since = lateSince(row, dueNow);
		if (since !== null && (!longest || since < longest.since)) longest = { row, since };
	}
	return longest;
}
