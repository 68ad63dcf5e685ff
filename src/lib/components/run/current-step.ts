import { runText as text } from '$lib/messages/components/run';
import { isApprovalWait, type RunRow } from '$lib/protocol';
import { formatClock } from '../ui/time-format';

/** A run's current step for a row of a list: what it waits for, else the step's name. */
export function currentStepText(
	{
		status,
		step,
		waitingFor,
		approvalEvents
	}: Pick<RunRow, 'status' | 'step' | 'waitingFor' | 'approvalEvents'>,
	now: number
): string {
	if (status !== 'waiting' || !waitingFor) return step ?? '';
	if (waitingFor.kind === 'sleep') {
		return waitingFor.dueAt === null
			? text.stepSleeping
			: text.stepSleepingUntil(formatClock(waitingFor.dueAt, now));
	}
	if (isApprovalWait(waitingFor, approvalEvents)) return text.stepNeedsApproval;
	return text.stepWaitsFor(waitingFor.eventType ?? waitingFor.name);
}
