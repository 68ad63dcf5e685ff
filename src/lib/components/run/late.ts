import type { Pause, TimelineRow } from '$lib/protocol';

/** What is due gets so long to happen before it is called overdue, Ms. */
export const LATE_MS = 5_000;

/** The time by which things are due: it stands still while the run is paused. */
export function dueTime(pauses: readonly Pause[], now: number): number {
	const last = pauses.at(-1);
	return last?.to === null ? Math.min(last.from, now) : now;
}

/** Since when a sleep or a back-off is overdue; null while it is not. */
export function lateSince(row: TimelineRow, dueNow: number): number | null {
	const isDue = row.endedAt === null && (row.kind === 'sleep' || row.state === 'retrying');
	return isDue && row.dueAt !== null && row.dueAt + LATE_MS < dueNow ? row.dueAt : null;
}
