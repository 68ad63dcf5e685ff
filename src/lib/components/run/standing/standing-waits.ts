// What a run waits for, or should have stopped waiting for, in a sentence.
import { isApprovalWait, type Approval } from '$lib/protocol';
import { overdueOf } from './overdue';
import {
	attemptOf,
	nameOf,
	say,
	since,
	type Help,
	type Standing,
	type StandingFacts
} from './standing-words';

/** What it waits for, from whom and until when; null when it waits for nothing. */
export function waitOf({ run, timeline, approvals, now }: StandingFacts): Standing | null {
	const waiting = run.waitingFor;
	if (!waiting) return null;
	if (waiting.kind === 'sleep') {
		if (waiting.dueAt === null) return say('waiting', `Asleep for ${since(waiting.since, now)}.`);
		return say(
			'waiting',
			`Asleep until ${clock(waiting.dueAt, now)}, ${left(waiting.dueAt, now)}.`
		);
	}
	const asked = approvals.find((approval) => approval.status === 'pending');
	if (asked) {
		const until = asked.expiresAt === null ? '' : `, ${deadline(asked.expiresAt, now)}`;
		const who = approversOf(asked);
		const words = `Waiting for approval${who} for ${since(asked.requestedAt, now)}${until}: ${asked.title}`;
		return say('waiting', words, { kind: 'approval', id: asked.id });
	}
	const open = timeline.rows.filter(({ kind, endedAt }) => kind === 'wait' && endedAt === null);
	const more = open.length > 1 ? ` and ${open.length - 1} more` : '';
	const what = isApprovalWait(waiting)
		? 'approval'
		: `the event “${waiting.eventType ?? ''}”${more}`;
	const until = waiting.dueAt === null ? '' : `, ${deadline(waiting.dueAt, now)}`;
	const { eventType } = waiting;
	const help: Help | null =
		eventType === undefined || isApprovalWait(waiting) ? null : { kind: 'event', eventType };
	return say('waiting', `Waiting for ${what} for ${since(waiting.since, now)}${until}.`, help);
}

/** From whom an approval is still wanted: ` from 2 of approver`; with how many have said yes. */
function approversOf({ approvers, quorum, decisions }: Approval): string {
	const names = approvers.join(' or ');
	const yes = decisions.filter(({ approved }) => approved).length;
	if (names === '') return '';
	if (quorum <= 1) return ` from ${approvers.length === 1 ? an(names) : names}`;
	return ` from ${quorum} people (${names}), ${yes} of them said yes,`;
}

/** A role is one of many; somebody is named by an address or a group. */
function an(name: string): string {
	if (!/^[a-z]+$/.test(name)) return name;
	return `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name}`;
}

/** The engine should have moved and has not. */
export function lateOf({ run, timeline, now }: StandingFacts): Standing | null {
	const late = overdueOf(run, timeline, now);
	if (!late) return null;
	const { row, since: due } = late;
	const what =
		row.kind === 'sleep'
			? `${nameOf(row)} should have ended`
			: `${attemptOf(row, row.attempts.length + 1)} of ${nameOf(row)} should have begun`;
	return say(
		'failed',
		`Overdue: ${what} ${since(due, now)} ago, and the engine has not moved. ` +
			'Signalbox looks again and again; a pause and a resume wake the engine too.',
		{ kind: 'action', action: 'pause' }
	);
}

const left = (at: number, now: number) =>
	at - now < 2_000 ? 'any moment' : `for another ${since(now, at)}`;

const deadline = (at: number, now: number) =>
	at < now ? 'its deadline is past' : `until ${clock(at, now)}`;

function clock(at: number, now: number): string {
	const isToday = new Date(at).toDateString() === new Date(now).toDateString();
	const time = new Date(at).toLocaleTimeString(undefined, { timeStyle: 'short' });
	if (isToday) return time;
	return `${new Date(at).toLocaleDateString(undefined, { dateStyle: 'medium' })}, ${time}`;
}
