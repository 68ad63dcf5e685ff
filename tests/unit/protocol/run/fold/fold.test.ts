import { describe, expect, it } from 'vitest';
import {
	EMPTY_HISTORY,
	fold,
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

/** At 1000, 1010 and 1020. */
const begun: Fields[] = [
	{ type: 'workflow_queued' },
	{ type: 'workflow_started', params: { order: 'A-1' } },
	{ type: 'workflow_running' }
];

describe('an event that is folded', () => {
	it('changes nothing when its id was folded before', () => {
		const history = after(...begun);
		const [, , running] = historyOf(...begun);
		expect(running && fold(history, running)).toBe(history);
		expect(fold(history, { eventId: 3, timestamp: 9999, type: 'workflow_terminated' })).toBe(
			history
		);
	});

	it('moves only the cursor and the clock when its type is not known', () => {
		const history = after(...begun);
		const next = fold(history, { eventId: 4, timestamp: 2000, type: 'workflow_migrated' });
		expect(next).toEqual({ ...history, cursor: 4, updatedAt: 2000 });
	});

	it('moves only the cursor and the clock when its fields are not those of its type', () => {
		const history = after(...begun);
		const next = fold(history, {
			eventId: 4,
			timestamp: 2000,
			type: 'sleep_started',
			stepName: 'x-1'
		});
		expect(next).toEqual({ ...history, cursor: 4, updatedAt: 2000 });
	});

	it('ends a run as failed though it carries no error', () => {
		const history = after(...begun, { type: 'workflow_errored' });
		expect(toRun(facts, history)).toMatchObject({
			outcome: 'failed',
			error: null
		});
	});

	it('never lets the time of the last change go back', () => {
		const history = after(...begun, { type: 'workflow_paused', timestamp: 5 });
		expect(history.updatedAt).toBe(1020);
	});
});
