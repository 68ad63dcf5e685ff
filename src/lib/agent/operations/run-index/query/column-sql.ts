// Comparisons of one column with a term's values. Shaped so that an index of the column can serve
// every one that does not begin with a wildcard.
import { intervalOf, normalizeText, type QueryValue } from '../../../../protocol';
import { LAST_CHARACTER } from '../tables/metadata';
import { Fragment, join, sql } from '../../../db/sql';

export const NEVER = new Fragment('0');
export const ALWAYS = new Fragment('1');

type Exact = Extract<QueryValue, { kind: 'text' }> & { before: false; after: false };

/** Is this text exactly, without a wildcard? */
export function isExact(value: QueryValue): value is Exact {
	return value.kind === 'text' && !value.before && !value.after;
}

/** Can an index find these, or does it take a look at every row? */
export function isSeekable(values: readonly QueryValue[]): boolean {
	return values.every((value) => value.kind !== 'text' || !value.before);
}

/** Any of a list of words or numbers. The list is one binding, however long it is. */
export function among(column: Fragment, list: readonly (string | number)[]): Fragment {
	const [only] = list;
	if (only === undefined) return NEVER;
	return list.length === 1
		? sql`${column} = ${only}`
		: sql`${column} IN (SELECT value FROM json_each(${JSON.stringify(list)}))`;
}

export function beginsWith(column: Fragment, text: string): Fragment {
	return sql`${column} >= ${text} AND ${column} < ${text + LAST_CHARACTER}`;
}

/**
 * A column of text against a list of values.
 * @param compared how the texts of the column were normalized
 */
export function textTest(
	column: Fragment,
	values: readonly QueryValue[],
	compared: (text: string) => string = normalizeText
): Fragment {
	const exact = values.filter(isExact).map(({ text }) => compared(text));
	const tests = values.flatMap((value): Fragment[] => {
		if (value.kind === 'any') return [sql`${column} IS NOT NULL`];
		if (value.kind !== 'text' || isExact(value)) return [];
		const text = compared(value.text);
		if (!value.before) return [beginsWith(column, text)];
		if (value.after) return [sql`instr(${column}, ${text}) > 0`];
		return [sql`substr(${column}, ${-[...text].length}) = ${text}`];
	});
	return join(exact.length > 0 ? [among(column, exact), ...tests] : tests, ' OR ', NEVER);
}

/** A column of numbers against a list of comparisons and ranges; the column may be computed. */
export function numberTest(column: Fragment, values: readonly QueryValue[], now: number): Fragment {
	const tests = values.map((value): Fragment => {
		if (value.kind === 'any') return sql`${column} IS NOT NULL`;
		if (value.kind === 'text') return NEVER;
		const { from, until, closed } = intervalOf(value, now);
		const low = closed[0] ? sql`${column} >= ${from}` : sql`${column} > ${from}`;
		const high = closed[1] ? sql`${column} <= ${until}` : sql`${column} < ${until}`;
		const bounds = [...(from === -Infinity ? [] : [low]), ...(until === Infinity ? [] : [high])];
		return join(bounds, ' AND ', ALWAYS);
	});
	return join(tests, ' OR ', NEVER);
}
