const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The longest that the engine sleeps. */
export const MAX_SLEEP_MS = 365 * DAY;

/** A unit is known by its first letter. */
const UNIT_MS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const DURATION = /^(\d+(?:\.\d+)?)\s*(s|seconds?|m|minutes?|h|hours?|d|days?|weeks?)$/i;

/** Reads `30 seconds`, `1 hour`, `1.5 days` or `90s` as milliseconds; null for anything else. */
export function parseDuration(text: string): number | null {
	const [, amount, unit] = DURATION.exec(text.trim()) ?? [];
	const unitMs = UNIT_MS[unit?.charAt(0).toLowerCase() ?? ''];
	return unitMs === undefined ? null : Math.round(Number(amount) * unitMs);
}

/** A duration in words or in milliseconds, as milliseconds; null when it is neither. */
export function toMs(duration: string | number): number | null {
	return typeof duration === 'number' ? duration : parseDuration(duration);
}
