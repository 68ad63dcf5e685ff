import type { Change, SavedView, ViewCounts } from '$lib/protocol';

/** The saved views that somebody sees, and the counts that are known. */
export type SavedViewsModel = { views: readonly SavedView[]; counts: ViewCounts };

/** Takes a change of the saved views; the same one twice is as good as once. */
export function applyToSavedViews(
	before: SavedViewsModel | undefined,
	change: Change
): SavedViewsModel | undefined {
	if (change.kind === 'views') {
		// A count stays until there is a newer one, so that none blinks.
		const kept = Object.entries(before?.counts ?? {}).filter(([id]) =>
			change.views.some((view) => view.id === id && view.q === queryOf(before, id))
		);
		return { views: change.views, counts: { ...Object.fromEntries(kept), ...change.counts } };
	}
	if (change.kind !== 'views-counted' || !before) return before;
	return { ...before, counts: { ...before.counts, ...change.counts } };
}

function queryOf(model: SavedViewsModel | undefined, id: string): string | undefined {
	return model?.views.find((view) => view.id === id)?.q;
}
