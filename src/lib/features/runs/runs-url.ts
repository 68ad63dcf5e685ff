import {
	DEFAULT_ORDER,
	parseQuery,
	runOrderSchema,
	type QueryField,
	type RunOrder
} from '$lib/protocol';
import { columnOf } from './run-columns';
import { isTimeStyle, type TimeStyle } from './run-times';

/** What the list looks at and how it shows it, all of it in the URL. */
export type RunsPlace = {
	q: string;
	order: RunOrder;
	/** Null: those that the person likes. */
	columns: readonly string[] | null;
	/** Null: as the person likes it. */
	zone: TimeStyle | null;
	/** The saved view that was opened; what is looked at may have been changed since. */
	view: string | null;
};

/** All runs, as one usually looks at them. */
export const ALL_RUNS: RunsPlace = {
	q: '',
	order: runOrderSchema.parse(DEFAULT_ORDER),
	columns: null,
	zone: null,
	view: null
};

/** Reads the list's URL. What is not as it should be is as it usually is. */
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

/** Writes the list's URL, without what goes without saying. */
export function writeRunsUrl(given: Partial<RunsPlace>): string {
	const { q, order, columns, zone, view } = { ...ALL_RUNS, ...given };
	const params = new URLSearchParams();
	if (view !== null) params.set('view', view);
	// A view without its query is a link to the view; one whose query was emptied says so.
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
		return text; // not encoded after all: taken as it is
	}
}

/** `created:desc`, as the protocol reads it. */
export function formatOrder({ field, direction }: RunOrder): string {
	return `${field}:${direction}`;
}

/** The plain values that a query asks of a field; none when the query cannot be read. */
export function valuesOf(q: string, field: QueryField): string[] {
	const parsed = parseQuery(q);
	if (!parsed.ok) return [];
	return parsed.terms.flatMap((term) =>
		term.kind === 'field' && term.field === field && !term.negated
			? term.values.flatMap((value) => (value.kind === 'text' ? [value.text] : []))
			: []
	);
}
