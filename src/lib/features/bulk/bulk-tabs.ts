import type { BulkCounts } from '$lib/protocol';

/** What a list of a job's runs can be narrowed to. */
export const BULK_TABS = ['all', 'failed', 'skipped', 'done', 'pending'] as const;
export type BulkTab = (typeof BULK_TABS)[number];

/** Reads `?items=`; anything else is all of them. */
export function tabIn(text: string | null): BulkTab {
	return BULK_TABS.find((tab) => tab === text) ?? 'all';
}

/** How many runs a tab has; what is being asked for right now is still to come. */
export function countOf(counts: BulkCounts, tab: BulkTab): number {
	if (tab === 'all') return Object.values(counts).reduce((sum, count) => sum + count, 0);
	return tab === 'pending' ? counts.pending + counts.doing : counts[tab];
}
