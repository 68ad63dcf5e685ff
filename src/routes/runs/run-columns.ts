import type { RunOrderField } from '$lib/protocol';

/** A column of the list. Its id is one of these words, or a metadata key after `metadata.`. */
export type RunColumn = { id: string; head: string; width: string; sort?: RunOrderField };

const METADATA = 'metadata.';
/** Rows are grids of their own, so a column's width may not depend on what is in it. */
const TIME = 'var(--time-width)';

const COLUMNS: readonly RunColumn[] = [
	{ id: 'status', head: 'Status', width: '7.5rem', sort: 'status' },
	{ id: 'workflow', head: 'Workflow', width: 'minmax(7.5rem, 10rem)', sort: 'workflow' },
	{ id: 'id', head: 'Run', width: 'minmax(8rem, 1.2fr)' },
	{ id: 'agent', head: 'Agent', width: 'minmax(8rem, 1.1fr)' },
	{ id: 'progress', head: 'Progress', width: 'minmax(7rem, 1fr)' },
	{ id: 'step', head: 'Step', width: 'minmax(6rem, 1fr)' },
	{ id: 'created', head: 'Created', width: TIME, sort: 'created' },
	{ id: 'started', head: 'Started', width: TIME },
	{ id: 'updated', head: 'Updated', width: TIME, sort: 'updated' },
	{ id: 'finished', head: 'Finished', width: TIME, sort: 'finished' },
	{ id: 'duration', head: 'Duration', width: '5.5rem', sort: 'duration' },
	{ id: 'retries', head: 'Retries', width: '4rem' },
	{ id: 'by', head: 'Started by', width: 'minmax(5rem, 0.7fr)' },
	{ id: 'error', head: 'Error', width: 'minmax(8rem, 1.2fr)' }
];

/** What a list shows until somebody chooses. */
export const USUAL_COLUMNS: readonly string[] = [
	'status',
	'workflow',
	'id',
	'agent',
	'progress',
	'step',
	'started',
	'duration'
];

/** Every column that is not a metadata key. */
export const OWN_COLUMNS: readonly string[] = COLUMNS.map(({ id }) => id);

/** The column's description; one whose id is neither known nor a metadata key is null. */
export function columnOf(id: string): RunColumn | null {
	const known = COLUMNS.find((column) => column.id === id);
	if (known) return known;
	const key = metadataKeyOf(id);
	return key === null ? null : { id, head: key, width: 'minmax(5rem, 1fr)' };
}

/** The metadata key that a column shows; null for any other column. */
export function metadataKeyOf(id: string): string | null {
	return id.startsWith(METADATA) && id.length > METADATA.length ? id.slice(METADATA.length) : null;
}

/** The column that shows a metadata key. */
export function metadataColumn(key: string): string {
	return METADATA + key;
}

/** What a run has at a metadata key; dots lead into nested objects. */
export function metadataText(metadata: Record<string, unknown>, key: string): string {
	const value = key in metadata ? metadata[key] : key.split('.').reduce<unknown>(step, metadata);
	if (value === undefined || value === null) return '';
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function step(value: unknown, name: string): unknown {
	if (typeof value !== 'object' || value === null) return undefined;
	const lower = name.toLowerCase();
	return Object.entries(value).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/** The same columns with one of them moved by some places. */
export function moved(columns: readonly string[], id: string, by: number): string[] {
	const at = columns.indexOf(id);
	const to = Math.min(Math.max(at + by, 0), columns.length - 1);
	if (at < 0) return [...columns];
	return columns.filter((column) => column !== id).toSpliced(to, 0, id);
}
