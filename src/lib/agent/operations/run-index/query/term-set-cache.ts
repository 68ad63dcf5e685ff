// Which runs pass each term of a query, kept from one query to the next. What two terms have in
// common, and how many runs that are, then costs next to nothing. The sets follow the index: a run
// that changed is tested anew for each set when that is asked for next. They are no truth of their
// own: all of them can be forgotten at any time.
import { ALWAYS } from './column-sql';
import { scanOf, type CompiledTerm } from './compiled-term';
import { RunSet } from './run-bitset';
import { count, rows, sql, type Fragment, type Sql } from '../../../db/sql';

/** What is found, and by which terms: some of them cut the order to walk short. */
export type Found = {
	set: RunSet;
	terms: readonly CompiledTerm[];
	/** Is it quicker to sort them than to look for so few in the whole order? */
	few: boolean;
};

/** So many sets are kept at most, those that were asked for last, and up to so many bytes. */
const KEPT = { sets: 128, bytes: 8_000_000 } as const;
/** A set that has not seen so many of the last changes is read anew. */
const KEPT_CHANGES = 4_096;
/** So many run numbers are read at a time: a text of more would be too long for the database. */
const READ_AT_ONCE = 200_000;
/** As many runs as this are tested one by one for what no index can find. */
const TESTED = 25_000;

const EVERY_RUN: CompiledTerm = {
	test: ALWAYS,
	source: sql`SELECT run FROM sb_runs`,
	size: null
};

type Kept = { set: RunSet; seen: number };

export class RunSets {
	readonly #sql: Sql;
	/** Runs so few are looked at one by one. */
	readonly few: number;
	readonly #kept = new Map<string, Kept>();
	/** The runs that changed, the last of them at the end; the first is number `#dropped`. */
	#changed: number[] = [];
	#dropped = 0;

	constructor(db: Sql, few: number) {
		this.#sql = db;
		this.few = few;
	}

	/** A run is another than before, is new, or is gone. */
	touch(run: number): void {
		if (this.#kept.size === 0) return;
		this.#changed.push(run);
		if (this.#changed.length < 2 * KEPT_CHANGES) return;
		this.#dropped += this.#changed.length - KEPT_CHANGES;
		this.#changed = this.#changed.slice(-KEPT_CHANGES);
	}

	/** The runs that pass all terms; null where the database finds them as fast by itself. */
	matching(terms: readonly CompiledTerm[]): RunSet | null {
		const wanted = terms.filter((term) => !term.negates && isFound(term));
		if (wanted.some((term) => this.#areFew(term))) return null;
		const unwanted = terms.flatMap(({ negates }) => (negates && isFound(negates) ? negates : []));
		const others = terms.filter((term) => !isFound(term.negates ?? term));
		const sets = wanted.map((term) => this.of(term)).sort((a, b) => a.size - b.size);
		let found = sets[0] ?? this.of(EVERY_RUN);
		for (const set of sets.slice(1)) found = found.and(set);
		for (const term of unwanted) found = found.and(this.of(term), true);
		if (others.length === 0) return found;
		return found.size <= TESTED ? this.#tested(found, others) : null;
	}

	/** Is the set of this term kept, and has it not missed too many changes? */
	knows(term: CompiledTerm): boolean {
		const kept = this.#kept.get(keyOf(term));
		return kept !== undefined && kept.seen >= this.#dropped;
	}

	/** The runs that pass a term, which is not a negated one. */
	of(term: CompiledTerm): RunSet {
		if (term.parts) return term.parts.map((part) => this.of(part)).reduce((a, b) => a.or(b));
		const key = keyOf(term);
		const kept = this.#kept.get(key);
		const now = this.#dropped + this.#changed.length;
		if (!kept || kept.seen < this.#dropped) {
			const set = this.#read(term);
			if (!term.fleeting) this.#keep(key, { set, seen: now });
			return set;
		}
		const changed = new Set(this.#changed.slice(kept.seen - this.#dropped));
		if (changed.size > 0) this.#testAgain(kept.set, changed, term.test);
		this.#keep(key, { set: kept.set, seen: now });
		return kept.set;
	}

	#areFew(term: CompiledTerm): boolean {
		if (term.size !== null) return term.size <= this.few;
		if (term.search || !term.source || this.#kept.has(keyOf(term))) return false;
		const some = sql`SELECT 1 FROM (${term.source}) LIMIT ${this.few + 1}`;
		return count(rows(this.#sql, sql`SELECT count(*) AS n FROM (${some})`)[0], 'n') <= this.few;
	}

	#keep(key: string, kept: Kept): void {
		const isNew = !this.#kept.delete(key);
		this.#kept.set(key, kept);
		if (!isNew) return;
		let bytes = [...this.#kept.values()].reduce((sum, { set }) => sum + set.bytes, 0);
		for (const [oldest, { set }] of this.#kept) {
			if (this.#kept.size <= KEPT.sets && bytes <= KEPT.bytes) return;
			this.#kept.delete(oldest);
			bytes -= set.bytes;
		}
	}

	#read(term: CompiledTerm): RunSet {
		const source = sourceOf(term);
		const [row] = rows(this.#sql, sql`SELECT max(run) AS most FROM sb_runs`);
		if (count(row, 'most') <= READ_AT_ONCE) return new RunSet(listIn(this.#sql, source));
		const set = new RunSet();
		for (let offset = 0, read = READ_AT_ONCE; read === READ_AT_ONCE; offset += read) {
			const found = listIn(
				this.#sql,
				sql`SELECT run FROM (${source}) LIMIT ${READ_AT_ONCE} OFFSET ${offset}`
			);
			set.addAll(found);
			read = found.length;
		}
		return set;
	}

	#testAgain(set: RunSet, changed: ReadonlySet<number>, test: Fragment): void {
		for (const run of changed) set.delete(run);
		set.addAll(this.#passing(changed, test));
	}

	#tested(found: RunSet, others: readonly CompiledTerm[]): RunSet {
		return others.reduce((left, { test }) => new RunSet(this.#passing(left, test)), found);
	}

	#passing(runs: Iterable<number>, test: Fragment): number[] {
		return listIn(
			this.#sql,
			sql`SELECT r.run FROM json_each(${JSON.stringify([...runs])}) s
				CROSS JOIN sb_runs r ON r.run = s.value WHERE ${test}`
		);
	}
}

/** Run numbers as one text, which takes a fraction of what a row for each does. */
export function listIn(db: Sql, query: Fragment): number[] {
	const [row] = rows(db, sql`SELECT json_group_array(run) AS list FROM (${query})`);
	return JSON.parse(String(row?.['list'] ?? '[]')) as number[]; // what was written one line above
}

/** Can an index find the runs of this term? */
function isFound({ source, search }: CompiledTerm): boolean {
	return source !== null || search !== undefined;
}

function sourceOf({ test, source, search }: CompiledTerm): Fragment {
	return source ?? search?.(-1) ?? scanOf(test);
}

function keyOf({ test }: CompiledTerm): string {
	return `${test.text} ${JSON.stringify(test.bindings)}`;
}
