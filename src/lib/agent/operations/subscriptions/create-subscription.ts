import type { View } from '../../../protocol';
import { AgentsSubscription } from './agents-subscription';
import { ApprovalSubscription } from './approval-subscription';
import { RunListSubscription } from './run-list-subscription';
import { RunSubscription } from './run-subscription';
import { SnapshotSubscription } from './snapshot-subscription';
import type { Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';
import { ViewsSubscription } from './views-subscription';

/** Creates the subscription to a view, as the person of `sources` sees it. */
export function createSubscription(view: View, sources: SubscriptionSources): Subscription {
	switch (view.kind) {
		case 'runs':
			return new RunListSubscription(view, sources);
		case 'run':
			return new RunSubscription(view, sources);
		case 'approval':
			return new ApprovalSubscription(view, sources);
		case 'approvals':
		case 'activity':
		case 'audit':
		case 'run-audit':
		case 'summary':
			return new SnapshotSubscription(view, sources);
		case 'agents':
			return new AgentsSubscription(view, sources);
		case 'views':
			return new ViewsSubscription(view, sources);
	}
}
