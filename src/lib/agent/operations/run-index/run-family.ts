// The runs that one belongs to: those that led to it, and all that it led to.
import {
	exactText,
	FAMILY_RUNS,
	runKey,
	type Reach,
	type Run,
	type RunRef
} from '../../../protocol';
import { runWithin } from './query/reach-sql';
import { count, rows, sql, type Sql } from '../../db/sql';

/** What is asked of the index. */
export type FamilySource = {
	get: (key: string) => Run | null;
	/** The runs that any of these started, in the order they were created; `most` at most. */
	childrenOf: (refs: readonly RunRef[], most: number) => Run[];
};

/** The parent first, then its own; and every run below, parents before their children. */
export type Family = { ancestors: Run[]; descendants: Run[] };

/** Finds a run's family. One that goes round in a circle is walked once. */
export function familyOf(source: FamilySource, ref: RunRef): Family {
	const seen = new Set([runKey(ref)]);
	const isNew = (run: Run) => !seen.has(runKey(run)) && Boolean(seen.add(runKey(run)));
	const ancestors: Run[] = [];
	let above = source.get(runKey(ref))?.parent ?? null;
	while (above !== null && ancestors.length < FAMILY_RUNS) {
		const parent = source.get(runKey(above));
		if (!parent || !isNew(parent)) break;
		ancestors.push(parent);
		above = parent.parent;
	}
	const descendants: Run[] = [];
	let level: readonly RunRef[] = [ref];
	for (let depth = 0; depth < FAMILY_RUNS && level.length > 0; depth += 1) {
		const left = FAMILY_RUNS - descendants.length;
		const below: Run[] = left > 0 ? source.childrenOf(level, left).filter(isNew) : [];
		descendants.push(...below);
		level = below;
	}
	return { ancestors, descendants };
}

/** The numbers of the runs that any of these started, in the order they were created. */
export function childNumbers(db: Sql, refs: readonly RunRef[], most: number): number[] {
	const parents = JSON.stringify(refs.map((ref) => exactText(runKey(ref))));
	return rows(
		db,
		sql`SELECT run FROM sb_runs WHERE parent IN (SELECT value FROM json_each(${parents}))
			ORDER BY created, key LIMIT ${most}`
	).map((row) => count(row, 'run'));
}

/** How many runs any of these started. */
export function countChildren(db: Sql, refs: readonly RunRef[], reach: Reach): number {
	const parents = JSON.stringify(refs.map((ref) => exactText(runKey(ref))));
	const [row] = rows(
		db,
		sql`SELECT count(*) AS n FROM sb_runs r
			WHERE r.parent IN (SELECT value FROM json_each(${parents})) AND (${runWithin(reach)})`
	);
	return count(row, 'n');
}
