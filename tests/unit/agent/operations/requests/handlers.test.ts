import { expect, it } from 'vitest';
import { OPERATION_NAMES } from '../../../../../src/lib/protocol';
import { approvalHandlers } from '../../../../../src/lib/agent/operations/requests/approval-handlers';
import { batchHandlers } from '../../../../../src/lib/agent/operations/requests/batch-handlers';
import { fleetHandlers } from '../../../../../src/lib/agent/operations/requests/fleet-handlers';
import { runHandlers } from '../../../../../src/lib/agent/operations/requests/run-handlers';

/** Stands in for every part: handlers are listed here, not called. */
const unused = undefined as never;

it('there is one handler for each operation of the contract, and no other', () => {
	const handled = [
		runHandlers(unused, unused, unused),
		approvalHandlers(unused, unused),
		batchHandlers(unused, unused, unused, unused),
		fleetHandlers(unused, unused, unused, unused, unused)
	].flatMap((handlers) => Object.keys(handlers));
	expect(handled.toSorted()).toEqual(OPERATION_NAMES.toSorted());
});
