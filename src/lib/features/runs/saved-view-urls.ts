import { runOrderSchema, type SavedView, type SavedViewInput } from '$lib/protocol';
import { isTimeStyle } from './run-times';
import { formatOrder, writeRunsUrl, type RunsPlace } from './runs-url';

type Saved = Pick<SavedView, 'id' | 'q' | 'order' | 'columns' | 'zone'>;

/** The place that a saved view opens. */
export function placeOf({ id, q, order, columns, zone }: Saved): RunsPlace {
	return {
		q,
		order: runOrderSchema.parse(order),
		columns,
		zone: zone !== null && isTimeStyle(zone) ? zone : null,
		view: id
	};
}

/** The URL of a saved view. */
export function viewHref(view: Saved): string {
	return writeRunsUrl(placeOf(view));
}

/** Is something else looked at, or otherwise, than the view that was opened? */
export function isChanged(view: Saved, place: RunsPlace): boolean {
	return viewHref(view) !== writeRunsUrl({ ...place, view: view.id });
}

/** What is saved of a place. */
export function savedOf({
	q,
	order,
	columns,
	zone
}: RunsPlace): Pick<SavedViewInput, 'q' | 'order' | 'columns' | 'zone'> {
	return { q, order: formatOrder(order), columns: columns && [...columns], zone };
}
