import type { RunError } from '../run';
import type { RunHistory } from '../run-history';
import type { RunOutcome } from '../status';

/**
 * Restores the name of an error that the engine wrapped: it reports what `run()` threw as name `Error`
 * and message `WorkflowRejectedError: Workflow rejected: no`.
 */
export function unwrapError(error: RunError): RunError {
	const wrapped = /^([A-Z]\w*(?:Error|Exception)): ([\s\S]*)$/.exec(error.message);
	return error.name === 'Error' && wrapped?.[1] !== undefined
		? { ...error, name: wrapped[1], message: wrapped[2] ?? '' }
		: error;
}

/** The outcome of a run that ended with this error. */
export function outcomeOf(error: RunError, history: RunHistory): RunOutcome {
	if (error.name === 'WorkflowRejectedError' || error.name === 'ApprovalRejectedError') {
		return 'rejected';
	}
	if (error.name === 'ApprovalExpiredError') return 'expired';
	if (error.name === 'WorkflowTimeoutError' && history.timedOut !== null) return 'expired';
	return 'failed';
}
