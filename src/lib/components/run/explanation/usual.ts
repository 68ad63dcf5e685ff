import { statusExplanationText as text } from '$lib/messages/components/status-explanation';
import type { Approval, Usual } from '$lib/protocol';
import { formatDuration } from '../../ui/time-format';

/** For how long requests had waited for people at `until`, Ms; times of several at once count once. */
export function humanWaitMs(
	approvals: readonly Pick<Approval, 'requestedAt' | 'decidedAt'>[],
	from: number,
	until: number
): number {
	let [total, reached] = [0, from];
	for (const { requestedAt, decidedAt } of approvals.toSorted(
		(one, other) => one.requestedAt - other.requestedAt
	)) {
		const begin = Math.max(requestedAt, reached);
		const end = Math.min(decidedAt ?? until, until);
		if (end <= begin) continue;
		total += end - begin;
		reached = end;
	}
	return total;
}

/** How a run's duration compares with what is usual. */
export type Comparison = { text: string; basis: string; isLong: boolean };

/** With fewer completed runs, a percentile means nothing. */
const ENOUGH_RUNS = 20;

/** Compares a duration, final or so far, with the last completed runs of the workflow. */
export function compareDuration(tookMs: number, usual: Usual): Comparison {
	const { runs, p50Ms, p95Ms } = usual;
	const half = formatDuration(p50Ms);
	const most = formatDuration(p95Ms);
	const basis = text.usualBasis(runs);
	if (runs < ENOUGH_RUNS) return { text: text.usual(half), basis, isLong: false };
	const isLong = tookMs > p95Ms;
	const words = isLong ? text.longerThanUsual(half, most) : text.usualAndMost(half, most);
	return { text: words, basis, isLong };
}
