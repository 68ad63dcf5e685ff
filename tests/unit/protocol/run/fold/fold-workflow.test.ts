import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
	statusOf,
	toRun,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../../src/lib/protocol';
import { historyOf, type Fields } from '../../../support/histories';

const facts: RunFacts = {
	ref: { workflow: 'REFUND', id: 'run-1' },
	generation: 2,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: { workflow: 'STOCK_COUNT', id: 'count-1' },
	metadata: { order: 'A-1' },
	params: { from: 'the start' },
	progress: { percent: 0.5 },
	startedBy: 'ana',
	createdAt: 900,
	touchedAt: 950,
	lost: false
};

const foldAll = (events: RunEvent[], from: RunHistory = EMPTY_HISTORY) => events.reduce(fold, from);

const after = (...events: Fields[]) => foldAll(historyOf(...events));

const on = (stepName: string) => ({ stepName });

/** At 1000, 1010 and 1020. */
const begun: Fields[] = [
	{ type: 'workflow_queued' },
	{ type: 'workflow_started', params: { order: 'A-1' } },
	{ type: 'workflow_running' }
];

const error = { name: 'Error', message: 'no rows' };

describe('a run that begins', () => {
	it('is queued before its first event and after the one that says so', () => {
		expect(statusOf(EMPTY_HISTORY)).toBe('queued');
		const queued = after({ type: 'workflow_queued' });
		expect(statusOf(queued)).toBe('queued');
		expect(queued).toMatchObject({ queuedAt: 1000, startedAt: null, cursor: 1, updatedAt: 1000 });
	});

	it('runs since it was started, not since each time it went on', () => {
		const history = after(...begun, { type: 'workflow_paused' }, { type: 'workflow_running' });
		expect(statusOf(history)).toBe('running');
		expect(history).toMatchObject({ startedAt: 1010, params: { order: 'A-1' } });
	});

	it('runs once a step begins though nothing said so', () => {
		const history = after({ type: 'workflow_queued' }, { type: 'step_started', ...on('load-1') });
		expect(statusOf(history)).toBe('running');
	});
});

describe('the end of a run', () => {
	const ended = (...events: Fields[]) => toRun(facts, after(...begun, ...events));

	it('completes it with its output', () => {
		expect(ended({ type: 'workflow_completed', output: { rows: 3 } })).toMatchObject({
			status: 'complete',
			outcome: 'completed',
			output: { rows: 3 },
			error: null,
			finishedAt: 1030
		});
	});

	it('is a failure with the name that the error had', () => {
		const wrapped = { name: 'Error', message: 'TypeError: rows is undefined' };
		expect(ended({ type: 'workflow_errored', error: wrapped })).toMatchObject({
			status: 'errored',
			outcome: 'failed',
			error: { name: 'TypeError', message: 'rows is undefined' }
		});
	});

	it("is a rejection when it failed by a person's no", () => {
		const rejected = {
			name: 'Error',
			message: 'WorkflowRejectedError: Workflow rejected: too much'
		};
		expect(ended({ type: 'workflow_errored', error: rejected })).toMatchObject({
			status: 'errored',
			outcome: 'rejected',
			error: { name: 'WorkflowRejectedError', message: 'Workflow rejected: too much' }
		});
	});

	const timeout = { name: 'WorkflowTimeoutError', message: 'Execution timed out after 1000ms' };

	it("is an expiry when an approval's deadline passed", () => {
		expect(
			ended(
				{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
				{ type: 'wait_timed_out', ...on('wait-for-approval-1') },
				{ type: 'workflow_errored', error: timeout }
			)
		).toMatchObject({ status: 'errored', outcome: 'expired', waitingFor: null });
	});

	it('is a failure when something else than an approval timed out', () => {
		expect(ended({ type: 'workflow_errored', error: timeout })).toMatchObject({
			outcome: 'failed'
		});
		expect(
			ended(
				{ type: 'wait_started', ...on('wait-for-payment-1'), eventType: 'paid' },
				{ type: 'wait_timed_out', ...on('wait-for-payment-1') },
				{ type: 'workflow_errored', error: timeout }
			)
		).toMatchObject({ outcome: 'failed' });
	});

	it('is a failure when it failed of itself after an expired approval', () => {
		expect(
			ended(
				{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
				{ type: 'wait_timed_out', ...on('wait-for-approval-1') },
				{ type: 'workflow_errored', error }
			)
		).toMatchObject({ outcome: 'failed' });
	});

	it('says that it was terminated', () => {
		expect(ended({ type: 'workflow_terminated' })).toMatchObject({
			status: 'terminated',
			outcome: 'terminated',
			finishedAt: 1030
		});
	});

	it('closes all that was open', () => {
		const run = ended(
			{ type: 'sleep_started', ...on('nap-1'), durationMs: 10 },
			{ type: 'wait_started', ...on('wait-for-approval-1'), eventType: 'approval' },
			{ type: 'workflow_terminated' }
		);
		expect(run.waitingFor).toBeNull();
	});

	it('is not undone by what steps beside the one that failed still write', () => {
		const history = after(
			...begun,
			{ type: 'step_started', ...on('b-1') },
			{ type: 'workflow_errored', error },
			{ type: 'attempt_errored', ...on('b-1'), attempt: 1, error, retryDelayMs: 10 },
			{ type: 'attempt_started', ...on('b-1'), attempt: 2 },
			{ type: 'wait_started', ...on('wait-1'), eventType: 'paid' }
		);
		expect(history).toMatchObject({ cursor: 8, phase: 'ended', steps: [], waits: [], retries: 0 });
		expect(toRun(facts, history)).toMatchObject({ status: 'errored', waitingFor: null });
	});
});
