import { expect, test } from 'vitest';
import { Engine } from '../../../../../src/lib/agent/monitor/history/engine';
import {
	SdkTracking,
	type Tracked
} from '../../../../../src/lib/agent/monitor/history/sdk-tracking';
import { EMPTY_HISTORY, type RunHistory, type RunStatus } from '../../../../../src/lib/protocol';

const REF = { workflow: 'REFUND', id: 'r1' };
const COMPLETE: RunHistory = {
	...EMPTY_HISTORY,
	phase: 'ended',
	end: { status: 'complete', outcome: 'completed' }
};

/** A row that the SDK writes from what the engine's `status()` says, one look after the other. */
function tracking(row: RunStatus | null, ...engineSays: RunStatus[]) {
	let status = row;
	const looks = [...engineSays];
	const tracked = (): Tracked | null =>
		status && { workflowName: 'REFUND', status, metadata: null, createdAt: new Date(0) };
	const unused = () => Promise.reject(new Error('not asked for here'));
	const sdk = new SdkTracking(
		{
			pause: unused,
			resume: unused,
			terminate: unused,
			restart: unused,
			forget: () => undefined,
			refresh: async () => {
				status = looks.shift() ?? status;
			},
			tracked
		},
		new Engine({})
	);
	return { sdk, said: () => status, insert: (late: RunStatus) => (status = late) };
}

test('a row that missed the end is mended, though the engine’s status lags behind', async () => {
	const { sdk, said } = tracking('queued', 'running', 'running', 'complete');
	expect(await sdk.mend(REF, () => COMPLETE)).toEqual({ from: 'queued', to: 'complete' });
	expect(said()).toBe('complete');
});

test('a row that is inserted after its run has ended is mended too', async () => {
	const { sdk, said, insert } = tracking(null, 'complete');
	const mended = sdk.mend(REF, () => COMPLETE);
	insert('queued');
	expect(await mended).toEqual({ from: 'queued', to: 'complete' });
	expect(said()).toBe('complete');
});

test('a row that says the same is left alone', async () => {
	const { sdk } = tracking('complete', 'errored');
	expect(await sdk.mend(REF, () => COMPLETE)).toBeNull();
});

test('a row that has ended ahead of the history is not taken back', async () => {
	const { sdk, said } = tracking('complete', 'running');
	expect(await sdk.mend(REF, () => ({ ...EMPTY_HISTORY, phase: 'running' }))).toBeNull();
	expect(said()).toBe('complete');
});
