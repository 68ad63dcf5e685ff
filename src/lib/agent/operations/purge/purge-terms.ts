import {
	fieldTerm,
	parseQuery,
	ProblemError,
	type PurgeCounts,
	type PurgeCriteria,
	type QueryTerm
} from '../../../protocol';
import { purgeText } from '../../../messages/server/purge';

const list = <T>(value: T | T[] | undefined): T[] =>
	value === undefined ? [] : Array.isArray(value) ? value : [value];

/** `created` or `finished` at this time or before. */
function atMost(field: 'created' | 'finished', at: number | undefined): QueryTerm[] {
	if (at === undefined) return [];
	const text = new Date(at).toISOString();
	const quantity = { unit: 'time', text, from: at, until: at + 1 } as const;
	const value = { kind: 'compare', comparator: '<=', quantity } as const;
	return [{ kind: 'field', negated: false, field, values: [value] }];
}

/**
 * The terms that a purge's criteria stand for.
 * @throws ProblemError `invalid-input` when the query among them is not one
 */
export function purgeTerms(criteria: PurgeCriteria): QueryTerm[] {
	const parsed = parseQuery(criteria.q ?? '');
	if (!parsed.ok) {
		const detail = parsed.problems.map(({ from, message }) => `criteria.q, at ${from}: ${message}`);
		throw new ProblemError('invalid-input', detail.join('; '), { positions: parsed.problems });
	}
	const fields = (['workflow', 'status', 'outcome', 'agent'] as const).flatMap((field) => {
		const values = list<string>(criteria[field]);
		return values.length > 0 ? [fieldTerm(field, values)] : [];
	});
	const metadata = Object.entries(criteria.metadata ?? {}).map(([key, value]): QueryTerm => ({
		kind: 'metadata',
		negated: false,
		key,
		values: [{ kind: 'text', text: String(value), before: false, after: false }]
	}));
	return [
		...parsed.terms,
		...fields,
		...atMost('created', criteria.createdBefore),
		...atMost('finished', criteria.finishedBefore),
		...metadata
	];
}

/** What is worth knowing about criteria before a purge is confirmed. */
export function purgeNotices(
	criteria: PurgeCriteria,
	{ total, protected: kept }: Pick<PurgeCounts, 'total' | 'protected'>,
	now: number
): string[] {
	const future = (['createdBefore', 'finishedBefore', 'asOf'] as const)
		.filter((field) => (criteria[field] ?? 0) > now)
		.map(purgeText.futureTime);
	const isEverything = purgeTerms({ ...criteria, asOf: now }).length === 0;
	return isEverything && total + kept > 0 ? [...future, purgeText.everyRun] : future;
}
