import type { Identity } from '../../../protocol';
import type { Fleet } from '../fleet';
import type { RunReaders } from '../runs/run-readers';
import type { PageCache } from './page-cache';
import type { SubscriptionRegistry } from './subscription-registry';
import type { ViewCounter } from './view-counter';

/** What subscriptions read from. */
export type SubscriptionSources = {
	fleet: Fleet;
	readers: Pick<RunReaders, 'readShownRun'>;
	counter: Pick<ViewCounter, 'lastCount'>;
	pages: PageCache;
	registry: Pick<SubscriptionRegistry, 'peopleAt'>;
	/** Who subscribed. */
	by: Identity;
};
