// Where to begin: the term that finds the fewest runs leads, the others are tested on its runs.
import { count, Fragment, join, rows, sql, type Sql } from './sql';
import type { CompiledTerm } from './run-query-sql';
import { ALWAYS } from './run-column-sql';

/** Totals are counted up to here. */
export const COUNTED = 10_000;

/** The leading term with its size; `size` is at least that where `sizeExact` is false. */
export type Lead = { source: Fragment; size: number; sizeExact: boolean };
export type Plan = {
	lead: Lead | null;
	/** What the lead's runs are tested for: the other terms. */
	rest: Fragment;
	/** Do those tests look at the run's number only? */
	numberOnly: boolean;
	/** What any run is tested for: all terms. */
	all: Fragment;
	terms: number;
};

/** Finds the term to begin with. */
export function planOf(db: Sql, terms: readonly CompiledTerm[]): Plan {
	let best: { term: CompiledTerm; lead: Lead } | null = null;
	const knownFirst = terms.toSorted((a, b) => (a.size ?? Infinity) - (b.size ?? Infinity) || 0);
	for (const term of knownFirst) {
		if (term.source === null) continue;
		const bound: number = Math.min(best?.lead.size ?? Infinity, COUNTED + 1);
		const size: number = term.size ?? countUpTo(db, term.source, bound);
		if (best && size >= best.lead.size) continue;
		const sizeExact = term.size !== null || size < bound;
		best = { term, lead: { source: term.source, size, sizeExact } };
	}
	const others = terms.filter((term) => term !== best?.term);
	return {
		lead: best?.lead ?? null,
		rest: allOf(others),
		numberOnly: others.every((term) => term.numberOnly === true),
		all: allOf(terms),
		terms: terms.length
	};
}

function allOf(terms: readonly CompiledTerm[]): Fragment {
	return join(
		terms.map(({ test }) => test),
		' AND ',
		ALWAYS
	);
}

function countUpTo(db: Sql, source: Fragment, bound: number): number {
	const [row] = rows(db, sql`SELECT count(*) AS n FROM (SELECT 1 FROM (${source}) LIMIT ${bound})`);
	return count(row, 'n');
}

/** How many runs match, exactly up to {@link COUNTED}. */
export function totalOf(db: Sql, plan: Plan): { total: number; totalExact: boolean } {
	const { lead } = plan;
	if (lead && plan.terms === 1 && lead.sizeExact) return { total: lead.size, totalExact: true };
	const found = countUpTo(db, matchingRuns(plan), COUNTED + 1);
	return { total: Math.min(found, COUNTED), totalExact: found <= COUNTED };
}

/** The numbers of the matching runs, in no order. */
export function matchingRuns({ lead, rest, numberOnly, all }: Plan): Fragment {
	if (!lead) return sql`SELECT r.run FROM sb_runs r WHERE ${all}`;
	if (numberOnly) return sql`SELECT r.run FROM (${lead.source}) r WHERE ${rest}`;
	return sql`SELECT r.run FROM (${lead.source}) s CROSS JOIN sb_runs r ON r.run = s.run WHERE ${rest}`;
}
