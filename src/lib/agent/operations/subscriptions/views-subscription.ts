import type { Change, SavedView, View, ViewCounts } from '../../../protocol';
import type { ChangeSet } from '../change-set';
import type { CountedQuery, Subscription } from './subscription';
import type { SubscriptionSources } from './subscription-sources';

type ViewsView = Extract<View, { kind: 'views' }>;

/** One person's saved views, with their counts as they become known. */
export class ViewsSubscription implements Subscription {
	readonly run = null;
	readonly #view: ViewsView;
	readonly #sources: SubscriptionSources;
	#sent: { views: string; counts: ViewCounts } = { views: '', counts: {} };
	#queries: readonly CountedQuery[] = [];

	constructor(view: ViewsView, sources: SubscriptionSources) {
		this.#view = view;
		this.#sources = sources;
	}

	get queries(): readonly CountedQuery[] {
		return this.#queries;
	}

	changeAfter(changes: ChangeSet | 'all', now: number): Change | null {
		if (changes !== 'all' && !changes.views) return null;
		const { fleet, savedViews, counter } = this.#sources;
		const { by, reach } = fleet;
		const views = savedViews.of(by);
		const counted = views.filter((view) => this.#isCounted(view));
		this.#queries = counted.map(({ q }) => ({ q, reach }));
		const counts: ViewCounts = {};
		for (const { id, q } of counted) {
			const count = counter.lastCount({ q, reach }, now);
			if (count) counts[id] = count;
		}
		const before = this.#sent;
		this.#sent = { views: JSON.stringify(views), counts };
		if (changes === 'all' || this.#sent.views !== before.views)
			return { kind: 'views', views, counts };
		const isSame = JSON.stringify(counts) === JSON.stringify(before.counts);
		return isSame ? null : { kind: 'views-counted', counts };
	}

	#isCounted({ pinned, badge }: SavedView): boolean {
		return this.#view.counts === 'all' || (pinned && badge);
	}
}
