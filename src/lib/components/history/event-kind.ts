import type { RunEvent } from '../../protocol';
import type { HistoryKind } from './history-view';

/** What an event is about; `other` for one of a later engine. */
export function kindOfEvent({ type }: RunEvent): HistoryKind {
	const begin = /^(workflow|step|attempt|sleep|wait|rollback)_/.exec(type)?.[1];
	return (begin as HistoryKind | undefined) ?? 'other';
}

/** Does an event say that something went wrong, or was ended by hand? */
export function isFailure({ type }: RunEvent): boolean {
	return /(errored|timed_out|terminated)$/.test(type);
}

/** How many events there are of each kind. */
export function countKinds(events: readonly RunEvent[]): ReadonlyMap<HistoryKind, number> {
	const counts = new Map<HistoryKind, number>();
	for (const event of events) {
		const kind = kindOfEvent(event);
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	return counts;
}
