import type { Json } from '../../wire/json';
import { ended, resumed } from './fold-workflow';
import type { RunError } from '../run';
import { cutError, ERROR_BYTES } from '../cut-error';
import { blameFor, outcomeOf, unwrapError } from './run-error';
import type { RunHistory } from '../run-history';
import type { RunOutcome } from '../status';

/** The answer of `WorkflowInstance.status()`: all there is of an engine without `subscribe`. */
export type CoarseStatus = { status: string; error?: RunError | undefined; output?: Json };

/**
 * Folds the answer of `status()` where the history cannot be read. It has no times and no steps, so
 * an end gets the time of the read, `atMs`. An answer that says nothing new changes nothing.
 */
export function foldStatus(history: RunHistory, answer: CoarseStatus, atMs: number): RunHistory {
	if (history.end) return history;
	const moved = { ...history, updatedAt: atMs };
	switch (answer.status) {
		case 'complete':
		case 'errored':
		case 'terminated': {
			const thrown = answer.error ? cutError(unwrapError(answer.error), ERROR_BYTES) : null;
			const { error, step } = blameFor(thrown, history);
			const outcome: Record<typeof answer.status, RunOutcome> = {
				complete: 'completed',
				errored: outcomeOf(error, history),
				terminated: 'terminated'
			};
			return {
				...moved,
				...ended(answer.status, outcome[answer.status], atMs),
				output: answer.output ?? null,
				error,
				...(answer.status === 'errored' ? { step } : {})
			};
		}
		case 'paused':
			return history.phase === 'paused' ? history : { ...moved, phase: 'paused', pausedAt: atMs };
		case 'queued':
		case 'waitingForPause':
		case 'rollingBack':
			return history.phase === answer.status ? history : { ...moved, phase: answer.status };
		case 'running':
		case 'waiting':
			return history.phase === 'running'
				? history
				: { ...moved, ...resumed(history, atMs), startedAt: history.startedAt ?? atMs };
		default:
			return history;
	}
}
