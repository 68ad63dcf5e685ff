import type { RunHistory } from '../run-history';

/** The latest time that a date can represent, Ms. */
const LAST_TIME = 8.64e15;

/** The time `delayMs` after `at`, in whole milliseconds; long and fractional delays are possible. */
export function dueAfter(at: number, delayMs: number): number {
	return Math.min(Math.ceil(at + delayMs), LAST_TIME);
}

/**
 * When the engine will move next by itself, Ms since the epoch: the end of a sleep or of a retry
 * delay. Null when nothing is due: the run is paused, waits for an event, or executes code.
 */
export function nextDueAt(history: RunHistory): number | null {
	if (history.end || history.phase === 'paused') return null;
	const due = [
		...history.sleeps.map((sleep) => sleep.dueAt),
		...history.steps.flatMap((step) => (step.retryAt === null ? [] : [step.retryAt]))
	];
	return due.length > 0 ? Math.min(...due) : null;
}
