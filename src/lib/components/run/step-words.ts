import { isApprovalWait, type RunRow } from '$lib/protocol';
import { formatClock } from '../ui/time-format';

/** Where a run stands, for a row of a list: what it waits for, else the step's own name. */
export function stepWords(
	{ status, step, waitingFor }: Pick<RunRow, 'status' | 'step' | 'waitingFor'>,
	now: number
): string {
	if (status !== 'waiting' || !waitingFor) return step ?? '';
	if (waitingFor.kind === 'sleep') {
		return waitingFor.dueAt === null
			? 'asleep'
			: `asleep until ${formatClock(waitingFor.dueAt, now)}`;
	}
	if (isApprovalWait(waitingFor)) return 'needs an approval';
	return `waits for ${waitingFor.eventType ?? waitingFor.name}`;
}
