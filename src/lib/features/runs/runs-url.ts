import {
	DEFAULT_ORDER,
	parseQuery,
	runOrderSchema,
	type QueryField,
	type RunOrder
} from '$lib/protocol';
import { columnOf } from './run-columns';
import { isTimeStyle, type TimeStyle } from './run-times';

/** What the list shows and how, as stored in its URL. */
export type RunsPlace = {
	q: string;
	order: RunOrder;
	/** Null for the person's own columns. */
	columns: readonly string[] | null;
	/** Null for the person's own time style. */
	zone: TimeStyle | null;
	/** The saved view that was opened. The other fields may have been changed since. */
	view: string | null;
};

/** All runs in the default order. */
export const ALL_RUNS: RunsPlace = {
	q: '',
	order: runOrderSchema.parse(DEFAULT_ORDER),
	columns: null,
	zone: null,
	view: null
};

/** Reads the list's URL. Invalid values become defaults. */
export function readRunsUrl({ searchParams }: URL): RunsPlace {
	const order = runOrderSchema.safeParse(searchParams.get('order') ?? DEFAULT_ORDER);
	const columns = readColumns(searchParams.get('columns'));
	const zone = searchParams.get('zone');
	return {
		q: searchParams.get('q') ?? '',
		order: order.success ? order.data : ALL_RUNS.order,
		columns: columns.length > 0 ? columns : null,
		zone: zone !== null && isTimeStyle(zone) ? zone : null,
		view: searchParams.get('view') || null
	};
}

/** Writes the list's URL without defaults. */
export function writeRunsUrl(given: Partial<RunsPlace>): string {
	const { q, order, columns, zone, view } = { ...ALL_RUNS, ...given };
	const params = new URLSearchParams();
	if (view !== null) params.set('view', view);
	// Without `q` the URL is a link to the view, so an emptied query is written as `q=`.
	if (q !== '' || view !== null) params.set('q', q);
	if (formatOrder(order) !== DEFAULT_ORDER) params.set('order', formatOrder(order));
	if (columns !== null) params.set('columns', columns.map(encodeURIComponent).join(','));
	if (zone !== null) params.set('zone', zone);
	const text = params.toString();
	return text === '' ? '/runs' : `/runs?${text}`;
}

function readColumns(text: string | null): string[] {
	const ids = (text ?? '').split(',').map(decoded);
	return [...new Set(ids)].filter((id) => columnOf(id) !== null);
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // not encoded
	}
}

/** An order such as `created:desc`. */
export function formatOrder({ field, direction }: RunOrder): string {
	return `${field}:${direction}`;
}

/** The values that a query requires of a field; empty if the query is invalid. */
export function valuesOf(q: string, field: QueryField): string[] {
	const parsed = parseQuery(q);
	if (!parsed.ok) return [];
	return parsed.terms.flatMap((term) =>
		term.kind === 'field' && term.field === field && !term.negated
			? term.values.flatMap((value) => (value.kind === 'text' ? [value.text] : []))
			: []
	);
}
