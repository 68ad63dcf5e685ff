import type { TimelineRow } from '$lib/protocol';
import type { StepGroup } from './groups';

/** The durations of the finished members of a group, in ms. */
export type GroupTimes = { least: number; median: number; p95: number; most: number };

/** Null while no member has finished. */
export function groupTimes({ members }: StepGroup): GroupTimes | null {
	const lengths = members
		.flatMap(({ startedAt, endedAt }) => (endedAt === null ? [] : [endedAt - startedAt]))
		.toSorted((a, b) => a - b);
	if (lengths.length === 0) return null;
	const at = (share: number) => lengths[Math.round((lengths.length - 1) * share)] ?? 0;
	return { least: at(0), median: at(0.5), p95: at(0.95), most: at(1) };
}

/** The members to look at first: the failed ones if any, else the slowest. */
export function notable({ members }: StepGroup, most: number): TimelineRow[] {
	const failed = members.filter(({ state }) => state === 'errored' || state === 'timedOut');
	if (failed.length > 0) return failed.slice(0, most);
	const took = ({ startedAt, endedAt }: TimelineRow) => (endedAt ?? Infinity) - startedAt;
	return members.toSorted((a, b) => took(b) - took(a)).slice(0, most);
}
