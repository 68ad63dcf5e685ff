// From the folded history of a run to the run that the API shows.
import { cutError, ERROR_BYTES } from './cut-error';
import { parseStepName } from './events';
import type { Run, WaitingFor } from './run';
import type { RunFacts, RunHistory } from './run-history';
import type { RunStatus } from './status';

/** The status in Cloudflare's words; `waiting` whenever a sleep or a wait is open. */
export function statusOf(history: RunHistory): RunStatus {
	if (history.end) return history.end.status;
	switch (history.phase) {
		case 'queued':
		case 'paused':
		case 'waitingForPause':
		case 'rollingBack':
			return history.phase;
		case 'running':
		case 'ended':
			return history.waits.length + history.sleeps.length > 0 ? 'waiting' : 'running';
	}
}

/** The open wait or sleep to show: a wait for an event first, else the sleep that ends first. */
export function waitingForOf(
	history: RunHistory,
	deadlines: ReadonlyMap<string, number> = new Map()
): WaitingFor | null {
	const wait = history.waits[0];
	if (wait) {
		return {
			kind: 'event',
			name: parseStepName(wait.name).name,
			eventType: wait.eventType,
			since: wait.since,
			dueAt: deadlines.get(wait.name) ?? null
		};
	}
	const first = history.sleeps.toSorted((a, b) => a.dueAt - b.dueAt)[0];
	// Sleeps of one name are one to whoever reads the code: it lasts until the last of them ends.
	const sleep = history.sleeps
		.filter(({ name }) => name === first?.name)
		.toSorted((a, b) => b.dueAt - a.dueAt)[0];
	if (!sleep) return null;
	return {
		kind: 'sleep',
		name: parseStepName(sleep.name).name,
		since: sleep.since,
		// A pause shifts the end by its own length, which is not known yet.
		dueAt: history.phase === 'paused' ? null : sleep.dueAt
	};
}

export function toRun(facts: RunFacts, history: RunHistory): Run {
	const isLost = facts.lost && !history.end;
	const status = isLost ? 'unknown' : statusOf(history);
	// A run that was adopted is older than what its Agent knows of it.
	const { queuedAt, startedAt } = history;
	const createdAt = Math.min(facts.createdAt, queuedAt ?? Infinity, startedAt ?? Infinity);
	return {
		...facts.ref,
		generation: facts.generation,
		agent: facts.agent,
		parent: facts.parent,
		status,
		outcome: isLost ? 'lost' : outcomeFor(facts, history),
		metadata: facts.metadata,
		params: history.params ?? facts.params,
		progress: facts.progress,
		step: status === 'complete' ? null : history.step,
		startedBy: facts.startedBy,
		...(facts.startedBySubject ? { startedBySubject: facts.startedBySubject } : {}),
		error: history.error && cutError(history.error, ERROR_BYTES),
		output: history.output,
		createdAt,
		startedAt,
		updatedAt: Math.max(createdAt, facts.touchedAt, history.updatedAt ?? 0),
		finishedAt: isLost ? facts.touchedAt : history.finishedAt,
		...(history.restartedAt === null ? {} : { restartedAt: history.restartedAt }),
		...(history.failedRollback === null ? {} : { failedRollback: history.failedRollback }),
		retries: history.retries,
		waitingFor: facts.lost ? null : waitingForOf(history),
		...(facts.missingBinding && !history.end ? { missingBinding: true as const } : {}),
		...(facts.approvalEvents ? { approvalEvents: facts.approvalEvents } : {})
	};
}

/** An approval that timed out under an event type of its own is expired, as under the default one. */
function outcomeFor({ approvalEvents }: RunFacts, { end, error, timedOutEvent }: RunHistory) {
	if (!end) return null;
	const isTimeout = end.outcome === 'failed' && error?.name === 'WorkflowTimeoutError';
	const isApproval = timedOutEvent !== null && approvalEvents?.includes(timedOutEvent);
	return isTimeout && isApproval ? 'expired' : end.outcome;
}
