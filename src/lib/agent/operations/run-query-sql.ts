// From terms to SQL on the tables of the fleet index. A term becomes a test of one row of
// `sb_runs r`, and where an index can find its runs also a source: a query of their numbers, each
// once. Which source to begin with is the page's choice, by their sizes.
import {
	ACTIVE_STATUSES,
	ENDED_STATUSES,
	RUN_STATUSES,
	type QueryField,
	type QueryTerm,
	type QueryValue,
	type RunOrderField,
	type RunStatus,
	type RunTrait
} from '../../protocol';
import { anywhere, intervalOf, traitOf } from '../../protocol/query-language/matches';
import { normalize } from '../../protocol/query-language/metadata';
import {
	ALWAYS,
	among,
	beginsWith,
	isExact,
	isSeekable,
	NEVER,
	numberTest,
	textTest
} from './run-column-sql';
import type { RunMetadata } from './run-metadata';
import type { StatusCount } from './run-tallies';
import { countedTotal } from './run-totals';
import { compileMetadata } from './run-metadata-sql';
import { Fragment, join, sql } from './sql';

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
	/** The order in which the test is a stretch that an index can seek. */
	cuts?: RunOrderField;
};

/** What relative times go by (Ms), and where metadata and counts are looked up. */
export type CompileContext = {
	now: number;
	metadata: RunMetadata;
	counts: () => readonly StatusCount[];
};

/** Compiles each term; a run matches the query when it passes every test. */
export function compileTerms(terms: readonly QueryTerm[], context: CompileContext): CompiledTerm[] {
	return terms.map((term) => {
		const compiled = compile(term, context);
		if (!term.negated)
			return { ...compiled, size: compiled.size ?? countedTotal([term], context.counts) };
		const { test, numberOnly = false } = compiled;
		return { test: sql`(${test}) IS NOT TRUE`, source: null, size: null, numberOnly };
	});
}

function compile(term: QueryTerm, { now, metadata }: CompileContext): CompiledTerm {
	switch (term.kind) {
		case 'text':
			return searchTerm(normalize(term.text));
		case 'metadata':
			return compileMetadata(term, metadata);
		case 'field':
			return fieldTerm(term.field, term.values, now);
	}
}

/** The trigram index knows no text shorter than this. */
const SHORTEST_INDEXED = 3;

function isIndexedText(text: string): boolean {
	return [...text].length >= SHORTEST_INDEXED;
}

/** The phrase as FTS5 writes it. */
function phrase(text: string): string {
	return `"${text.replaceAll('"', '""')}"`;
}

function inIndex(match: string, limit: number): Fragment {
	return sql`SELECT rowid AS run FROM sb_run_text WHERE sb_run_text MATCH ${match} LIMIT ${limit}`;
}

function searchTerm(text: string): CompiledTerm {
	const test = sql`instr(r.id, ${text}) > 0 OR instr(r.error, ${text}) > 0
		OR instr(r.step, ${text}) > 0`;
	const searched = { test, source: null, size: null };
	if (!isIndexedText(text)) return searched;
	const search = (limit: number): Fragment =>
		sql`SELECT run FROM (${inIndex(phrase(text), limit)})
			UNION SELECT run FROM (SELECT r.run FROM sb_runs r
				WHERE r.step IN (SELECT step FROM sb_steps WHERE instr(step, ${text}) > 0) LIMIT ${limit})`;
	return { ...searched, search };
}

function errorTerm(values: readonly QueryValue[]): CompiledTerm {
	const column = new Fragment('r.error');
	const test = sql`r.error IS NOT NULL AND (${textTest(column, values.map(anywhere))})`;
	const [only] = values;
	const text = values.length === 1 && only && isExact(only) ? normalize(only.text) : '';
	if (!isIndexedText(text)) return { test, source: scanOf(test), size: null };
	const search = (limit: number): Fragment => inIndex(`{error} : ${phrase(text)}`, limit);
	return { test, source: null, size: null, search };
}

function scanOf(test: Fragment): Fragment {
	return sql`SELECT r.run FROM sb_runs r WHERE ${test}`;
}

function tested(test: Fragment, seekable: boolean): CompiledTerm {
	return { test, source: seekable ? scanOf(test) : null, size: null };
}

/** The columns of `sb_runs` that fields compare as text. */
const TEXT_COLUMNS = {
	workflow: new Fragment('r.workflow'),
	id: new Fragment('r.id'),
	step: new Fragment('r.step'),
	outcome: new Fragment('r.outcome'),
	by: new Fragment('r.by')
} as const;

const TIME_COLUMNS = {
	started: new Fragment('r.started'),
	created: new Fragment('r.created'),
	updated: new Fragment('r.updated'),
	finished: new Fragment('r.finished')
} as const;

function fieldTerm(field: QueryField, values: readonly QueryValue[], now: number): CompiledTerm {
	switch (field) {
		case 'status':
			return tested(statusTest(values), true);
		case 'workflow':
		case 'id':
		case 'step':
		case 'outcome':
		case 'by':
			return tested(textTest(TEXT_COLUMNS[field], values), isSeekable(values));
		case 'agent':
			return tested(agentTest(values), isSeekable(values));
		case 'error':
			return errorTerm(values);
		case 'parent':
			return tested(eitherTest(['r.parent', 'r.parent_id'], values), isSeekable(values));
		case 'waiting': {
			const names = eitherTest(['r.waiting_kind', 'r.waiting_name', 'r.waiting_event'], values);
			return tested(sql`r.waiting_kind IS NOT NULL AND (${names})`, true);
		}
		case 'started':
		case 'created':
		case 'updated':
		case 'finished':
			return {
				...tested(numberTest(TIME_COLUMNS[field], values, now), true),
				...(field === 'started' ? {} : { cuts: field })
			};
		case 'duration':
			return tested(durationTest(values, now), true);
		case 'progress':
			return tested(numberTest(new Fragment('r.progress'), values, now), false);
		case 'retries':
			return retriesTerm(values, now);
		case 'is':
			return tested(
				join(
					values.map((value) => traitTest(value, now)),
					' OR ',
					NEVER
				),
				true
			);
	}
}

function eitherTest(columns: readonly string[], values: readonly QueryValue[]): Fragment {
	const tests = columns.map((column) => textTest(new Fragment(column), values));
	return join(tests, ' OR ', NEVER);
}

function statusIn(statuses: readonly RunStatus[]): Fragment {
	return among(
		new Fragment('r.status'),
		statuses.map((status) => RUN_STATUSES.indexOf(status))
	);
}

function statusTest(values: readonly QueryValue[]): Fragment {
	if (values.some((value) => value.kind === 'any')) return ALWAYS;
	const texts = values.flatMap((value) => (value.kind === 'text' ? [normalize(value.text)] : []));
	return statusIn(RUN_STATUSES.filter((status) => texts.includes(normalize(status))));
}

/** An Agent's path names its sub-agents too, and a class all of its Agents. */
function agentTest(values: readonly QueryValue[]): Fragment {
	const column = new Fragment('r.agent');
	const below = values.filter(isExact).map(({ text }) => beginsWith(column, `${normalize(text)}/`));
	return join([textTest(column, values), ...below], ' OR ', NEVER);
}

/** A run that goes on has taken as long as from its start to now. */
function durationTest(values: readonly QueryValue[], now: number): Fragment {
	const tests = values.map((value) => {
		const taken = numberTest(new Fragment('r.duration'), [value], now);
		const going = goingTest(value, now);
		return sql`(${taken}) OR (r.finished IS NULL AND (${going}))`;
	});
	return join(tests, ' OR ', NEVER);
}

function goingTest(value: QueryValue, now: number): Fragment {
	if (value.kind === 'any') return sql`r.started IS NOT NULL`;
	if (value.kind === 'text') return NEVER;
	const { from, until, closed } = intervalOf(value, now);
	const least = closed[0] ? sql`r.started <= ${now - from}` : sql`r.started < ${now - from}`;
	const most = closed[1] ? sql`r.started >= ${now - until}` : sql`r.started > ${now - until}`;
	return join(
		[...(from === -Infinity ? [] : [least]), ...(until === Infinity ? [] : [most])],
		' AND ',
		ALWAYS
	);
}

function retriesTerm(values: readonly QueryValue[], now: number): CompiledTerm {
	const test = numberTest(new Fragment('r.retries'), values, now);
	// The index holds the runs with retries only; zero is nearly all of them and no use to seek.
	const some = values.every(
		(value) =>
			(value.kind === 'compare' || value.kind === 'between') && intervalOf(value, now).from >= 1
	);
	return some ? tested(sql`r.retries > 0 AND (${test})`, true) : tested(test, false);
}

function traitTest(value: QueryValue, now: number): Fragment {
	return value.kind === 'any' ? ALWAYS : TRAITS[traitOf(value)](now);
}

const TRAITS: Record<RunTrait, (now: number) => Fragment> = {
	active: () => statusIn(ACTIVE_STATUSES),
	ended: () => statusIn(ENDED_STATUSES),
	waiting: () => sql`r.waiting_kind IS NOT NULL`,
	overdue: (now) => sql`r.due < ${now}`,
	approval: () => sql`r.waiting_kind IS NOT NULL AND r.approval = 1`,
	child: () => sql`r.parent IS NOT NULL`,
	retried: () => sql`r.retries > 0`,
	restarted: () => sql`r.generation > 1`,
	rejected: () => sql`r.outcome = 'rejected'`,
	expired: () => sql`r.outcome = 'expired'`,
	failed: () => sql`r.outcome = 'failed'`
};
