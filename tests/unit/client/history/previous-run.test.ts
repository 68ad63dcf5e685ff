import { describe, expect, it } from 'vitest';
import { previousRun } from '../../../../src/lib/client/history/previous-run';
import { applyToRun } from '../../../../src/lib/client/live/run-model';
import { problem, type Approval, type Run, type RunEvent } from '../../../../src/lib/protocol';

const present: Run = {
	workflow: 'REFUND',
	id: 'r-1',
	generation: 2,
	agent: { class: 'StoreAgent', name: 'berlin', path: 'store-agent/berlin' },
	parent: null,
	status: 'complete',
	outcome: 'completed',
	metadata: { order: 'A-1' },
	params: { $omitted: { bytes: 300_000 } },
	progress: { percent: 1 },
	step: null,
	startedBy: 'ana',
	error: null,
	output: { refunded: true },
	createdAt: 1_000,
	startedAt: 5_000,
	updatedAt: 9_000,
	finishedAt: 9_000,
	retries: 3,
	waitingFor: null
};

const history = (...events: [type: string, timestamp: number, fields?: object][]): RunEvent[] =>
	events.map(([type, timestamp, fields], index) => ({
		eventId: index + 1,
		timestamp,
		type,
		...fields
	}));

describe('a previous generation', () => {
	const failed = history(
		['workflow_queued', 1_000],
		['workflow_started', 1_100, { params: { order: 'A-1', text: 'whole' } }],
		['workflow_errored', 2_000, { error: { name: 'Error', message: 'no' } }]
	);

	it('has the outcome, the error and the times of its own events', () => {
		expect(previousRun(present, 1, failed, []).run).toMatchObject({
			generation: 1,
			status: 'errored',
			outcome: 'failed',
			error: { name: 'Error', message: 'no' },
			createdAt: 1_000,
			startedAt: 1_100,
			finishedAt: 2_000,
			retries: 0
		});
	});

	it('takes nothing from the present one that is not shared by all', () => {
		const { run } = previousRun(present, 1, failed, []);
		expect(run).toMatchObject({ output: null, progress: null, metadata: { order: 'A-1' } });
		expect(run.params).toEqual({ order: 'A-1', text: 'whole' });
	});

	it('that was restarted in the middle has no end and waits for nothing', () => {
		const waits = history(
			['workflow_started', 1_100],
			['wait_started', 1_200, { stepName: 'gate-1', eventType: 'approval' }]
		);
		const { run } = previousRun(present, 1, waits, []);
		expect(run).toMatchObject({ outcome: null, finishedAt: null, waitingFor: null, step: 'gate' });
	});

	it('shows the approvals that were its own', () => {
		// Only what tells the two apart matters here.
		const approvals = [{ generation: 1 }, { generation: 2 }] as Approval[];
		expect(previousRun(present, 1, failed, approvals).approvals).toEqual([{ generation: 1 }]);
	});
});

describe('a run that is looked at', () => {
	const shown = applyToRun(undefined, {
		kind: 'run',
		run: present,
		exact: true,
		events: [],
		children: [],
		ancestors: [],
		approvals: []
	});

	it('is gone when it is unknown after a reconnect', () => {
		const refused = { kind: 'refused' as const, problem: problem('unknown-run', 'deleted') };
		expect(applyToRun(shown, refused)?.gone).toBe(true);
	});

	it('stays as it was when it is refused for now', () => {
		const refused = { kind: 'refused' as const, problem: problem('unavailable', 'away') };
		expect(applyToRun(shown, refused)).toEqual(shown);
	});
});
