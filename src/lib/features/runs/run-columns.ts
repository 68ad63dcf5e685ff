import { runListText } from '$lib/messages/pages/run-list';
import { isSpecialValue, type RunOrderField } from '$lib/protocol';

/** A column of the list. Its id is a name below or `metadata.` followed by a metadata key. */
export type RunColumn = {
	id: string;
	head: string;
	/** Minimum width in rem; `'time'` is the width of a time in the chosen style. */
	least: number | 'time';
	/** Its share (fr) of the remaining width. */
	share: number;
	sort?: RunOrderField;
};

const { columns } = runListText;
const METADATA = 'metadata.';

const COLUMNS: readonly RunColumn[] = [
	{ id: 'status', head: columns.status, least: 7.5, share: 0, sort: 'status' },
	{ id: 'workflow', head: columns.workflow, least: 7.5, share: 0.3, sort: 'workflow' },
	{ id: 'id', head: columns.id, least: 10, share: 2 },
	{ id: 'agent', head: columns.agent, least: 7.5, share: 0.8 },
	{ id: 'progress', head: columns.progress, least: 6.5, share: 0.8 },
	{ id: 'step', head: columns.step, least: 6, share: 0.8 },
	{ id: 'created', head: columns.created, least: 'time', share: 0, sort: 'created' },
	{ id: 'started', head: columns.started, least: 'time', share: 0 },
	{ id: 'updated', head: columns.updated, least: 'time', share: 0, sort: 'updated' },
	{ id: 'finished', head: columns.finished, least: 'time', share: 0, sort: 'finished' },
	{ id: 'duration', head: columns.duration, least: 5.5, share: 0, sort: 'duration' },
	{ id: 'retries', head: columns.retries, least: 4, share: 0 },
	{ id: 'by', head: columns.by, least: 5, share: 0.7 },
	{ id: 'error', head: columns.error, least: 8, share: 1.2 }
];

/** The columns of a list until the person chooses others. */
export const DEFAULT_COLUMNS: readonly string[] = [
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

/** The column of an id; null if the id is unknown. */
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

/** Space between columns, at both ends of a row, and for its checkbox, rem. */
const SPACE = { gap: 0.75, ends: 2, box: 1.25 };

/**
 * The CSS grid columns and the minimum width of a row. Each row is a grid of its own, so widths must
 * not depend on content.
 * @param widths resized columns, px
 * @param timeRem the width of a time
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
	const own = SPACE.box + SPACE.ends + columns.length * SPACE.gap;
	const rem = tracks.reduce((sum, track) => sum + track.rem, own);
	return {
		template: [`${SPACE.box}rem`, ...tracks.map(({ track }) => track)].join(' '),
		least: `calc(${rem}rem + ${px}px)`
	};
}

/** The metadata value at a key; dots lead into nested objects. */
export function metadataText(metadata: Record<string, unknown>, key: string): string {
	const value = Object.hasOwn(metadata, key)
		? metadata[key]
		: key.split('.').reduce<unknown>(step, metadata);
	if (value === undefined || value === null) return '';
	if (isSpecialValue(value)) return value.text;
	return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function step(value: unknown, name: string): unknown {
	if (typeof value !== 'object' || value === null) return undefined;
	const lower = name.toLowerCase();
	return Object.entries(value).find(([key]) => key.toLowerCase() === lower)?.[1];
}

/** Moves a column by a number of positions. */
export function moveColumn(columns: readonly string[], id: string, by: number): string[] {
	const at = columns.indexOf(id);
	const to = Math.min(Math.max(at + by, 0), columns.length - 1);
	if (at < 0) return [...columns];
	return columns.filter((column) => column !== id).toSpliced(to, 0, id);
}
