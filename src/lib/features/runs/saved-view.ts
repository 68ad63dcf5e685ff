import { runListText } from '$lib/messages/pages/run-list';
import { runOrderSchema, type SavedView, type SavedViewInput, type ViewCount } from '$lib/protocol';
import { isTimeStyle } from './run-times';
import { formatOrder, writeRunsUrl, type RunsPlace } from './runs-url';

type Saved = Pick<SavedView, 'id' | 'q' | 'order' | 'columns' | 'zone'>;

/** What the list shows when a saved view is opened. */
export function placeOf({ id, q, order, columns, zone }: Saved): RunsPlace {
	return {
		q,
		order: runOrderSchema.parse(order),
		columns,
		zone: zone !== null && isTimeStyle(zone) ? zone : null,
		view: id
	};
}

export function viewHref(view: Saved): string {
	return writeRunsUrl(placeOf(view));
}

/** Does the list differ from the saved view that was opened? */
export function isChanged(view: Saved, place: RunsPlace): boolean {
	return viewHref(view) !== writeRunsUrl({ ...place, view: view.id });
}

/** What a saved view stores of the list. */
export function savedOf({
	q,
	order,
	columns,
	zone
}: RunsPlace): Pick<SavedViewInput, 'q' | 'order' | 'columns' | 'zone'> {
	return { q, order: formatOrder(order), columns: columns && [...columns], zone };
}

/** The number of runs of a view: `10,000+` if counting stopped there; undefined until counted. */
export function viewCountText(count: ViewCount | undefined): string | undefined {
	return count && runListText.atLeast(count.total, count.totalExact);
}
