import type { RunEvent } from '../../protocol';
import type { HistoryKind } from './history-view';

/** The kind of an event; `other` for one that a newer engine sends. */
export function kindOfEvent({ type }: RunEvent): HistoryKind {
	const begin = /^(workflow|step|attempt|sleep|wait|rollback)_/.exec(type)?.[1];
	return (begin as HistoryKind | undefined) ?? 'other';
}

/** Errors, timeouts and terminations. */
export function isFailure({ type }: RunEvent): boolean {
	return /(errored|timed_out|terminated)$/.test(type);
}

export function countKinds(events: readonly RunEvent[]): ReadonlyMap<HistoryKind, number> {
	const counts = new Map<HistoryKind, number>();
	for (const event of events) {
		const kind = kindOfEvent(event);
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	return counts;
}
