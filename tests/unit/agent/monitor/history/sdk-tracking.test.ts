import { expect, test } from 'vitest';
import { Engine } from '../../../../../src/lib/agent/monitor/history/engine';
import {
	SdkTracking,
	type SdkMethods,
	type TrackingRow
} from '../../../../../src/lib/agent/monitor/history/sdk-tracking';
import { EMPTY_HISTORY, type RunHistory, type RunStatus } from '../../../../../src/lib/protocol';

const REF = { workflow: 'REFUND', id: 'r1' };
const COMPLETE: RunHistory = {
	...EMPTY_HISTORY,
	phase: 'ended',
	end: { status: 'complete', outcome: 'completed' }
};

/** A row into which the SDK writes what the engine's `status()` says at each refresh. */
function trackingOf(initial: RunStatus | null, ...engineStatuses: RunStatus[]) {
	let status = initial;
	const statuses = [...engineStatuses];
	const row = (): TrackingRow | null =>
		status && { workflowName: 'REFUND', status, metadata: null, createdAt: new Date(0) };
	const methods = {
		getWorkflow: row,
		getWorkflowStatus: async () => {
			status = statuses.shift() ?? status;
		}
	};
	// Correcting a row calls no other method of the SDK.
	const sdk = new SdkTracking({}, methods as unknown as SdkMethods, new Engine({}));
	return { sdk, status: () => status, insert: (late: RunStatus) => (status = late) };
}

test('a row that missed the end is corrected, although the engine’s status lags behind', async () => {
	const { sdk, status } = trackingOf('queued', 'running', 'running', 'complete');
	expect(await sdk.correctRow(REF, () => COMPLETE)).toEqual({ from: 'queued', to: 'complete' });
	expect(status()).toBe('complete');
});

test('a row that is inserted after its run has ended is corrected too', async () => {
	const { sdk, status, insert } = trackingOf(null, 'complete');
	const correction = sdk.correctRow(REF, () => COMPLETE);
	insert('queued');
	expect(await correction).toEqual({ from: 'queued', to: 'complete' });
	expect(status()).toBe('complete');
});

test('a row that agrees is left alone', async () => {
	const { sdk } = trackingOf('complete', 'errored');
	expect(await sdk.correctRow(REF, () => COMPLETE)).toBeNull();
});

test('a row that has ended ahead of the history is not set back', async () => {
	const { sdk, status } = trackingOf('complete', 'running');
	expect(await sdk.correctRow(REF, () => ({ ...EMPTY_HISTORY, phase: 'running' }))).toBeNull();
	expect(status()).toBe('complete');
});

test('a restart passes the options of the SDK through', async () => {
	const calls: unknown[][] = [];
	const methods = {
		getWorkflow: () => ({ workflowName: 'REFUND' }),
		restartWorkflow: async (...call: unknown[]) => void calls.push(call)
	};
	const sdk = new SdkTracking({}, methods as unknown as SdkMethods, new Engine({}));
	await sdk.restartInstance(REF, { resetTracking: false });
	expect(calls).toEqual([['r1', { resetTracking: false }]]);
});
