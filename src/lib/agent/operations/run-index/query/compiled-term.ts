import type { RunOrderField } from '../../../../protocol';
import { sql, type Fragment } from '../../../db/sql';

/** A term as SQL on the tables of the fleet index. */
export type CompiledTerm = {
	/** A condition on `r`, a row of `sb_runs`. */
	test: Fragment;
	/** A query of the `run` numbers that the test admits; null where only a scan would find them. */
	source: Fragment | null;
	/** How many runs that are, where it is known without counting. */
	size: number | null;
	/** In the place of a source: finds at least so many of the runs, or all of them. */
	search?: (limit: number) => Fragment;
	/** Does the test look at the run's number only? */
	numberOnly?: boolean;
	/** The order in which the test is a range that an index can seek. */
	cuts?: RunOrderField;
	/** Does what it admits change with the time alone? */
	fleeting?: boolean;
	/** Terms that together admit the same, of which not all are fleeting. */
	parts?: readonly CompiledTerm[];
	/** Of a negated term: the term that it is the opposite of. */
	negates?: CompiledTerm;
};

/** Finds by a test of `r` itself. */
export function scanOf(test: Fragment): Fragment {
	return sql`SELECT r.run FROM sb_runs r WHERE ${test}`;
}

/** A term that is a test of `r`; `seekable` says that an index can find its runs. */
export function tested(test: Fragment, seekable: boolean): CompiledTerm {
	return { test, source: seekable ? scanOf(test) : null, size: null };
}
