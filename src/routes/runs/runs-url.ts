import {
	DEFAULT_ORDER,
	parseQuery,
	runOrderSchema,
	type QueryField,
	type RunOrder
} from '$lib/protocol';

/** What the list looks at, all of it in the URL. */
export type RunsPlace = { q: string; order: RunOrder };

/** Reads the list's URL. An order that is none is the usual one. */
export function readRunsUrl(url: URL): RunsPlace {
	const { searchParams } = url;
	const order = runOrderSchema.safeParse(searchParams.get('order') ?? DEFAULT_ORDER);
	return {
		q: searchParams.get('q') ?? '',
		order: order.success ? order.data : runOrderSchema.parse(DEFAULT_ORDER)
	};
}

/** Writes the list's URL, without what goes without saying. */
export function writeRunsUrl({ q, order }: RunsPlace): string {
	const params = new URLSearchParams();
	if (q !== '') params.set('q', q);
	if (formatOrder(order) !== DEFAULT_ORDER) params.set('order', formatOrder(order));
	const text = params.toString();
	return text === '' ? '/runs' : `/runs?${text}`;
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

/** A file of all runs that a query finds; null when there is no such query. */
export function exportHref(
	q: string | null,
	order: RunOrder,
	format: 'csv' | 'ndjson'
): string | null {
	if (q === null) return null;
	return `/api/v1/runs/export?${new URLSearchParams({ q, order: formatOrder(order), format })}`;
}
