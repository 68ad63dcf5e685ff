// Why a run stands where it stands, in one plain sentence from its history, with the one action
// that helps. Pure, so that the words can be tested.
import {
	isApprovalWait,
	type Approval,
	type Json,
	type Run,
	type Timeline,
	type TimelineRow
} from '../../protocol';
import type { Tone } from '../status-look';
import { formatDuration, formatRelative } from '../time-format';
import { overdueOf } from './overdue';

/** What helps: the approval or the event that it waits for, or the step that it is about. */
type Help =
	| { kind: 'approval'; id: string }
	| { kind: 'event'; eventType: string }
	| { kind: 'step'; key: string };

export type Standing = { tone: Tone; words: string; help: Help | null };

/** What the sentence is made from. */
export type StandingFacts = {
	run: Run;
	timeline: Timeline;
	approvals: readonly Approval[];
	now: number;
};

/** Why the run stands still, what it is doing, or why it ended; null when its status says it all. */
export function standingOf(facts: StandingFacts): Standing | null {
	const { run, now } = facts;
	switch (run.status) {
		case 'queued':
			return say('queued', `Queued for ${since(run.createdAt, now)}: the engine has not begun it.`);
		case 'paused':
			return pausedAt(facts);
		case 'waitingForPause':
			return say('paused', `It pauses as soon as ${run.step ?? 'the step at work'} is done.`);
		case 'rollingBack':
			return say('waiting', 'It undoes what its steps have done, the last one first.');
		case 'waiting':
			return lateOf(facts) ?? waitOf(facts);
		case 'running':
			return lateOf(facts) ?? workOf(facts);
		case 'errored':
			return failureOf(facts);
		case 'terminated':
			return run.step === null ? null : say('stopped', `It was terminated at ${run.step}.`);
		case 'unknown':
			return say(
				'queued',
				'The engine has no instance of this id any more: it was kept too long there, or it was ' +
					'deleted outside. The history that was read before is kept here, as far as it goes.'
			);
		case 'complete':
			return null;
	}
}

const say = (tone: Tone, words: string, help: Help | null = null): Standing => ({
	tone,
	words,
	help
});
const since = (at: number, now: number) => formatDuration(now - at, { coarse: true });

function pausedAt({ run, timeline, now }: StandingFacts): Standing {
	const pause = timeline.pauses.at(-1);
	const how = pause ? ` for ${since(pause.from, now)}` : '';
	const where = run.step === null ? '' : `, at ${run.step}`;
	return say('paused', `Paused${how}${where}. It takes no step until it is resumed.`);
}

function waitOf({ run, timeline, approvals, now }: StandingFacts): Standing | null {
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
		const words = `Waiting for approval for ${since(asked.requestedAt, now)}${until}: ${asked.title}`;
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

/** The engine should have moved and has not. */
function lateOf({ run, timeline, now }: StandingFacts): Standing | null {
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
		{ kind: 'step', key: row.key }
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

function workOf({ timeline, now }: StandingFacts): Standing | null {
	const open = timeline.rows.filter((row) => row.endedAt === null && !row.sdk);
	const retrying = open.find((row) => row.state === 'retrying');
	const row = retrying ?? open.at(-1);
	if (!row) return null;
	const help: Help = { kind: 'step', key: row.key };
	if (!retrying) {
		const tries = row.attempts.length > 1 ? `, ${attemptOf(row, row.attempts.length)}` : '';
		const others = open.length > 1 ? ` and ${open.length - 1} more` : '';
		const words = `At ${nameOf(row)}${others} for ${since(row.startedAt, now)}${tries}.`;
		return say('running', words, help);
	}
	const due =
		row.dueAt === null || row.dueAt - now < 1_000 ? 'now' : formatRelative(row.dueAt, now);
	const why = row.error ? ` after ${row.error.name}: ${row.error.message}` : '';
	const next = attemptOf(row, row.attempts.length + 1);
	return say(
		'waiting',
		`Tries ${nameOf(row)} again ${due}, ${next},${why}`.replace(/,$/, '.'),
		help
	);
}

const nameOf = ({ name, count }: TimelineRow) => (count > 1 ? `${name} ${count}` : name);

/** `attempt 3 of 6`: the engine's limit counts retries, so there is one attempt more. */
function attemptOf(row: TimelineRow, attempt: number): string {
	const limit = retryLimit(row.config);
	return limit === null ? `attempt ${attempt}` : `attempt ${attempt} of ${limit + 1}`;
}

/** How often a step is tried again by its config; null when it does not say. */
function retryLimit(config: Json | undefined): number | null {
	if (typeof config !== 'object' || config === null || Array.isArray(config)) return null;
	const { retries } = config;
	if (typeof retries !== 'object' || retries === null || Array.isArray(retries)) return null;
	return typeof retries.limit === 'number' ? retries.limit : null;
}

function failureOf({ run, timeline, approvals }: StandingFacts): Standing | null {
	if (run.outcome === 'rejected') {
		const no = approvals
			.flatMap(({ decisions }) => decisions)
			.findLast(({ approved }) => !approved);
		if (!no) return say('refused', 'An approver said no.');
		return say('refused', `${no.by} said no${no.reason ? `: ${no.reason}` : '.'}`);
	}
	if (run.outcome === 'expired') {
		return say('refused', `Nobody decided at ${run.step ?? 'its approval'} before the deadline.`);
	}
	const failed = timeline.rows.findLast((row) => row.state === 'errored' && !row.sdk);
	if (!failed) return null;
	const tries = failed.attempts.length;
	const times = tries > 1 ? ` after ${tries} attempts` : '';
	const help: Help = { kind: 'step', key: failed.key };
	return say('failed', `${nameOf(failed)} failed${times}.`, help);
}
