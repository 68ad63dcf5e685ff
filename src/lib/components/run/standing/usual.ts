import type { Usual } from '$lib/protocol';
import { formatDuration } from '../../ui/time-format';

/** How a run's duration compares with what is usual, in words; null where there is nothing to say. */
export type Comparison = { words: string; basis: string; isLong: boolean };

/** Fewer completed runs than this tell what they took and no more. */
const ENOUGH = 20;

/**
 * Compares how long a run took, or has taken so far, with the last completed runs of its workflow.
 */
export function compareDuration(tookMs: number, usual: Usual): Comparison {
	const { runs, p50Ms, p95Ms } = usual;
	const half = formatDuration(p50Ms);
	const most = formatDuration(p95Ms);
	const basis = `of the last ${runs === 1 ? 'completed run' : `${runs.toLocaleString('en')} completed runs`}`;
	if (runs < ENOUGH) return { words: `usually ${half}`, basis, isLong: false };
	const isLong = tookMs > p95Ms;
	const words = isLong
		? `longer than 95 in 100, which took up to ${most}; usually ${half}`
		: `usually ${half}, 95 in 100 up to ${most}`;
	return { words, basis, isLong };
}
