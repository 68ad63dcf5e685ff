import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
	statusOf,
	toRun,
	type RunEvent,
	type RunFacts,
	type RunHistory
} from '../../../../src/lib/protocol';
import { historyOf, type Fields } from '../../support/histories';

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

describe('the status of a run', () => {
	it('follows a pause from asked to done to over', () => {
		const asked = [...begun, { type: 'workflow_waiting_for_pause' }];
		expect(statusOf(after(...asked))).toBe('waitingForPause');
		const paused = [...asked, { type: 'workflow_paused' }];
		expect(statusOf(after(...paused))).toBe('paused');
		expect(statusOf(after(...paused, { type: 'workflow_running' }))).toBe('running');
	});

	it('says that a run is rolling back until it ends', () => {
		const rolling = [
			...begun,
			{ type: 'rollback_started' },
			{ type: 'rollback_step_started', ...on('load-1') }
		];
		expect(statusOf(after(...rolling))).toBe('rollingBack');
		const over = after(
			...rolling,
			{ type: 'rollback_step_completed', ...on('load-1') },
			{ type: 'rollback_completed' },
			{ type: 'workflow_errored', error }
		);
		expect(statusOf(over)).toBe('errored');
	});

	it('is unknown for a run that the engine lost, which waits for nothing any more', () => {
		const asleep = after(...begun, { type: 'sleep_started', ...on('nap-1'), durationMs: 10 });
		const run = toRun({ ...facts, lost: true }, asleep);
		expect(run).toMatchObject({ status: 'unknown', waitingFor: null, startedAt: 1010 });
	});

	it('stays what it was for a run that ended before it was lost', () => {
		const ended = after(...begun, { type: 'workflow_completed' });
		expect(toRun({ ...facts, lost: true }, ended).status).toBe('complete');
	});
});

describe('a run put together from facts and history', () => {
	it('takes params from the history, and from the facts until it says them', () => {
		expect(toRun(facts, EMPTY_HISTORY).params).toEqual({ from: 'the start' });
		expect(toRun(facts, after(...begun)).params).toEqual({ order: 'A-1' });
	});

	it('was changed last when its facts or its history were', () => {
		expect(toRun(facts, EMPTY_HISTORY).updatedAt).toBe(950);
		expect(toRun(facts, after(...begun)).updatedAt).toBe(1020);
		expect(toRun({ ...facts, touchedAt: 7000 }, after(...begun)).updatedAt).toBe(7000);
	});

	it('carries who it is, whose it is and how it stands', () => {
		expect(toRun(facts, after(...begun))).toMatchObject({
			workflow: 'REFUND',
			id: 'run-1',
			generation: 2,
			agent: { path: 'store-agent/berlin' },
			parent: { workflow: 'STOCK_COUNT', id: 'count-1' },
			metadata: { order: 'A-1' },
			progress: { percent: 0.5 },
			startedBy: 'ana',
			createdAt: 900,
			startedAt: 1010,
			finishedAt: null,
			retries: 0
		});
	});
});
