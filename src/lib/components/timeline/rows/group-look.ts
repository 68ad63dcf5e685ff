import type { StepGroup } from '../model/groups';
import { KIND_NAME, lookOfState } from './row-look';
import type { Look } from '../../run/status-look';
import { formatDuration } from '../../ui/time-format';

/** How a group looks: at work while one of it is, failed when one failed, else completed. */
export function groupLook(group: StepGroup): Look {
	if (group.open > 0) {
		const last = group.members.findLast(({ endedAt }) => endedAt === null);
		return lookOfState(last?.state ?? 'running');
	}
	if (group.failed > 0) return lookOfState('errored');
	return lookOfState(group.members.at(-1)?.state === 'cancelled' ? 'cancelled' : 'completed');
}

/** From the first beginning to the last end, or to now. */
export function groupTook({ startedAt, endedAt }: StepGroup, now: number): string {
	return formatDuration((endedAt ?? now) - startedAt, { coarse: endedAt === null });
}

/** A group in one sentence: `load-batch, group of 250 steps, closed, 3 failed, 12 s`. */
export function groupWords(group: StepGroup, isOpen: boolean, now: number): string {
	const { name, kind, members, failed, open } = group;
	return [
		name,
		`group of ${members.length} ${KIND_NAME[kind]}s`,
		isOpen ? 'open' : 'closed',
		failed > 0 ? `${failed} failed` : '',
		open > 0 ? `${open} at work` : '',
		groupTook(group, now)
	]
		.filter(Boolean)
		.join(', ');
}
