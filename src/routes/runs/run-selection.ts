import type { RowRange } from '$lib/client';
import { runKey, type BulkSelect, type RunRef } from '$lib/protocol';

/** Where a range begins: a run, and its place when it was clicked. */
type Anchor = { key: string; place: number };

/** Individual runs by key, or all runs that match the query. */
export type RunSelection =
	{ kind: 'some'; runs: ReadonlyMap<string, RunRef>; anchor: Anchor | null } | { kind: 'all' };

export const NO_RUNS: RunSelection = { kind: 'some', runs: new Map(), anchor: null };

/** A selection as JSON, kept while a run is looked at. */
export type KeptSelection = 'all' | readonly RunRef[];

export function keptSelection(selection: RunSelection): KeptSelection {
	return selection.kind === 'all' ? 'all' : [...selection.runs.values()];
}

export function selectionOf(kept: KeptSelection | undefined): RunSelection {
	if (kept === 'all') return { kind: 'all' };
	const runs = new Map((kept ?? []).map((ref) => [runKey(ref), ref]));
	return { kind: 'some', runs, anchor: null };
}

/** Selects or deselects a run. A later range starts at `place`. */
export function toggleRun(selection: RunSelection, run: RunRef, place: number): RunSelection {
	const runs = new Map(selection.kind === 'some' ? selection.runs : []);
	const key = runKey(run);
	if (!runs.delete(key)) runs.set(key, { workflow: run.workflow, id: run.id });
	return { kind: 'some', runs, anchor: { key, place } };
}

/**
 * The rows from the last selected one to `place`, whichever comes first.
 * @param placeOf where a run is now; null when that is not known
 */
export function rangeTo(
	selection: RunSelection,
	place: number,
	placeOf: (key: string) => number | null
): RowRange {
	const begin = selection.kind === 'some' ? selection.anchor : null;
	const anchor = begin ? (placeOf(begin.key) ?? begin.place) : place;
	return { first: Math.min(anchor, place), count: Math.abs(anchor - place) + 1 };
}

/** Adds the runs of a range. A later range starts where this one did. */
export function extendSelection(
	selection: RunSelection,
	clicked: Anchor,
	added: readonly RunRef[]
): RunSelection {
	if (selection.kind === 'all') return selection;
	const runs = new Map(selection.runs);
	for (const { workflow, id } of added) runs.set(runKey({ workflow, id }), { workflow, id });
	return { kind: 'some', runs, anchor: selection.anchor ?? clicked };
}

/** The number of selected runs; `total` is the number that match. */
export function sizeOf(selection: RunSelection, total: number): number {
	return selection.kind === 'all' ? total : selection.runs.size;
}

/** Proxies refuse longer URLs. */
const MAX_URL_CHARS = 15_000;

/** The URL that exports the selection; null if it names more runs than fit into a URL. */
export function exportHref(
	selection: RunSelection,
	list: { q: string; order: string },
	format: 'csv' | 'ndjson'
): string | null {
	const what: Record<string, string> =
		selection.kind === 'all' ? list : { runs: [...selection.runs.keys()].join(',') };
	const href = `/api/v1/runs/export?${new URLSearchParams({ ...what, format })}`;
	return href.length <= MAX_URL_CHARS ? href : null;
}

/** The selection as the input of a bulk job. */
export function selectOf(selection: RunSelection, q: string): BulkSelect {
	if (selection.kind === 'some') return { runs: [...selection.runs.values()] };
	return { q: q.trim() === '' ? '*' : q };
}
