import type { Approval } from '$lib/protocol';

/** A row as it is drawn; `isGone` when it waits no more and only keeps its place. */
export type SteadyRow = { approval: Approval; isGone: boolean };

/** Rows that were held in their places, each as it is now, then what is new. */
export function steady(
	held: readonly Approval[],
	live: readonly Approval[],
	decided: readonly Approval[]
): SteadyRow[] {
	const waiting = new Map(live.map((approval) => [approval.id, approval]));
	const over = new Map(decided.map((approval) => [approval.id, approval]));
	const known = new Set(held.map(({ id }) => id));
	const kept = held.map((before) => {
		const now = waiting.get(before.id);
		return { approval: now ?? over.get(before.id) ?? before, isGone: now === undefined };
	});
	const fresh = live.filter(({ id }) => !known.has(id));
	return [...kept, ...fresh.map((approval) => ({ approval, isGone: false }))];
}
