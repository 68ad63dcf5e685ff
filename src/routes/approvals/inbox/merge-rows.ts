import type { Approval } from '$lib/protocol';

/** A row of the inbox; `isGone` if it is no longer pending and only keeps its place. */
export type InboxRowState = { approval: Approval; isGone: boolean };

/** Frozen rows in their old places, each with its newest data, followed by new ones. */
export function mergeRows(
	frozen: readonly Approval[],
	live: readonly Approval[],
	decided: readonly Approval[]
): InboxRowState[] {
	const pendingById = new Map(live.map((approval) => [approval.id, approval]));
	const decidedById = new Map(decided.map((approval) => [approval.id, approval]));
	const frozenIds = new Set(frozen.map(({ id }) => id));
	const kept = frozen.map((before) => {
		const pending = pendingById.get(before.id);
		return {
			approval: pending ?? decidedById.get(before.id) ?? before,
			isGone: pending === undefined
		};
	});
	const added = live.filter(({ id }) => !frozenIds.has(id));
	return [...kept, ...added.map((approval) => ({ approval, isGone: false }))];
}
