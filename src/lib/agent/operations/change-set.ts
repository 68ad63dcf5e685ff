import { runKey, type RunRef } from '../../protocol';

/** What a report, a purge or a command changed: runs by their keys, and which lists. */
export type ChangeSet = { runs: Set<string>; approvals: boolean; audit: boolean; views?: boolean };

/** An entry was added to the audit log. */
export const AUDIT_CHANGE: ChangeSet = { runs: new Set(), approvals: false, audit: true };

/** Somebody began or ceased to look at an approval. */
export const PRESENCE_CHANGE: ChangeSet = { runs: new Set(), approvals: true, audit: false };

/** Saved views or their counts changed; no run did. */
export const VIEWS_CHANGE: ChangeSet = {
	...{ runs: new Set(), approvals: false, audit: false },
	views: true
};

/** A change of this run alone. */
export function runChange(ref: RunRef): ChangeSet {
	return { runs: new Set([runKey(ref)]), approvals: false, audit: false };
}

/** Both changes at once; `all` is a change of everything. */
export function mergeChanges(a: ChangeSet, b: ChangeSet): ChangeSet;
export function mergeChanges(a: ChangeSet | 'all', b: ChangeSet | 'all'): ChangeSet | 'all';
export function mergeChanges(a: ChangeSet | 'all', b: ChangeSet | 'all'): ChangeSet | 'all' {
	if (a === 'all' || b === 'all') return 'all';
	return {
		runs: new Set([...a.runs, ...b.runs]),
		approvals: a.approvals || b.approvals,
		audit: a.audit || b.audit,
		views: a.views === true || b.views === true
	};
}
