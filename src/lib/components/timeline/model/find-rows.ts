import type { TimelineRow } from '$lib/protocol';

/** The rows whose name, event type or error contains a text. */
export function findRows(
	rows: readonly TimelineRow[],
	text: string,
	withSdk: boolean
): readonly TimelineRow[] {
	const wanted = text.toLowerCase();
	return rows.filter(
		(row) =>
			(withSdk || !row.sdk) &&
			[row.stepName, row.eventType, row.error?.name, row.error?.message].some((candidate) =>
				candidate?.toLowerCase().includes(wanted)
			)
	);
}
