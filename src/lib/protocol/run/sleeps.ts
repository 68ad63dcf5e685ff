// The engine counts sleeps by name and duration, so several sleeps of a loop, or of parallel branches,
// have one name: `wait-1`. Which of them an event is about follows from when each is due.

/** An open sleep; `plannedAt` is when it was due before pauses shifted that. */
type OpenSleep = { since: number; dueAt: number; plannedAt?: number | undefined };

/** How exactly a replayed sleep ends when it did before: Ms, and as a part of the time between. */
const REPLAY = { ms: 1_000, part: 1 / 20 } as const;

/**
 * Is this the open sleep of the same name, begun again? `sleepUntil` counts its time anew when the
 * engine replays the run: it begins later and ends at the same time. Sleeps of different durations
 * that run in parallel end at different times.
 */
export function isReplay(sleep: OpenSleep, open: OpenSleep): boolean {
	const laterMs = sleep.since - open.since;
	const offMs = Math.abs(sleep.dueAt - (open.plannedAt ?? open.dueAt));
	return offMs <= Math.min(REPLAY.ms, laterMs * REPLAY.part);
}

/** The one of several sleeps that ends first; undefined of none. */
export function firstDue<T extends { dueAt: number | null }>(sleeps: readonly T[]): T | undefined {
	return sleeps.toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))[0];
}
