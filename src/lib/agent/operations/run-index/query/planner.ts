// Where to begin: the term that finds the fewest runs leads, the others are tested on its runs.
import { exactly, RUN_STATUSES, type RunsByStatus } from '../../../../protocol';
import { ALWAYS } from './column-sql';
import { tested, type CompiledTerm } from './compiled-term';
import type { RunSet } from './run-bitset';
import type { RunSets } from './term-set-cache';
import type { Found } from './term-set-cache';
import { statusTest } from './trait-sql';
import { count, join, rows, sql, type Fragment, type Sql } from '../../../db/sql';

/** Totals are counted up to here. */
const COUNTED = 10_000;
/** To compare terms, their runs are counted up to here: cheap, and enough to tell few from many. */
const COMPARED = 25_000;

/**
 * What a query begins with: `size` runs, or more unless `sizeExact`. A search that found too many
 * was not read to its end, and has no source.
 */
type Lead = {
	term: CompiledTerm;
	source: Fragment | null;
	size: number;
	sizeExact: boolean;
};

export type Plan = {
	terms: readonly CompiledTerm[];
	lead: Lead | null;
	/** What the lead's runs are tested for: the other terms. */
	rest: Fragment;
	/** What any run is tested for: all terms. */
	all: Fragment;
	/** What matches, where the sets know it. */
	found: Found | null;
	/** The same for a query that does not need it for its first page. */
	find: () => Found | null;
};

/** Finds the term to begin with. What is known without counting is looked at first. */
export function planOf(db: Sql, sets: RunSets, terms: readonly CompiledTerm[]): Plan {
	const find = (): Found | null => {
		const set = terms.length === 0 ? null : sets.matching(terms);
		return set && { set, terms, few: set.size <= sets.few };
	};
	// A search is costly; one that is asked again and again, by who looks at it, is known by now.
	const isKnown = terms.length > 1 || terms.some((term) => term.search && sets.knows(term));
	const found = isKnown ? find() : null;
	const all = allOf(terms);
	if (found) return { terms, lead: null, rest: all, all, found, find: () => found };
	const most = terms.length === 1 ? COUNTED + 1 : COMPARED;
	let lead: Lead | null = null;
	for (const term of terms.toSorted((a, b) => rank(a) - rank(b))) {
		const bound: number = Math.min(lead?.size ?? most, most);
		const found: Lead | null = leadOf(db, term, bound);
		if (found && (lead === null || (found.source && found.size < lead.size))) lead = found;
	}
	const others = terms.filter((term) => term !== lead?.term);
	return { terms, lead, rest: allOf(others), all: allWith(terms, lead), found, find };
}

function rank({ size, search }: CompiledTerm): number {
	return size ?? (search ? Number.MAX_VALUE : Number.MAX_SAFE_INTEGER);
}

function leadOf(db: Sql, term: CompiledTerm, bound: number): Lead | null {
	const { source, size, search } = term;
	if (search) return searched(db, term, search, bound);
	if (source === null) return null;
	if (size !== null) return { term, source, size, sizeExact: true };
	const [row] = rows(db, sql`SELECT count(*) AS n FROM (SELECT 1 FROM (${source}) LIMIT ${bound})`);
	const found = count(row, 'n');
	return { term, source, size: found, sizeExact: found < bound };
}

/** A search is costly, so it is asked once; the list of what it found is what leads. */
function searched(
	db: Sql,
	term: CompiledTerm,
	search: (limit: number) => Fragment,
	bound: number
): Lead {
	const [row] = rows(
		db,
		sql`SELECT count(*) AS n, json_group_array(run) AS list FROM (${search(bound)})`
	);
	const size = count(row, 'n');
	const sizeExact = size < bound;
	const list = sql`SELECT value AS run FROM json_each(${String(row?.['list'])})`;
	return { term, source: sizeExact ? list : null, size, sizeExact };
}

/** Tests of any run. What a search has found is not searched for again in each row. */
function allWith(terms: readonly CompiledTerm[], lead: Lead | null): Fragment {
	if (!lead?.source || !lead.term.search) return allOf(terms);
	const isFound = { ...lead.term, test: sql`r.run IN (${lead.source})` };
	return allOf(terms.map((term) => (term === lead.term ? isFound : term)));
}

function allOf(terms: readonly CompiledTerm[]): Fragment {
	return join(
		terms.map(({ test }) => test),
		' AND ',
		ALWAYS
	);
}

/** How many runs match, exactly up to {@link COUNTED}. */
export function totalOf(db: Sql, plan: Plan): { total: number; totalExact: boolean } {
	const { lead, terms, found: known } = plan;
	if (known) return { total: known.set.size, totalExact: true };
	if (lead && terms.length === 1) {
		if (lead.sizeExact) return { total: lead.size, totalExact: true };
		return { total: COUNTED, totalExact: false };
	}
	const runs = sql`SELECT 1 FROM (${matchingRuns(plan)}) LIMIT ${COUNTED + 1}`;
	const found = count(rows(db, sql`SELECT count(*) AS n FROM (${runs})`)[0], 'n');
	return { total: Math.min(found, COUNTED), totalExact: found <= COUNTED };
}

/** The matching runs by status, all of them: what it takes depends on how many match. */
export function countByStatus(db: Sql, sets: RunSets, plan: Plan): RunsByStatus {
	const known = plan.find();
	if (known) return statusesIn(sets, known.set);
	const counted = sql`SELECT r.status, count(*) AS n FROM (${matchingRuns(plan)}) m
		CROSS JOIN sb_runs r ON r.run = m.run GROUP BY r.status`;
	const found = rows(db, counted).flatMap((row) => {
		const status = RUN_STATUSES[count(row, 'status')];
		return status ? [[status, count(row, 'n')] as const] : [];
	});
	return Object.fromEntries(found);
}

function statusesIn(sets: RunSets, set: RunSet): RunsByStatus {
	const counts: RunsByStatus = {};
	for (const status of RUN_STATUSES) {
		const runs = set.common(sets.of(tested(statusTest([exactly(status)]), true)));
		if (runs > 0) counts[status] = runs;
	}
	return counts;
}

/** The numbers of the matching runs, in no order. */
export function matchingRuns({ terms, lead, rest, all, found }: Plan): Fragment {
	if (found) return sql`SELECT value AS run FROM json_each(${JSON.stringify([...found.set])})`;
	if (!lead?.source) return sql`SELECT r.run FROM sb_runs r WHERE ${all}`;
	const numbers = terms.every((term) => term === lead.term || term.numberOnly === true);
	if (numbers) return sql`SELECT r.run FROM (${lead.source}) r WHERE ${rest}`;
	return sql`SELECT r.run FROM (${lead.source}) s CROSS JOIN sb_runs r ON r.run = s.run WHERE ${rest}`;
}
