import { toMs } from '../../lib/workflows/duration';

/** A time with its zone, so that it means the same everywhere. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/i;

/**
 * When a follow-up is due (Ms since the epoch): a duration counts from `now`, a time is itself.
 * Null when it is neither.
 */
export function dueAt(after: string | number, now: number): number | null {
	if (typeof after === 'string' && ISO_TIME.test(after.trim())) {
		const at = Date.parse(after.trim());
		return Number.isNaN(at) ? null : at;
	}
	const delayMs = toMs(after);
	return delayMs === null ? null : now + delayMs;
}
