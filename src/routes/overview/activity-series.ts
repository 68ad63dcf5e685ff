import type { ActivityMinute } from '$lib/protocol';

const MINUTE_MS = 60_000;
/** How far back the chart looks. */
export const MINUTES = 60;

/** The last hour minute by minute, those in which nothing happened included. */
export function lastHour(minutes: readonly ActivityMinute[], now: number): ActivityMinute[] {
	const last = Math.floor(now / MINUTE_MS) * MINUTE_MS;
	const known = new Map(minutes.map((entry) => [entry.minute, entry]));
	return Array.from({ length: MINUTES }, (_, index) => {
		const minute = last - (MINUTES - 1 - index) * MINUTE_MS;
		return known.get(minute) ?? { minute, started: 0, completed: 0, failed: 0 };
	});
}

/** What happened in all of these minutes together. */
export function sumOf(minutes: readonly ActivityMinute[]) {
	return {
		started: minutes.reduce((sum, entry) => sum + entry.started, 0),
		completed: minutes.reduce((sum, entry) => sum + entry.completed, 0),
		failed: minutes.reduce((sum, entry) => sum + entry.failed, 0)
	};
}
