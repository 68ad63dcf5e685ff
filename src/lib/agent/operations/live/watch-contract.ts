// One thing that one connection looks at. A watch knows what it sent last, and from that and what
// changed since it makes the smallest change that brings the other side up to date.
import type { Change, Problem, RunRef } from '../../../protocol';
import type { ShownRun } from '../../rpc/agent-rpc';
import type { Fleet } from '../fleet';
import type { ShownPart } from '../runs/run-readers';
import type { Touched } from './changes';
import type { ViewCounter } from './view-counts';

export type WatchHost = {
	fleet: Fleet;
	/** Reads a run's events, and what is known beside them, from its Agent. */
	show: (ref: RunRef, part: ShownPart) => Promise<ShownRun>;
	counts: ViewCounter;
	/** A page of runs; those who are told at once and look at the same share it. */
	page: Fleet['page'];
	/** Names of the others who look at an approval now. */
	othersAt: (approval: string) => string[];
};

/** Makes the changes of one watch. The first one is all of it. */
export interface Watch {
	/** What is still to be counted of what was sent, which went ahead; null for nothing. */
	count?(now: number): Change | null;
	/** Is there something to count, whether rows were sent or not? */
	readonly isUncounted?: boolean;
	/** What to send after these changes; null for nothing. Never rejects with a problem. */
	next(touched: Touched | 'all', now: number): Change | null | Promise<Change | null>;
	/** What time alone has changed of what was sent; null for nothing. */
	age?(now: number): Change | null;
	/** When that can be next, Ms; null for never. */
	agesAt?(now: number): number | null;
	/** Is there more to send, which was left for the next change? Then it is asked for at once. */
	readonly isPartial?: boolean;
	/** The queries of saved views whose counts are looked at. */
	readonly queries?: readonly string[];
	/** The run whose tail is to stay attached while this watch lasts. */
	readonly run: RunRef | null;
}

/** What a watch answers when it cannot be served at all. */
export function refused(problem: Problem): Change {
	return { kind: 'refused', problem };
}
