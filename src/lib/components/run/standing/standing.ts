// Why a run stands where it stands, in one plain sentence from its history, with the one action
// that helps. Pure, so that the words can be tested.
import { lastPause, pausedAt, terminatedAt } from './standing-hands';
import { lateOf, waitOf } from './standing-waits';
import {
	attemptOf,
	nameOf,
	say,
	since,
	type Help,
	type Standing,
	type StandingFacts
} from './standing-words';
import { formatRelative } from '../../ui/time-format';

/** Why the run stands still, what it is doing, or why it ended; null when its status says it all. */
export function standingOf(facts: StandingFacts): Standing | null {
	const { run } = facts;
	switch (run.status) {
		case 'queued':
			return queuedAt(facts);
		case 'paused':
			return pausedAt(facts);
		case 'waitingForPause':
			return say(
				'paused',
				`It pauses as soon as ${run.step ?? 'the step at work'} is done${asAsked(lastPause(facts.audit))}.`
			);
		case 'rollingBack':
			return say('waiting', 'It undoes what its steps have done, the last one first.');
		case 'waiting':
			return lateOf(facts) ?? waitOf(facts);
		case 'running':
			return lateOf(facts) ?? workOf(facts);
		case 'errored':
			return failureOf(facts);
		case 'terminated':
			return terminatedAt(facts);
		case 'unknown':
			return say(
				'queued',
				'The engine has no instance of this id any more: it was kept too long there, or it was ' +
					'deleted outside. The history that was read before is kept here, as far as it goes.',
				{ kind: 'again' }
			);
		case 'complete':
			return null;
	}
}

const asAsked = (by: string | null) => (by === null ? '' : `, as ${by} asked`);

function queuedAt({ run, ahead, now }: StandingFacts): Standing {
	const behind =
		ahead === null || ahead === 0
			? ''
			: ` behind ${ahead === 1 ? 'another run' : `${ahead.toLocaleString('en')} other runs`} of ${run.workflow}`;
	return say(
		'queued',
		`Queued for ${since(run.createdAt, now)}${behind}: the engine has not begun it.`
	);
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
