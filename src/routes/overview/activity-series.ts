import { formatMinute } from '$lib/components/ui/time-format';
import type { ActivityMinute } from '$lib/protocol';

const MINUTE_MS = 60_000;
const MINUTES = 60;

/** The last 60 minutes up to `now`, oldest first, with zeros for minutes without activity. */
export function lastHour(minutes: readonly ActivityMinute[], now: number): ActivityMinute[] {
	const last = Math.floor(now / MINUTE_MS) * MINUTE_MS;
	const known = new Map(minutes.map((entry) => [entry.minute, entry]));
	return Array.from({ length: MINUTES }, (_, index) => {
		const minute = last - (MINUTES - 1 - index) * MINUTE_MS;
		return known.get(minute) ?? { minute, started: 0, completed: 0, failed: 0 };
	});
}

export function sumOf(minutes: readonly ActivityMinute[]) {
	return {
		started: minutes.reduce((sum, entry) => sum + entry.started, 0),
		completed: minutes.reduce((sum, entry) => sum + entry.completed, 0),
		failed: minutes.reduce((sum, entry) => sum + entry.failed, 0)
	};
}

/** A minute as the chart's axis and the table label it: `14:05`. */
export function clockOf(minute: number): string {
	return formatMinute(minute, minute);
}
