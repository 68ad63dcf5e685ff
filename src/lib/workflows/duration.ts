const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The longest sleep of the engine. */
export const MAX_SLEEP_MS = 365 * DAY;

/** By the first letter of the unit. */
const UNIT_MS: Record<string, number> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

const DURATION = /^(\d+(?:\.\d+)?)\s*(s|seconds?|m|minutes?|h|hours?|d|days?|weeks?)$/i;

/** Parses `30 seconds`, `1 hour`, `1.5 days` or `90s`; null for anything else. */
function textToMs(text: string): number | null {
	const [, amount, unit] = DURATION.exec(text.trim()) ?? [];
	const unitMs = UNIT_MS[unit?.charAt(0).toLowerCase() ?? ''];
	return unitMs === undefined ? null : Math.round(Number(amount) * unitMs);
}

/** A duration, in words such as `30 seconds` or in milliseconds, as milliseconds; null when it is neither. */
export function toMs(duration: string | number): number | null {
	return typeof duration === 'number' ? duration : textToMs(duration);
}
