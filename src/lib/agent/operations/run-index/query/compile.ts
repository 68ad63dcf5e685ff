// From terms to SQL. A term becomes a test of one row of `sb_runs r`, and where an index can find
// its runs also a source: a query of their numbers, each once. Which source to begin with is the
// plan's choice, by their sizes.
import { normalizeText, traitOf, type QueryTerm, type Reach } from '../../../../protocol';
import type { CompiledTerm } from './compiled-term';
import { compileField } from './field-sql';
import type { RunMetadata } from '../tables/metadata';
import { compileMetadata } from './metadata-sql';
import { reachTerm } from './reach-sql';
import { searchTerm } from './search-sql';
import type { StatusCount } from '../tables/tallies';
import { countedTotal } from './known-totals';
import { sql } from '../../../db/sql';

/** What relative times go by (Ms), who asks, and where metadata and counts are looked up. */
export type CompileContext = {
	now: number;
	reach: Reach;
	metadata: RunMetadata;
	counts: () => readonly StatusCount[];
};

/** Compiles each term; a run matches the query when it passes every test. */
export function compileTerms(terms: readonly QueryTerm[], context: CompileContext): CompiledTerm[] {
	const { reach } = context;
	const compiled = compileEach(terms, context);
	return reach === 'everywhere' ? compiled : [...compiled, reachTerm(reach)];
}

function compileEach(terms: readonly QueryTerm[], context: CompileContext): CompiledTerm[] {
	return terms.map((term) => {
		const compiled = { ...compile(term, context), fleeting: isFleeting(term) };
		if (!term.negated)
			return { ...compiled, size: compiled.size ?? countedTotal([term], context.counts) };
		const { test, numberOnly = false } = compiled;
		const opposite = sql`(${test}) IS NOT TRUE`;
		return { test: opposite, source: null, size: null, numberOnly, negates: compiled };
	});
}

/** Is it about how long ago something was, or will be? */
function isFleeting(term: QueryTerm): boolean {
	if (term.kind !== 'field') return false;
	if (term.field === 'duration') return true;
	return term.values.some((value) => {
		if (value.kind === 'text') return term.field === 'is' && traitOf(value) === 'overdue';
		if (value.kind === 'between') return value.low.unit === 'ago';
		return value.kind === 'compare' && value.quantity.unit === 'ago';
	});
}

function compile(term: QueryTerm, { now, metadata, reach }: CompileContext): CompiledTerm {
	switch (term.kind) {
		case 'text':
			return searchTerm(normalizeText(term.text));
		case 'metadata':
			return compileMetadata(term, metadata);
		case 'field':
			return compileField(term.field, term.values, { now, reach });
	}
}
