import {
	type ActivityMinute,
	type Around,
	type Pin,
	type QueryTerm,
	type Reach,
	type Run,
	runKey,
	type RunOrder,
	type RunRecord,
	type RunRef,
	type RunsByStatus,
	type RunStatus,
	type RunWindow,
	type ShownWindow,
	toRunRow
} from '../../../protocol';
import { similarTo, usualOf, type HumanWaits } from './similar-runs';
import { childNumbers, countChildren, familyOf, type Family } from './run-family';
import { RunMetadata, type Suggestion } from './tables/metadata';
import { nextChangeAt } from './query/next-change';
import { positionOf, readCursor, writeCursor } from './query/keyset';
import { pageRows } from './query/page';
import { countByStatus, matchingRuns, planOf, totalOf, type Plan } from './query/planner';
import { compileTerms } from './query/compile';
import { migrateRunTables } from './tables/schema';
import { RunSets } from './query/term-set-cache';
import { RunPins } from './tables/pins';
import { dropTombstones, type Removal, type Tombstone } from './tables/run-remover';
import { RunStore } from './tables/run-writer';
import { suggestField, type SuggestQuery } from './run-suggestions';
import { activityWithin, suggestWithin } from './runs-within';
import { RunTallies, type StatusCount } from './tables/tallies';
import { countedByStatus, countedTotal } from './query/known-totals';
import { windowPlace } from './query/window-place';
import { count, type Fragment, type Sql } from '../../db/sql';

export { BadCursorError } from './query/keyset';
export type { Suggestion } from './tables/metadata';
export type { Tombstone } from './tables/run-remover';

export type RunPageQuery = {
	terms: readonly QueryTerm[];
	order: RunOrder;
	limit: number;
	cursor?: string | undefined;
	/** A range by its place in the list instead of by cursor. */
	window?: RunWindow | undefined;
	/** Ms; what relative times go by. */
	now: number;
	/** The part of the fleet that is looked at. */
	reach?: Reach;
};

export type IndexedPage = {
	runs: Run[];
	keys: string[];
	/** Exact, or 10,000 with `totalExact` false where more match than are worth counting. */
	total: number;
	totalExact: boolean;
	nextCursor: string | null;
	/** Of a window only. */
	window?: ShownWindow;
};

/** To test so many runs one by one is quicker than to read the set of each term. */
const FEW = 1500;

type PlanContext = { now: number; reach?: Reach; counts?: () => readonly StatusCount[] };

/** How many similar runs are listed. */
const SIMILAR = 6;

/**
 * The fleet's runs, and every question about them. Methods are synchronous; the caller wraps
 * writes in a transaction.
 */
export class RunIndex {
	readonly pins: RunPins;
	readonly #sql: Sql;
	readonly #metadata: RunMetadata;
	readonly #tallies: RunTallies;
	readonly #store: RunStore;
	readonly #sets: RunSets;

	/** @param few a query that finds at most so many runs by one of its terms begins with those */
	constructor(db: Sql, few = FEW) {
		this.#sql = db;
		this.#sets = new RunSets(db, few);
		this.#metadata = new RunMetadata(db);
		this.#tallies = new RunTallies(db);
		this.pins = new RunPins(db);
		this.#store = new RunStore(db, {
			pins: this.pins,
			metadata: this.#metadata,
			tallies: this.#tallies,
			changed: (run) => this.#sets.touch(run)
		});
	}

	/** Creates the tables. Safe to repeat. */
	migrate(): void {
		migrateRunTables(this.#sql);
	}

	/** Takes a record in, unless what is known is as new or the run was removed. */
	upsert(record: RunRecord): 'stored' | 'stale' {
		return this.#store.upsert(record);
	}

	/** Stores every run as `change` answers with it: the same run with other values. */
	rewrite(change: (run: Run) => Run): void {
		this.#store.rewrite(change);
	}

	/** The record with this key (`REFUND/abc`). */
	get(key: string): RunRecord | null {
		return this.#store.get(key);
	}

	/** Is there a run with this key? */
	has(key: string): boolean {
		return this.#store.has(key);
	}

	/** Removes runs and leaves a tombstone of each, so that a late record does not bring them back. */
	remove(keys: readonly string[], removal: Removal): string[] {
		return this.#store.remove(keys, removal);
	}

	/** Pins a run, or unpins it with null. */
	pin(key: string, pin: Pin | null): void {
		this.pins.set(key, pin);
		this.#store.repin(key);
	}

	/** Lets a run with this key come back. */
	forgetTombstone(key: string): void {
		this.#store.forgetTombstone(key);
	}

	/** Drops some of the tombstones from before a time, Ms. Returns whether some are left. */
	dropTombstones(before: number): boolean {
		return dropTombstones(this.#sql, before);
	}

	/** Who removed the run with this key, and when; null unless it was. */
	tombstone(key: string): Tombstone | null {
		return this.#store.tombstone(key);
	}

	/**
	 * A page of the runs that match.
	 * @throws BadCursorError for a cursor that was not handed out for this order
	 */
	page(query: RunPageQuery): IndexedPage {
		const { terms, order, limit, cursor, window, now, reach = 'everywhere' } = query;
		const begin = window?.from ?? cursor;
		const after = begin === undefined ? null : readCursor(order, begin);
		const counts = this.#counts();
		const plan = this.#plan(terms, { now, reach, counts });
		const { offset = 0 } = window ?? {};
		const inclusive = window?.from !== undefined;
		const found = pageRows(this.#sql, plan, { order, after, inclusive, offset, limit: limit + 1 });
		const shown = found.slice(0, limit);
		const last = shown.at(-1);
		const counted = reach === 'everywhere' ? countedTotal(terms, counts) : null;
		const total =
			counted === null ? totalOf(this.#sql, plan) : { total: counted, totalExact: true };
		return {
			runs: this.#store.runs(shown.map((row) => count(row, 'run'))),
			keys: shown.map((row) => String(row['key'])),
			...total,
			nextCursor: last && found.length > limit ? writeCursor(order, positionOf(last)) : null,
			...(window
				? { window: windowPlace(this.#sql, plan, { order, after, offset, first: shown[0] }) }
				: {})
		};
	}

	/**
	 * Runs by status that match without the query's own terms on the status; null where that would
	 * have to be counted and `counted` says to leave it.
	 */
	byStatus(
		terms: readonly QueryTerm[],
		{
			now,
			reach = 'everywhere',
			counted
		}: { now: number; reach?: Reach; counted: 'counted' | 'any' }
	): RunsByStatus | null {
		const others = terms.filter((term) => term.kind !== 'field' || term.field !== 'status');
		const counts = this.#counts();
		if (reach === 'everywhere' && countedTotal(others, counts) !== null) {
			return countedByStatus(others, counts);
		}
		if (counted === 'counted') return null;
		return countByStatus(this.#sql, this.#sets, this.#plan(others, { now, reach, counts }));
	}

	/** When time alone can next change what these terms find, Ms; null when it cannot. */
	nextChangeAt(terms: readonly QueryTerm[], now: number): number | null {
		return nextChangeAt(this.#sql, terms, now);
	}

	/** The runs that led to this one, and all that it led to. */
	familyOf(ref: RunRef): Family {
		return familyOf(
			{
				get: (key) => this.get(key)?.run ?? null,
				childrenOf: (refs, most) => this.#childrenOf(refs, most)
			},
			ref
		);
	}

	/** How many runs any of these started. */
	countChildren(refs: readonly RunRef[], reach: Reach = 'everywhere'): number {
		return countChildren(this.#sql, refs, reach);
	}

	/** How long the workflow's runs usually take, and runs like this one. */
	around(ref: RunRef, approvals: HumanWaits, reach: Reach = 'everywhere'): Around {
		const similar = this.#store.runs(similarTo(this.#sql, runKey(ref), { limit: SIMILAR, reach }));
		const usual = usualOf(this.#sql, ref.workflow, { approvals, reach });
		return { usual, similar: similar.map(toRunRow) };
	}

	#childrenOf(refs: readonly RunRef[], most: number): Run[] {
		const parents = new Set(refs.map(runKey));
		return this.#store
			.runs(childNumbers(this.#sql, refs, most))
			.filter(({ parent }) => parent !== null && parents.has(runKey(parent)));
	}

	/** How many runs there are of each status that there is. */
	counts(reach: Reach = 'everywhere'): Partial<Record<RunStatus, number>> {
		if (reach !== 'everywhere') {
			return this.byStatus([], { now: 0, reach, counted: 'any' }) ?? {};
		}
		const counts: Partial<Record<RunStatus, number>> = {};
		for (const { status, runs } of this.#tallies.counts())
			counts[status] = (counts[status] ?? 0) + runs;
		return counts;
	}

	/**
	 * The minutes from `sinceMs` on in which a run began or ended, oldest first. Of a part of the fleet
	 * without runs that were removed since.
	 */
	activity(sinceMs: number, reach: Reach = 'everywhere'): ActivityMinute[] {
		return reach === 'everywhere'
			? this.#tallies.activity(sinceMs)
			: activityWithin(this.#sql, reach, sinceMs);
	}

	/** Drops what charts no longer show. */
	trimActivity(now: number): void {
		this.#tallies.trim(now);
	}

	/** A query of the numbers of the runs that match. */
	matching(terms: readonly QueryTerm[], now: number, reach: Reach = 'everywhere'): Fragment {
		return matchingRuns(this.#plan(terms, { now, reach }));
	}

	/** Words that begin with `prefix`, the most frequent first, with how many runs have each. */
	suggest(asked: SuggestQuery, reach: Reach = 'everywhere'): Suggestion[] {
		if (reach !== 'everywhere') return suggestWithin(this.#sql, reach, asked);
		const { of, prefix, limit } = asked;
		if (of === 'metadata-values') return this.#metadata.suggestKeysOf(prefix, limit);
		if (of === 'metadata-keys') return this.#metadata.suggestKeys(prefix, limit);
		if ('metadata' in of) return this.#metadata.suggestValues(of.metadata, prefix, limit);
		return suggestField(this.#sql, this.#tallies.counts(), { field: of.field, prefix, limit });
	}

	#plan(
		terms: readonly QueryTerm[],
		{ now, reach = 'everywhere', counts = this.#counts() }: PlanContext
	): Plan {
		const context = { now, reach, metadata: this.#metadata, counts };
		return planOf(this.#sql, this.#sets, compileTerms(terms, context));
	}

	/** What has to hold of a row `r` of `sb_runs` so that it matches: for queries of other tables. */
	tests(terms: readonly QueryTerm[], now: number, reach: Reach = 'everywhere'): Fragment[] {
		const context = { now, reach, metadata: this.#metadata, counts: this.#counts() };
		return compileTerms(terms, context).map(({ test }) => test);
	}

	/** The counts, read once and only if they are asked for. */
	#counts(): () => readonly StatusCount[] {
		let known: readonly StatusCount[] | null = null;
		return () => (known ??= this.#tallies.counts());
	}
}
