import { expect, it } from 'vitest';
import { OPERATION_NAMES } from '../../../../../src/lib/protocol';
import { approvalHandlers } from '../../../../../src/lib/agent/operations/requests/approval-handlers';
import { batchHandlers } from '../../../../../src/lib/agent/operations/requests/batch-handlers';
import { fleetHandlers } from '../../../../../src/lib/agent/operations/requests/fleet-handlers';
import { maintenanceHandlers } from '../../../../../src/lib/agent/operations/requests/maintenance-handlers';
import { runHandlers } from '../../../../../src/lib/agent/operations/requests/run-handlers';
import { aRun } from '../../../support/runs';

/** Stands in for every part: handlers are listed here, not called. */
const unused = undefined as never;

it('there is one handler for each operation of the contract, and no other', () => {
	const handled = [
		runHandlers(unused, unused, unused, unused),
		approvalHandlers(unused, unused),
		batchHandlers(unused, unused, unused, unused, unused),
		fleetHandlers(unused, unused, unused, unused, unused),
		maintenanceHandlers(unused, unused)
	].flatMap((handlers) => Object.keys(handlers));
	expect(handled.toSorted()).toEqual(OPERATION_NAMES.toSorted());
});

it('a list carries the beginning of a long error only', async () => {
	const error = { name: 'Error', message: 'x'.repeat(15_000) };
	const page = { runs: [aRun({ error })], keys: ['REFUND/run-1'], total: 1, totalExact: true };
	const seen = { page: () => ({ ...page, nextCursor: null }) };
	const list = runHandlers(unused, unused, unused, unused)['runs.list'];
	const { runs } = await list({ query: unused }, { seen } as never);
	expect(JSON.stringify(runs[0]?.error).length).toBeLessThan(3_000);
});
