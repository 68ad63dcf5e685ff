import { describe, expect, it } from 'vitest';
import { createSubscription } from '../../../../../src/lib/agent/operations/subscriptions/create-subscription';
import type { SubscriptionSources } from '../../../../../src/lib/agent/operations/subscriptions/subscription-sources';
import type { ShownPart } from '../../../../../src/lib/agent/operations/runs/run-readers';
import { applyToRun, type RunModel } from '../../../../../src/lib/client/live/run-model';
import { runKey, type RunEvent } from '../../../../../src/lib/protocol';
import { aRun } from '../../../support/runs';

const run = aRun({ workflow: 'REFUND', id: 'long' });
const ref = { workflow: run.workflow, id: run.id };
const history = Array.from({ length: 4_500 }, (_, index): RunEvent => ({
	eventId: index + 1,
	timestamp: 1_000 + index,
	type: 'workflow_running'
}));

/** An index that has this one run, and its Agent. */
const sources = {
	fleet: {
		run: () => ({ run, version: 1, exact: true }),
		familyOf: () => ({ ancestors: [], descendants: [] }),
		countChildren: () => 0,
		approvalsOf: () => []
	},
	readers: {
		readShownRun: (_ref: unknown, { after, limit }: ShownPart) =>
			Promise.resolve({ events: history.slice(after, after + limit), held: null, trail: [] })
	}
	// Only these members are used.
} as unknown as SubscriptionSources;

describe('a run with a long history', () => {
	it('is sent in parts until all of it is there, each event once', async () => {
		const subscription = createSubscription({ kind: 'run', ...ref }, sources);
		const changes = { runs: new Set([runKey(ref)]), approvals: false, audit: false };
		const sent: number[] = [];
		let model: RunModel | undefined;
		let next: 'all' | typeof changes = 'all';
		do {
			const change = await subscription.changeAfter(next, 0);
			if (change?.kind !== 'run' && change?.kind !== 'run-changed') throw new Error('no run');
			sent.push(change.events.length);
			model = applyToRun(model, change);
			next = changes;
		} while (subscription.hasMore);
		expect(sent).toEqual([2_000, 2_000, 500]);
		expect(model?.events).toEqual(history);
	});
});
