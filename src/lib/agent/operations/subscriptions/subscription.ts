// One thing that one connection subscribed to. A subscription knows what it sent last, and from that
// and from what changed since it makes the smallest change that brings the other side up to date.
import type { Change, Problem, Reach, RunRef } from '../../../protocol';
import type { ChangeSet } from '../change-set';

/** A query, and of which part of the fleet its runs are counted. */
export type CountedQuery = { q: string; reach: Reach };

/** Makes the changes of one subscription. The first one is all of it. */
export interface Subscription {
	/** What to send after these changes; null for nothing. Never rejects with a problem. */
	changeAfter(changes: ChangeSet | 'all', now: number): Change | null | Promise<Change | null>;
	/** Are counts of what was sent still to be made? */
	readonly hasPendingCounts?: boolean;
	/** The counts of what was sent without them; null for none. */
	countChange?(now: number): Change | null;
	/** What time alone has changed of what was sent; null for nothing. */
	changeByTime?(now: number): Change | null;
	/** When that can be next, Ms; null for never. */
	nextChangeAt?(now: number): number | null;
	/** Was a part left for the next change? Then that is asked for at once. */
	readonly hasMore?: boolean;
	/** The queries of saved views whose counts are shown. */
	readonly queries?: readonly CountedQuery[];
	/** The run whose tail stays attached while this subscription lasts. */
	readonly run: RunRef | null;
}

/** The change that says that a subscription cannot be served. */
export function refusedChange(problem: Problem): Change {
	return { kind: 'refused', problem };
}
