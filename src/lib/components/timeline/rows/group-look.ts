import { timelineText as text } from '$lib/messages/components/timeline';
import type { StepGroup } from '../model/groups';
import { lookOfState } from './row-look';
import type { Look } from '../../run/status-look';
import { formatDuration } from '../../ui/time-format';

/** A group looks active while a member is, failed if one failed, else completed. */
export function groupLook(group: StepGroup): Look {
	if (group.open > 0) {
		const last = group.members.findLast(({ endedAt }) => endedAt === null);
		return lookOfState(last?.state ?? 'running');
	}
	if (group.failed > 0) return lookOfState('errored');
	return lookOfState(group.members.at(-1)?.state === 'cancelled' ? 'cancelled' : 'completed');
}

/** From the first start to the last end, or to now. */
export function groupTook({ startedAt, endedAt }: StepGroup, now: number): string {
	return formatDuration((endedAt ?? now) - startedAt, { coarse: endedAt === null });
}

/** The accessible name: `load-batch, group of 250 steps, closed, 3 failed, 12 s`. */
export function groupLabel(group: StepGroup, isOpen: boolean, now: number): string {
	const { name, kind, members, failed, open } = group;
	return [
		name,
		text.groupOf(text.kinds[kind](members.length)),
		isOpen ? text.groupOpen : text.groupClosed,
		failed > 0 ? text.failed(failed) : '',
		open > 0 ? text.active(open) : '',
		groupTook(group, now)
	]
		.filter(Boolean)
		.join(', ');
}
