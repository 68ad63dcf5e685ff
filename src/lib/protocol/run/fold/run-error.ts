import type { RunError } from '../run';
import type { RunHistory } from '../run-history';
import type { RunOutcome } from '../status';

/** What the engine writes where a step threw a `NonRetryableError`. */
const NON_RETRYABLE = /^Step threw a NonRetryableError with message "([\s\S]*)"$/;
/** The engine names a class that it cannot carry in the message: `CardStolenError: no`, `CardStolen: no`. */
const WRAPPED = /^([A-Z]\w*(?:Error|Exception)|[A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+): ([\s\S]*)$/;
/** The engine ended the run because of a step, and leaves out what that step threw. */
const FATAL = /^The execution of the Workflow instance was terminated/;
const ANY_STEP_THREW = /as a step threw an? NonRetryableError/;

/**
 * Restores the name of an error that the engine wrapped: it reports what `run()` threw as name `Error`
 * and message `WorkflowRejectedError: Workflow rejected: no`.
 */
export function unwrapError(error: RunError): RunError {
	const inner = error.name === 'WorkflowFatalError' ? NON_RETRYABLE.exec(error.message)?.[1] : null;
	if (typeof inner === 'string') {
		const message = inner.replace(/^NonRetryableError(?:: |$)/, '');
		return { ...error, name: 'NonRetryableError', message };
	}
	const wrapped = error.name === 'Error' ? WRAPPED.exec(error.message) : null;
	if (wrapped?.[1] === undefined || wrapped[1] === 'Error') return error;
	return unwrapFatal({ ...error, name: wrapped[1], message: wrapped[2] ?? '' });
}

function unwrapFatal(error: RunError): RunError {
	return error.name === 'WorkflowFatalError' ? unwrapError(error) : error;
}

/** Why a run failed, and the step that did; `step` is null where it was none of its steps. */
export type Blame = { error: RunError | null; step: string | null };

/**
 * Finds the failed step whose error ended the run. A step whose error was caught is not to blame, and
 * neither is one that merely ran beside the failed one.
 */
export function blameFor(error: RunError | null, history: RunHistory): Blame {
	const { failures } = history;
	if (error?.name === 'WorkflowFatalError' && FATAL.test(error.message)) {
		const failed = failures.findLast((each) => isFatal(each.error));
		const thrown = ANY_STEP_THREW.test(error.message) ? failed?.error : null;
		return { error: thrown ?? error, step: failed?.step ?? history.step };
	}
	const failed = failures.findLast((each) => each.error !== null && isSame(each.error, error));
	if (failed) return { error, step: failed.step };
	const last = failures.findLast(({ step }) => step === history.step);
	// Where the history does not say why the step failed, it is the only one that can be named.
	return { error, step: last && last.error !== null ? null : history.step };
}

const isFatal = (error: RunError | null) =>
	error?.name === 'NonRetryableError' || error?.name === 'WorkflowFatalError';

const isSame = (a: RunError, b: RunError | null) => a.name === b?.name && a.message === b.message;

/** The outcome of a run that ended with this error. */
export function outcomeOf(error: RunError | null, history: RunHistory): RunOutcome {
	if (error?.name === 'WorkflowRejectedError' || error?.name === 'ApprovalRejectedError') {
		return 'rejected';
	}
	if (error?.name === 'ApprovalExpiredError') return 'expired';
	if (error?.name === 'WorkflowTimeoutError' && history.timedOut !== null) return 'expired';
	return 'failed';
}
