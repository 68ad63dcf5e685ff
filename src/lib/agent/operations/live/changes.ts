import { runKey, type RunRef } from '../../../protocol';

/** What a report, a purge or a command changed: what live views go by. */
export type Touched = { runs: Set<string>; approvals: boolean; audit: boolean; views?: boolean };

/** As if this run alone had changed. */
export function onlyRun(ref: RunRef): Touched {
	return { runs: new Set([runKey(ref)]), approvals: false, audit: false };
}

/** Both changes at once; `all` is a change of everything. */
export function merged(a: Touched, b: Touched): Touched;
export function merged(a: Touched | 'all', b: Touched | 'all'): Touched | 'all';
export function merged(a: Touched | 'all', b: Touched | 'all'): Touched | 'all' {
	if (a === 'all' || b === 'all') return 'all';
	return {
		runs: new Set([...a.runs, ...b.runs]),
		approvals: a.approvals || b.approvals,
		audit: a.audit || b.audit,
		views: a.views === true || b.views === true
	};
}
