import { describe, expect, it } from 'vitest';
import { explainStatus } from '../../../../../src/lib/components/run/explanation/explain-status';
import {
	approvalSchema,
	buildTimeline,
	type Approval,
	type AuditEntry,
	type Json,
	type Run,
	type RunEvent
} from '../../../../../src/lib/protocol';

const NOW = Date.UTC(2026, 10, 20, 12, 0, 0);
const ago = (seconds: number) => NOW - seconds * 1000;

const run: Run = {
	workflow: 'REFUND',
	id: 'r-1',
	generation: 1,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: null,
	status: 'running',
	outcome: null,
	metadata: {},
	params: null,
	progress: null,
	step: null,
	startedBy: 'ana',
	error: null,
	output: null,
	createdAt: ago(60),
	startedAt: ago(60),
	updatedAt: NOW,
	finishedAt: null,
	retries: 0,
	waitingFor: null
};
const approval: Approval = approvalSchema.parse({
	id: 'ap_123456',
	workflow: 'REFUND',
	runId: 'r-1',
	generation: 1,
	agent: run.agent,
	step: 'wait-for-approval',
	eventType: 'approval',
	title: 'Refund 250 EUR',
	description: null,
	facts: {},
	form: null,
	status: 'pending',
	requestedAt: ago(192),
	expiresAt: null,
	approvers: ['approver'],
	quorum: 1,
	decisions: []
});

type Fields = { type: string; timestamp: number; [key: string]: unknown };
const history = (...events: Fields[]): RunEvent[] =>
	events.map((event, index) => ({ eventId: index + 1, ...event }));

function sentence(
	changes: Partial<Run>,
	events: RunEvent[] = [],
	approvals: Approval[] = [],
	more: { audit?: AuditEntry[]; ahead?: number } = {}
) {
	const timeline = buildTimeline(events);
	const facts = { timeline, approvals, audit: [], ahead: null, now: NOW, ...more };
	return explainStatus({ run: { ...run, ...changes }, ...facts });
}

describe('why a run waits', () => {
	it('it waits for approval: for how long, of what, and where to decide', () => {
		const waitingFor = {
			kind: 'event' as const,
			name: 'wait-for-approval',
			eventType: 'approval',
			since: ago(192),
			dueAt: null
		};
		expect(sentence({ status: 'waiting', waitingFor }, [], [approval])).toEqual({
			tone: 'waiting',
			text: 'Waiting for approval from an approver for 3 m 12 s: Refund 250 EUR',
			help: { kind: 'approval', id: 'ap_123456' }
		});
		expect(sentence({ status: 'waiting', waitingFor })?.text).toBe(
			'Waiting for approval for 3 m 12 s.'
		);
		const yes = { by: 'ana', at: ago(9), approved: true, reason: null, data: null };
		const two = { ...approval, approvers: ['admin', 'approver'], quorum: 2, decisions: [yes] };
		expect(sentence({ status: 'waiting', waitingFor }, [], [two])?.text).toContain(
			'Waiting for approval for 3 m 12 s: Refund 250 EUR. 1 of 2 approvals given (admin or approver).'
		);
		const late = { ...approval, expiresAt: ago(5) };
		expect(sentence({ status: 'waiting', waitingFor }, [], [late])?.text).toContain(
			'for 3 m 12 s, past its deadline: Refund'
		);
	});

	it('it waits for an event: which one', () => {
		const waitingFor = {
			kind: 'event' as const,
			name: 'wait-paid',
			eventType: 'payment',
			since: ago(5),
			dueAt: null
		};
		expect(sentence({ status: 'waiting', waitingFor })?.text).toBe(
			'Waiting for the event “payment” for 5.0 s.'
		);
		const two = history(
			{ type: 'wait_started', timestamp: ago(5), stepName: 'wait-paid-1', eventType: 'payment' },
			{ type: 'wait_started', timestamp: ago(5), stepName: 'wait-sent-1', eventType: 'parcel' }
		);
		expect(sentence({ status: 'waiting', waitingFor }, two)?.text).toBe(
			'Waiting for the event “payment” and 1 other event for 5.0 s.'
		);
	});

	it('it sleeps: until when, or since when it should be awake', () => {
		const sleep = (dueAt: number) => ({
			status: 'waiting' as const,
			waitingFor: { kind: 'sleep' as const, name: 'nap', since: ago(60), dueAt }
		});
		expect(sentence(sleep(NOW + 600_000))?.text).toMatch(/^Sleeping until .+, 10 m 00 s left\.$/);
		expect(sentence(sleep(NOW + 500))?.text).toMatch(/any moment now\.$/);
	});

	it('it is overdue: what should have happened when, and nothing while it is paused', () => {
		const events = history(
			{ type: 'workflow_running', timestamp: ago(100) },
			{ type: 'sleep_started', timestamp: ago(100), stepName: 'nap-1', durationMs: 10_000 }
		);
		const late = sentence({ status: 'waiting' }, events);
		expect(late?.tone).toBe('failed');
		expect(late?.text).toMatch(/^Overdue: nap should have ended 1 m 30 s ago\. Signalbox keeps/);
		expect(late?.help).toEqual({ kind: 'action', action: 'pause' });
		expect(sentence({ status: 'paused' }, events)?.text).toMatch(/^Paused/);
	});

	it('a retry is overdue: which attempt of what', () => {
		const events = history(
			{ type: 'attempt_started', timestamp: ago(60), stepName: 'charge-1', attempt: 1 },
			{ type: 'attempt_errored', timestamp: ago(50), stepName: 'charge-1', retryDelayMs: 10_000 }
		);
		expect(sentence({ status: 'running' }, events)?.text).toMatch(
			/^Overdue: charge, attempt 2, should have started 40 s ago/
		);
	});

	it('a pause puts off what is due', () => {
		const events = history(
			{ type: 'sleep_started', timestamp: ago(100), stepName: 'nap-1', durationMs: 50_000 },
			{ type: 'workflow_paused', timestamp: ago(90) },
			{ type: 'workflow_running', timestamp: ago(10) }
		);
		const waitingFor = {
			kind: 'sleep' as const,
			name: 'nap',
			since: ago(100),
			dueAt: NOW + 30_000
		};
		expect(sentence({ status: 'waiting', waitingFor }, events)?.text).toMatch(/^Sleeping until/);
		expect(buildTimeline(events).rows[0]?.dueAt).toBe(NOW + 30_000);
	});

	it('the engine has lost it: the history is kept', () => {
		const lost = sentence({ status: 'unknown' });
		expect(lost?.text).toMatch(/history that Signalbox had read is kept/);
		expect(lost?.help).toEqual({ kind: 'again' });
	});

	it('a step is tried again: when, which attempt, after what', () => {
		const config = { retries: { limit: 5, delay: 1000 } };
		const events = history(
			{ type: 'step_started', timestamp: ago(20), stepName: 'charge-2', config },
			{ type: 'attempt_started', timestamp: ago(20), stepName: 'charge-2', attempt: 1 },
			{
				type: 'attempt_errored',
				timestamp: ago(18),
				stepName: 'charge-2',
				attempt: 1,
				error: { name: 'Error', message: 'CardError: declined' },
				retryDelayMs: 30_000
			}
		);
		expect(sentence({ status: 'running' }, events)).toEqual({
			tone: 'waiting',
			text: 'charge 2 retries in 12 s, attempt 2 of 6. Last error: CardError: declined',
			help: { kind: 'step', key: 'step:charge-2' }
		});
	});

	it('it is paused: by whom, for how long and where, and resume helps', () => {
		const events = history(
			{ type: 'workflow_running', timestamp: ago(60) },
			{ type: 'workflow_paused', timestamp: ago(30) }
		);
		expect(sentence({ status: 'paused', step: 'load' }, events)).toEqual({
			tone: 'paused',
			text: 'Paused for 30 s, at load. No step starts until the run is resumed.',
			help: { kind: 'action', action: 'resume' }
		});
		const by = (action: string, name: string, detail: Json = {}): AuditEntry => ({
			...{ id: 1, at: ago(31), target: 'REFUND/r-1', result: 'done' },
			...{ by: name, action, detail }
		});
		const paused = { status: 'paused' as const };
		const audit = [by('run.pause', 'ana'), by('run.resume', 'ben')];
		expect(sentence(paused, events, [], { audit })?.text).toMatch(/^Paused by ana for 30 s\./);
		const reversed = { audit: audit.toReversed() };
		expect(sentence(paused, events, [], reversed)?.text).toMatch(/^Paused for 30 s\./);
		expect(sentence({ status: 'waitingForPause', step: 'load' }, [], [], { audit })?.text).toBe(
			'Pauses when load finishes, requested by ana.'
		);

		const ended = { status: 'terminated' as const, step: 'load' };
		const held = [by('run.terminate', 'agent:store-agent/oslo', { askedBy: 'eve' })];
		expect(sentence(ended, [], [], { audit: held })?.text).toBe('Terminated by eve at load.');
		expect(sentence(ended)?.text).toBe('Terminated at load.');
	});

	it('it is queued: behind how many others', () => {
		const queued = (ahead?: number) =>
			sentence({ status: 'queued' }, [], [], ahead === undefined ? {} : { ahead })?.text;
		expect(queued()).toBe('Queued for 1 m 00 s. The engine has not started it yet.');
		expect(queued(1)).toContain('Queued for 1 m 00 s behind 1 other run of REFUND.');
		expect(queued(1_200)).toContain('behind 1,200 other runs of REFUND.');
	});
});

describe('what a run is doing or how it ended', () => {
	it('names the step at work, and how many beside it', () => {
		const events = history(
			{ type: 'step_started', timestamp: ago(20), stepName: 'a-1' },
			{ type: 'step_started', timestamp: ago(12), stepName: 'b-1' },
			{ type: 'step_started', timestamp: ago(10), stepName: '__agent_update-1' }
		);
		expect(sentence({ status: 'running' }, events)?.text).toBe(
			'Running b and 1 other step for 12 s.'
		);
		expect(sentence({ status: 'running' })).toBeNull();
	});

	it('names who rejected and why', () => {
		const decided: Approval = {
			...approval,
			status: 'rejected',
			decisions: [{ by: 'ben', at: NOW, approved: false, reason: 'too much', data: null }]
		};
		const rejected = { status: 'errored' as const, outcome: 'rejected' as const };
		expect(sentence(rejected, [], [decided])?.text).toBe('Rejected by ben: too much');
		expect(sentence(rejected)?.text).toBe('Rejected by an approver.');
	});

	it('names the step that failed and how often it was tried', () => {
		const failure = { error: { name: 'Error', message: 'no' } };
		const events = history(
			{ type: 'attempt_started', timestamp: ago(9), stepName: 'pay-1', attempt: 1 },
			{
				type: 'attempt_errored',
				timestamp: ago(8),
				stepName: 'pay-1',
				retryDelayMs: 1,
				...failure
			},
			{ type: 'attempt_started', timestamp: ago(7), stepName: 'pay-1', attempt: 2 },
			{ type: 'attempt_errored', timestamp: ago(6), stepName: 'pay-1', ...failure },
			{ type: 'step_errored', timestamp: ago(6), stepName: 'pay-1' }
		);
		expect(sentence({ status: 'errored', outcome: 'failed', step: 'pay' }, events)).toMatchObject({
			text: 'pay failed after 2 attempts.',
			help: { kind: 'step', key: 'step:pay-1' }
		});
	});

	it('names the failed step of two in parallel, a failed rollback, and no caught failure', () => {
		const failing = (stepName: string, at: number) => [
			{ type: 'step_started', timestamp: ago(at), stepName },
			{ type: 'step_errored', timestamp: ago(at - 1), stepName }
		];
		const events = history(...failing('pay-1', 9), ...failing('log-1', 7), {
			type: 'rollback_step_errored',
			timestamp: ago(4),
			stepName: 'book-1'
		});
		const error = { name: 'Error', message: 'no way back' };
		const run = { status: 'errored', outcome: 'failed', step: 'pay' } as const;
		expect(sentence({ ...run, failedRollback: { step: 'book', error } }, events)?.text).toBe(
			'pay failed. The rollback of book failed, so what book did is not undone: Error: no way back.'
		);
		expect(sentence({ ...run, step: null }, events)).toBeNull();
	});

	it('leaves a completed run to its status', () => {
		expect(sentence({ status: 'complete', outcome: 'completed' })).toBeNull();
	});
});
