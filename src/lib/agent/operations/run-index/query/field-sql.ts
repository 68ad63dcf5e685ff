import {
	exactText,
	intervalOf,
	normalizeText,
	type QueryField,
	type QueryValue,
	type Reach
} from '../../../../protocol';
import { ALWAYS, beginsWith, isExact, isSeekable, NEVER, numberTest, textTest } from './column-sql';
import { tested, type CompiledTerm } from './compiled-term';
import { hasVisibleParent } from './reach-sql';
import { errorTerm } from './search-sql';
import { statusTest, traitTest } from './trait-sql';
import { Fragment, join, sql } from '../../../db/sql';

/** The columns of `sb_runs` that fields compare as text. */
const TEXT_COLUMNS = {
	workflow: new Fragment('r.workflow'),
	step: new Fragment('r.step'),
	outcome: new Fragment('r.outcome'),
	by: new Fragment('r.by')
} as const;

const HOUR_MS = 3_600_000;

const TIME_COLUMNS = {
	started: new Fragment('r.started'),
	created: new Fragment('r.created'),
	updated: new Fragment('r.updated'),
	finished: new Fragment('r.finished')
} as const;

/** Compiles a term on a field of the run. Of a parent that is not to be seen nothing is told. */
export function compileField(
	field: QueryField,
	values: readonly QueryValue[],
	{ now, reach }: { now: number; reach: Reach }
): CompiledTerm {
	switch (field) {
		case 'status':
			return tested(statusTest(values), true);
		case 'id':
			return tested(idTest(values), isSeekable(values));
		case 'workflow':
		case 'step':
		case 'outcome':
		case 'by':
			return tested(textTest(TEXT_COLUMNS[field], values), isSeekable(values));
		case 'agent':
			return tested(agentTest(values), isSeekable(values));
		case 'error':
			return errorTerm(values);
		case 'parent':
			return tested(
				sql`(${eitherTest(['r.parent', 'r.parent_id'], values, exactText)})
					AND ${hasVisibleParent(reach)}`,
				isSeekable(values)
			);
		case 'waiting': {
			const names = eitherTest(['r.waiting_kind', 'r.waiting_name', 'r.waiting_event'], values);
			return tested(sql`r.waiting_kind IS NOT NULL AND (${names})`, true);
		}
		case 'started':
		case 'created':
		case 'updated':
		case 'finished':
			return {
				...timeTerm(TIME_COLUMNS[field], values, now),
				...(field === 'started' ? {} : { cuts: field })
			};
		case 'duration':
			return durationTerm(values, now);
		case 'progress':
			return tested(numberTest(new Fragment('r.progress'), values, now), false);
		case 'retries':
			return retriesTerm(values, now);
		case 'is':
			return tested(
				join(
					values.map((value) => traitTest(value, { now, reach })),
					' OR ',
					NEVER
				),
				true
			);
	}
}

/**
 * Times, of which those before now move on all the while: what lies within whole hours stays the
 * same for that long, and only the edges are fleeting.
 */
function timeTerm(column: Fragment, values: readonly QueryValue[], now: number): CompiledTerm {
	const whole = tested(numberTest(column, values, now), true);
	if (!values.every(isAgo)) return whole;
	const parts = values.filter(isAgo).flatMap((value) => {
		const { from, until } = intervalOf(value, now);
		const inner = {
			from: HOUR_MS * Math.ceil(from / HOUR_MS),
			until: HOUR_MS * Math.floor(until / HOUR_MS)
		};
		const test = numberTest(column, [value], now);
		if (!(inner.from < inner.until)) return { ...tested(test, true), fleeting: true };
		const range = [
			...(from === -Infinity ? [] : [sql`${column} >= ${inner.from}`]),
			...(until === Infinity ? [] : [sql`${column} < ${inner.until}`])
		];
		const edges = [
			...(from === -Infinity ? [] : [sql`(${test}) AND ${column} < ${inner.from}`]),
			...(until === Infinity ? [] : [sql`(${test}) AND ${column} >= ${inner.until}`])
		];
		return [
			tested(join(range, ' AND ', ALWAYS), true),
			...edges.map((edge) => ({ ...tested(edge, true), fleeting: true }))
		];
	});
	return { ...whole, parts };
}

/** Is it about how long ago something was? */
export function isAgo(value: QueryValue): value is Exclude<QueryValue, { kind: 'any' | 'text' }> {
	if (value.kind === 'between') return value.low.unit === 'ago';
	return value.kind === 'compare' && value.quantity.unit === 'ago';
}

function eitherTest(
	columns: readonly string[],
	values: readonly QueryValue[],
	compared = normalizeText
): Fragment {
	const tests = columns.map((column) => textTest(new Fragment(column), values, compared));
	return join(tests, ' OR ', NEVER);
}

/** Text search needs ids without case; the index of those finds what the key then confirms. */
function idTest(values: readonly QueryValue[]): Fragment {
	const exactId = new Fragment("substr(r.key, instr(r.key, '/') + 1)");
	const found = textTest(new Fragment('r.id'), values);
	return sql`(${found}) AND (${textTest(exactId, values, exactText)})`;
}

/** An Agent's path names its sub-agents too, and a class all of its Agents. */
function agentTest(values: readonly QueryValue[]): Fragment {
	const column = new Fragment('r.agent');
	const below = values.filter(isExact).map(({ text }) => beginsWith(column, `${exactText(text)}/`));
	return join([textTest(column, values, exactText), ...below], ' OR ', NEVER);
}

/** A run that goes on has taken as long as from its start to now. */
function durationTerm(values: readonly QueryValue[], now: number): CompiledTerm {
	const taken = numberTest(new Fragment('r.duration'), values, now);
	const tests = values.map((value) => goingTest(value, now));
	const going = sql`r.finished IS NULL AND (${join(tests, ' OR ', NEVER)})`;
	// Left to itself the database prefers the index of all times at which runs started.
	const source = sql`SELECT r.run FROM sb_runs r INDEXED BY sb_runs_going WHERE ${going}`;
	const parts = [tested(taken, true), { test: going, source, size: null, fleeting: true }];
	return { ...tested(sql`(${taken}) OR (${going})`, true), parts };
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
