import { runListText } from '$lib/messages/run-list';
import type { RunOrderField } from '$lib/protocol';

/** A column of the list. Its id is one of these words, or a metadata key after `metadata.`. */
export type RunColumn = {
	id: string;
	head: string;
	/** Its least width in rem; `'time'` for as much as times take. */
	least: number | 'time';
	/** Its share of the room that is left; 0 when it takes none of it. */
	share: number;
	sort?: RunOrderField;
};

const { columns } = runListText;
const METADATA = 'metadata.';

const COLUMNS: readonly RunColumn[] = [
	{ id: 'status', head: columns.status, least: 7.5, share: 0, sort: 'status' },
	{ id: 'workflow', head: columns.workflow, least: 7.5, share: 0.3, sort: 'workflow' },
	{ id: 'id', head: columns.id, least: 8, share: 1.2 },
	{ id: 'agent', head: columns.agent, least: 7.5, share: 1.1 },
	{ id: 'progress', head: columns.progress, least: 6.5, share: 1 },
	{ id: 'step', head: columns.step, least: 6, share: 1 },
	{ id: 'created', head: columns.created, least: 'time', share: 0, sort: 'created' },
	{ id: 'started', head: columns.started, least: 'time', share: 0 },
	{ id: 'updated', head: columns.updated, least: 'time', share: 0, sort: 'updated' },
	{ id: 'finished', head: columns.finished, least: 'time', share: 0, sort: 'finished' },
	{ id: 'duration', head: columns.duration, least: 5.5, share: 0, sort: 'duration' },
	{ id: 'retries', head: columns.retries, least: 4, share: 0 },
	{ id: 'by', head: columns.by, least: 5, share: 0.7 },
	{ id: 'error', head: columns.error, least: 8, share: 1.2 }
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
	return key === null ? null : { id, head: key, least: 5, share: 1 };
}

/** The metadata key that a column shows; null for any other column. */
export function metadataKeyOf(id: string): string | null {
	return id.startsWith(METADATA) && id.length > METADATA.length ? id.slice(METADATA.length) : null;
}

/** The column that shows a metadata key. */
export function metadataColumn(key: string): string {
	return METADATA + key;
}

/** The room between two columns, at the ends of a row, and for its box, rem. */
const ROOM = { gap: 0.75, ends: 2, box: 1.25 };

/**
 * The columns as a grid, and the least width of a row. Rows are grids of their own, so a column's
 * width may not depend on what is in it.
 * @param widths what somebody has made single columns, px
 * @param timeRem what a time takes
 */
export function tracksOf(
	columns: readonly RunColumn[],
	widths: Readonly<Record<string, number>>,
	timeRem: number
): { template: string; least: string } {
	const tracks = columns.map(({ id, least, share }) => {
		const px = widths[id];
		if (px !== undefined) return { track: `${px}px`, px, rem: 0 };
		const rem = least === 'time' ? timeRem : least;
		return { track: share > 0 ? `minmax(${rem}rem, ${share}fr)` : `${rem}rem`, px: 0, rem };
	});
	const px = tracks.reduce((sum, track) => sum + track.px, 0);
	const own = ROOM.box + ROOM.ends + columns.length * ROOM.gap;
	const rem = tracks.reduce((sum, track) => sum + track.rem, own);
	return {
		template: [`${ROOM.box}rem`, ...tracks.map(({ track }) => track)].join(' '),
		least: `calc(${rem}rem + ${px}px)`
	};
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
