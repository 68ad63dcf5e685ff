import type { AuditEntry } from '$lib/protocol';

/**
 * Newer entries and older ones as one list, the newest first; an entry in both is as in the newer.
 * Null when there may be entries between the two that neither has.
 */
export function joinEntries(
	newer: readonly AuditEntry[],
	older: readonly AuditEntry[]
): readonly AuditEntry[] | null {
	const oldest = newer.at(-1);
	const newest = older[0];
	if (!oldest || !newest) return newer.length > 0 ? newer : older;
	if (oldest.id > newest.id) return null;
	const byId = new Map([...older, ...newer].map((entry) => [entry.id, entry]));
	return [...byId.values()].toSorted((a, b) => b.id - a.id);
}
