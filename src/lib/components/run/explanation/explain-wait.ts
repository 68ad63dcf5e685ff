import { statusExplanationText as text } from '$lib/messages/components/status-explanation';
import { isApprovalWait, type Approval } from '$lib/protocol';
import { formatMinute } from '../../ui/time-format';
import { longestOverdue } from '../overdue';
import {
	attemptOf,
	explanation,
	nameOf,
	since,
	type Explanation,
	type ExplanationInput,
	type Help
} from './explanation';

/** What the run waits for, from whom and until when; null when it waits for nothing. */
export function explainWait({
	run,
	timeline,
	approvals,
	now
}: ExplanationInput): Explanation | null {
	const waiting = run.waitingFor;
	if (!waiting) return null;
	if (waiting.kind === 'sleep') {
		return explanation('waiting', sleepText(waiting.since, waiting.dueAt, now));
	}
	if (waiting.kind !== 'event') return null; // what a newer server waits for
	const pending = approvals.find((approval) => approval.status === 'pending');
	if (pending) {
		return explanation('waiting', approvalText(pending, now), { kind: 'approval', id: pending.id });
	}
	const waited = since(waiting.since, now);
	const due = dueText(waiting.dueAt, now);
	if (isApprovalWait(waiting, run.approvalEvents))
		return explanation('waiting', text.untitledApprovalWait(waited, due));
	const open = timeline.rows.filter(({ kind, endedAt }) => kind === 'wait' && endedAt === null);
	const { eventType } = waiting;
	const help: Help | null = eventType === undefined ? null : { kind: 'event', eventType };
	const others = Math.max(0, open.length - 1);
	return explanation('waiting', text.eventWait(eventType ?? '', others, waited, due), help);
}

function sleepText(from: number, dueAt: number | null, now: number): string {
	if (dueAt === null) return text.sleeping(since(from, now));
	if (dueAt - now < 2_000) return text.sleepEndsNow(formatMinute(dueAt, now));
	return text.sleepingUntil(formatMinute(dueAt, now), since(now, dueAt));
}

function approvalText(approval: Approval, now: number): string {
	const { title, approvers, quorum, decisions, requestedAt, expiresAt } = approval;
	return text.approvalWait({
		title,
		approvers,
		waited: since(requestedAt, now),
		required: quorum,
		given: decisions.filter(({ approved }) => approved).length,
		deadline: dueText(expiresAt, now)
	});
}

/** The engine should have moved and has not. */
export function explainOverdue({ run, timeline, now }: ExplanationInput): Explanation | null {
	const overdue = longestOverdue(run, timeline, now);
	if (!overdue) return null;
	const { row } = overdue;
	const late = since(overdue.since, now);
	const sentence =
		row.kind === 'sleep'
			? text.sleepOverdue(nameOf(row), late)
			: text.retryOverdue(nameOf(row), attemptOf(row, row.attempts.length + 1), late);
	return explanation('failed', sentence, { kind: 'action', action: 'pause' });
}

function dueText(at: number | null, now: number): string {
	if (at === null) return '';
	return at < now ? text.pastDeadline : text.due(formatMinute(at, now));
}
