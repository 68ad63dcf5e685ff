import type { BulkCounts } from '$lib/protocol';

export const BULK_TABS = ['all', 'failed', 'skipped', 'done', 'pending'] as const;
export type BulkTab = (typeof BULK_TABS)[number];

/** Reads `?items=`; unknown values mean all runs. */
export function tabIn(text: string | null): BulkTab {
	return BULK_TABS.find((tab) => tab === text) ?? 'all';
}

/** The number of runs in a tab. Runs in progress count as pending. */
export function countOf(counts: BulkCounts, tab: BulkTab): number {
	if (tab === 'all') return Object.values(counts).reduce((sum, count) => sum + count, 0);
	return tab === 'pending' ? counts.pending + counts.doing : counts[tab];
}
