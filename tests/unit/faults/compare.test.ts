import { describe, expect, it } from 'vitest';
import {
	approvalSchema,
	EMPTY_HISTORY,
	fold,
	toRun,
	toRunRow,
	type Approval
} from '../../../src/lib/protocol';
import {
	countDifferences,
	differencesOf,
	listDifferences,
	type Evidence
} from '../../faults/compare';
import { historyOf } from '../support/histories';
import { aRun } from '../support/runs';

const BOOKED = historyOf(
	{ type: 'workflow_queued' },
	{ type: 'workflow_started', params: { order: 'ORD-1' } },
	{ type: 'wait_started', stepName: 'wait-for-approval-1', eventType: 'approval' },
	{ type: 'wait_completed', stepName: 'wait-for-approval-1' },
	{ type: 'step_started', stepName: 'write-ledger-1' },
	{ type: 'step_completed', stepName: 'write-ledger-1', output: 1 },
	{ type: 'workflow_completed', output: { booked: true } }
);

const APPROVAL: Approval = approvalSchema.parse({
	id: 'ap_0123456789',
	workflow: 'REFUND',
	runId: 'run-1',
	generation: 1,
	agent: aRun().agent,
	step: 'wait-for-approval',
	eventType: 'approval',
	title: 'Refund',
	description: null,
	facts: {},
	form: null,
	status: 'approved',
	requestedAt: 1020,
	expiresAt: null,
	approvers: ['approver'],
	quorum: 1,
	decisions: [{ by: 'ana', at: 1025, approved: true, reason: null, data: null }]
});

/** A refund that was approved and booked, seen alike from all sides, but for what is given. */
function evidence(given: Partial<Evidence> = {}): Evidence {
	const facts = aRun();
	const run = toRun(
		{ ...facts, ref: facts, touchedAt: 0, lost: false, progress: { stage: 'ledger' } },
		BOOKED.reduce(fold, EMPTY_HISTORY)
	);
	return {
		ref: { workflow: 'REFUND', id: 'run-1' },
		engine: { status: 'complete', output: { booked: true }, events: BOOKED },
		run,
		events: BOOKED,
		row: run,
		approvals: [APPROVAL],
		formerEvents: [],
		replies: [{ approval: APPROVAL.id, by: 'ana', approved: true, status: 200 }],
		progress: [
			{ at: 1, progress: { stage: 'validate' } },
			{ at: 2, progress: { stage: 'ledger' } }
		],
		tracked: 'complete',
		ledger: 1,
		agentDeleted: false,
		restarts: { least: 0, most: 0 },
		...given
	};
}
const theRun = () => evidence().run ?? aRun();

describe('the comparison of the fault suite', () => {
	it('finds nothing where all sides agree', () => {
		expect(differencesOf(evidence())).toEqual([]);
	});

	it.each<[string, Partial<Evidence>, RegExp]>([
		['a run that Signalbox lost', { run: null }, /Signalbox does not/],
		['a run that the index lost', { row: null }, /the index does not/],
		['a run that the engine lost', { engine: null, run: aRun() }, /no such instance/],
		['a status', { run: { ...theRun(), status: 'errored' } }, /the engine's status is complete/],
		['an output', { run: { ...theRun(), output: 7 } }, /the engine's output is/],
		['a field of the fold', { run: { ...theRun(), retries: 2 } }, /retries is 2/],
		['an old index row', { row: { ...theRun(), status: 'running' } }, /the index has status/],
		['an event missing', { events: BOOKED.slice(0, -1) }, /event 7 is undefined/],
		['an event too many', { events: [...BOOKED, ...BOOKED.slice(0, 1)] }, /there are 8 events/],
		['a gate without approval', { approvals: [] }, /1 gates in the history, 0 approvals/],
		[
			'two approvals of one gate',
			{ approvals: [APPROVAL, { ...APPROVAL, id: 'ap_9876543210' }] },
			/2 approvals for the gate/
		],
		['a pending approval', { approvals: [{ ...APPROVAL, status: 'pending' }] }, /is pending/],
		[
			'a second decision',
			{ approvals: [{ ...APPROVAL, decisions: [...APPROVAL.decisions, ...APPROVAL.decisions] }] },
			/has 2 decisions/
		],
		[
			'two people told that they decided',
			{
				replies: ['ana', 'ben'].map((by) => ({
					...{ approval: APPROVAL.id, by, approved: true, status: 200 }
				}))
			},
			/2 people were told/
		],
		['an unknown restart', { run: { ...theRun(), generation: 2 } }, /generation 2 after 0 to 0/],
		['a missed restart', { restarts: { least: 1, most: 1 } }, /generation 1 after 1 to 1/],
		['a lost former generation', { formerEvents: [0] }, /generation 1 has no history/],
		[
			'progress of a late callback',
			{ run: { ...theRun(), progress: { stage: 'validate' } } },
			/progress is/
		],
		['a refund not booked', { ledger: 0 }, /the ledger has 0/],
		['a row of the SDK that is wrong', { tracked: 'running' }, /the SDK's table says running/]
	])('finds %s', (_what, given, difference) => {
		expect(differencesOf(evidence(given)).join('\n')).toMatch(difference);
	});

	it('finds a wait that was completed twice', () => {
		const events = historyOf(
			...BOOKED.slice(0, 4).map(({ eventId: _id, timestamp: _at, ...fields }) => fields),
			{ type: 'wait_completed', stepName: 'wait-for-approval-1' }
		);
		const engine = { status: 'running', output: null, events };
		expect(differencesOf(evidence({ engine })).join('\n')).toMatch(/was completed 2 times/);
	});

	it('takes a large value in the index for the same as the whole one', () => {
		const row = { ...theRun(), output: { $omitted: { bytes: 20_000 } } };
		expect(differencesOf(evidence({ row }))).toEqual([]);
	});

	it('takes the restarts of a child as its parent makes them', () => {
		const run = { ...theRun(), generation: 2 };
		const approvals = [{ ...APPROVAL, generation: 2 }];
		const found = differencesOf(
			evidence({ run, row: run, approvals, formerEvents: [3], restarts: null })
		);
		expect(found).toEqual([]);
	});

	it('says which row of a list is old, missing or out of place', () => {
		const rows = ['a', 'b'].map((id) => toRunRow(aRun({ id })));
		expect(listDifferences(rows, rows)).toEqual([]);
		expect(listDifferences(rows.toReversed(), rows).join()).toMatch(/the rows are/);
		expect(listDifferences(rows.slice(1), rows).join()).toMatch(/the rows are/);
		const old = rows.map((row) => ({ ...row, retries: 5 }));
		expect(listDifferences(old, rows)).toHaveLength(2);
	});

	it('recounts', () => {
		const runs = [aRun({ status: 'complete' }), aRun({ status: 'errored' })];
		expect(countDifferences({ complete: 1, errored: 1 }, runs)).toEqual([]);
		expect(countDifferences({ complete: 2 }, runs)).toEqual([
			'2 are counted as complete, there are 1',
			'0 are counted as errored, there are 1'
		]);
	});
});
