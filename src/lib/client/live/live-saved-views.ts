import type { SavedView, ViewCount } from '$lib/protocol';
import type { Connection } from '../socket/connection.svelte';
import { LiveView } from './live-view.svelte';
import { applyToSavedViews, type SavedViewsModel } from './saved-views-model';

/** What a view with a relative time finds changes with the time alone: it is asked for anew, Ms. */
const ROUND_MS = 60_000;

/** The saved views that somebody sees, with their counts. */
export class LiveSavedViews extends LiveView<SavedViewsModel> {
	/** @param counts of all views, or only of those whose count stands in the navigation */
	constructor(connection: Connection, counts: () => 'badges' | 'all') {
		super(
			connection,
			() => ({
				kind: 'views',
				counts: counts(),
				round: Math.floor(connection.clock.now / ROUND_MS)
			}),
			applyToSavedViews
		);
	}

	get all(): readonly SavedView[] {
		return this.current?.views ?? [];
	}

	/** The views that one has at hand. */
	get pinned(): readonly SavedView[] {
		return this.all.filter(({ pinned }) => pinned);
	}

	/** The view with this id; undefined when there is none, or none that one sees. */
	find(id: string | null): SavedView | undefined {
		return this.all.find((view) => view.id === id);
	}

	/** How many runs a view finds; undefined until that is known. */
	countOf({ id }: SavedView): ViewCount | undefined {
		return this.current?.counts[id];
	}
}
