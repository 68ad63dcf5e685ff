// Explains a run's status in one plain sentence from its history, with the one action that helps.
import { statusExplanationText as text } from '$lib/messages/components/status-explanation';
import { DEADLINE_PERSON } from '../../../protocol';
import { timeText } from '$lib/messages/components/time';
import { formatRelative } from '../../ui/time-format';
import { explainPause, explainTermination, pausedBy } from './explain-action';
import { explainOverdue, explainWait } from './explain-wait';
import {
	attemptOf,
	explanation,
	nameOf,
	shortError,
	since,
	type Explanation,
	type ExplanationInput,
	type Help
} from './explanation';

/** Why the run waits, what it is doing, or why it ended; null when its status says it all. */
export function explainStatus(input: ExplanationInput): Explanation | null {
	const { run, audit } = input;
	if (run.missingBinding) return explanation('failed', text.missingBinding(run.workflow));
	switch (run.status) {
		case 'queued':
			return explainQueue(input);
		case 'paused':
			return explainPause(input);
		case 'waitingForPause':
			return explanation('paused', text.pausing(run.step, pausedBy(audit)));
		case 'rollingBack':
			return explanation('waiting', text.rollingBack);
		case 'waiting':
			return explainOverdue(input) ?? explainWait(input);
		case 'running':
			return explainOverdue(input) ?? explainWork(input);
		case 'errored':
			return explainFailure(input);
		case 'terminated':
			return explainTermination(input);
		case 'unknown':
			return explanation('queued', run.error?.message ?? text.lost, { kind: 'again' });
		case 'complete':
			return null;
		default:
			return null; // a status of a newer server
	}
}

function explainQueue({ run, ahead, now }: ExplanationInput): Explanation {
	return explanation('queued', text.queued(since(run.createdAt, now), ahead, run.workflow));
}

function explainWork({ timeline, now }: ExplanationInput): Explanation | null {
	const open = timeline.rows.filter((row) => row.endedAt === null && !row.sdk);
	const retrying = open.find((row) => row.state === 'retrying');
	const row = retrying ?? open.at(-1);
	if (!row) return null;
	const help: Help = { kind: 'step', key: row.key };
	const { dueAt, error } = row;
	if (!retrying) {
		const attempt = row.attempts.length > 1 ? attemptOf(row, row.attempts.length) : null;
		const ran = since(row.startedAt, now);
		return explanation('running', text.running(nameOf(row), open.length - 1, ran, attempt), help);
	}
	const due = dueAt === null || dueAt - now < 1_000 ? timeText.now : formatRelative(dueAt, now);
	const attempt = attemptOf(row, row.attempts.length + 1);
	const why = error && shortError(error);
	return explanation('waiting', text.retrying(nameOf(row), due, attempt, why), help);
}

function explainFailure({ run, timeline, approvals }: ExplanationInput): Explanation | null {
	if (run.outcome === 'rejected') {
		const rejection = approvals
			.flatMap(({ decisions }) => decisions)
			.findLast(({ approved }) => !approved);
		if (rejection?.by === DEADLINE_PERSON) return explanation('refused', text.rejectedInTime);
		return explanation('refused', text.rejected(rejection?.by ?? null, rejection?.reason ?? null));
	}
	if (run.outcome === 'expired') return explanation('refused', text.expired(run.step));
	const { failedRollback } = run;
	const undone = failedRollback
		? text.failedRollback(
				failedRollback.step,
				failedRollback.error && shortError(failedRollback.error)
			)
		: '';
	// A failed step whose error was caught ended nothing: the run knows which one did.
	const failed = timeline.rows.findLast(
		({ kind, state, sdk, name }) =>
			kind === 'step' && state === 'errored' && !sdk && name === run.step
	);
	if (!failed) return undone === '' ? null : explanation('failed', undone);
	const help: Help = { kind: 'step', key: failed.key };
	const sentence = text.failed(nameOf(failed), failed.attempts.length);
	return explanation('failed', `${sentence} ${undone}`.trim(), help);
}
