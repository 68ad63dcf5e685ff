import type { Change, Identity, SavedView, View, ViewCounts } from '../../../protocol';
import type { Touched } from './changes';
import type { Watch, WatchHost } from './watch-contract';

type ViewsView = Extract<View, { kind: 'views' }>;

/** One person's saved views, with their counts as they become known. */
export class ViewsWatch implements Watch {
	readonly run = null;
	readonly #view: ViewsView;
	readonly #host: WatchHost;
	readonly #by: Identity;
	#sent: { views: string; counts: ViewCounts } = { views: '', counts: {} };
	#queries: readonly string[] = [];

	constructor(view: ViewsView, host: WatchHost, by: Identity) {
		this.#view = view;
		this.#host = host;
		this.#by = by;
	}

	/** The queries whose counts are looked at. */
	get queries(): readonly string[] {
		return this.#queries;
	}

	next(touched: Touched | 'all', now: number): Change | null {
		if (touched !== 'all' && !touched.views) return null;
		const views = this.#host.fleet.views.of(this.#by);
		const counted = views.filter((view) => this.#isCounted(view));
		this.#queries = counted.map(({ q }) => q);
		const counts: ViewCounts = {};
		for (const { id, q } of counted) {
			const count = this.#host.counts.read(q, now);
			if (count) counts[id] = count;
		}
		const before = this.#sent;
		this.#sent = { views: JSON.stringify(views), counts };
		if (touched === 'all' || this.#sent.views !== before.views)
			return { kind: 'views', views, counts };
		const isSame = JSON.stringify(counts) === JSON.stringify(before.counts);
		return isSame ? null : { kind: 'views-counted', counts };
	}

	#isCounted({ pinned, badge }: SavedView): boolean {
		return this.#view.counts === 'all' || (pinned && badge);
	}
}
