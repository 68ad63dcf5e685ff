import type { AuditLog } from '../audit-log';
import type { SavedViews } from '../saved-views';
import type { VisibleFleet } from '../visible-fleet';
import type { RunReaders } from '../runs/run-readers';
import type { PageCache } from './page-cache';
import type { SubscriptionRegistry } from './subscription-registry';
import type { ViewCounter } from './view-counter';

/** What subscriptions read from. */
export type SubscriptionSources = {
	/** The fleet as whoever subscribed sees it. */
	fleet: VisibleFleet;
	savedViews: Pick<SavedViews, 'of'>;
	/** Only who has a role for the whole workspace subscribes to it. */
	audit: Pick<AuditLog, 'page'>;
	readers: Pick<RunReaders, 'readShownRun'>;
	counter: Pick<ViewCounter, 'lastCount'>;
	pages: PageCache;
	registry: Pick<SubscriptionRegistry, 'peopleAt'>;
};
