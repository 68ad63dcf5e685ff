import { runKey, type RunRef, type RunRow } from '../../protocol';

/** A run in its family's tree; `depth` counts from the first ancestor, which has 0. */
export type FamilyMember = { run: RunRow; depth: number; isSelf: boolean };

/**
 * A run's family as the lines of a tree: the runs that led to it, itself, and every run that it led
 * to, each below its parent.
 */
export function familyTree(
	self: RunRow,
	ancestors: readonly RunRow[],
	descendants: readonly RunRow[]
): FamilyMember[] {
	const above = ancestors.toReversed().map((run, depth) => ({ run, depth, isSelf: false }));
	const children = Map.groupBy(descendants, ({ parent }) => (parent ? runKey(parent) : ''));
	const below = (parent: RunRef, depth: number): FamilyMember[] =>
		(children.get(runKey(parent)) ?? []).flatMap((run) => [
			{ run, depth, isSelf: false },
			...below(run, depth + 1)
		]);
	const depth = above.length;
	return [...above, { run: self, depth, isSelf: true }, ...below(self, depth + 1)];
}
