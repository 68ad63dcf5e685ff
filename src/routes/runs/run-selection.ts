import type { Stretch } from '$lib/client';
import { runKey, type BulkSelect, type RunRef } from '$lib/protocol';

/** What is selected: single runs by key, or all that the query finds. */
export type RunSelection =
	{ kind: 'some'; runs: ReadonlyMap<string, RunRef>; anchor: number | null } | { kind: 'all' };

export const NO_RUNS: RunSelection = { kind: 'some', runs: new Map(), anchor: null };

/** Selects a run, or takes it out; the place is where a later range begins. */
export function toggled(selection: RunSelection, run: RunRef, place: number): RunSelection {
	const runs = new Map(selection.kind === 'some' ? selection.runs : []);
	const key = runKey(run);
	if (!runs.delete(key)) runs.set(key, { workflow: run.workflow, id: run.id });
	return { kind: 'some', runs, anchor: place };
}

/** The places from where the last one was selected to this one. */
export function rangeTo(selection: RunSelection, place: number): Stretch {
	const anchor = (selection.kind === 'some' ? selection.anchor : null) ?? place;
	return { first: Math.min(anchor, place), count: Math.abs(anchor - place) + 1 };
}

/** Adds the runs of a range to this place; a later range begins where this one did. */
export function extended(
	selection: RunSelection,
	place: number,
	added: readonly RunRef[]
): RunSelection {
	if (selection.kind === 'all') return selection;
	const runs = new Map(selection.runs);
	for (const { workflow, id } of added) runs.set(runKey({ workflow, id }), { workflow, id });
	return { kind: 'some', runs, anchor: selection.anchor ?? place };
}

/** How many are selected, of so many that match. */
export function sizeOf(selection: RunSelection, total: number): number {
	return selection.kind === 'all' ? total : selection.runs.size;
}

/** A longer address is refused on its way, characters. */
const MOST_ADDRESS = 15_000;

/** A file of what is selected; null when that are more single runs than an address can name. */
export function exportHref(
	selection: RunSelection,
	list: { q: string; order: string },
	format: 'csv' | 'ndjson'
): string | null {
	const what: Record<string, string> =
		selection.kind === 'all' ? list : { runs: [...selection.runs.keys()].join(',') };
	const href = `/api/v1/runs/export?${new URLSearchParams({ ...what, format })}`;
	return href.length <= MOST_ADDRESS ? href : null;
}

/** What is selected, for a job: the runs by name, or the list's query. */
export function selectOf(selection: RunSelection, q: string): BulkSelect {
	if (selection.kind === 'some') return { runs: [...selection.runs.values()] };
	return { q: q.trim() === '' ? '*' : q };
}
