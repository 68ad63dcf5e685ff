import { runKey, type RunRef, type RunRow } from '../../protocol';

/** A run in the tree; the topmost ancestor has `depth` 0. */
export type FamilyMember = { run: RunRow; depth: number; isSelf: boolean };

/** The lines of a run's tree: its ancestors, itself, and its descendants, each below its parent. */
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
