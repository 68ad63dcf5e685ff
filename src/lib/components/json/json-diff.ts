// How two JSON values differ, leaf by leaf.
import type { Json } from '../../protocol';

/** A place in two values, with both values; undefined for none. */
export type Leaf = {
	/** Dotted, as in a query: `source.rows.3`; empty for the whole value. */
	path: string;
	/** The same as a viewer of JSON names it: `$/source/rows/3`. */
	pointer: string;
	before: Json | undefined;
	after: Json | undefined;
	isChanged: boolean;
};

/** Further leaves are left out: nobody reads them side by side. */
const MAX_LEAVES = 2_000;

/** Every leaf of two values, in the order of the second, then what only the first has. */
export function leavesOf(before: Json | undefined, after: Json | undefined): Leaf[] {
	const leaves: Leaf[] = [];
	walk({ path: '', pointer: '$' }, before, after, leaves);
	return leaves;
}

/** Only the leaves that differ. */
export function changesOf(before: Json | undefined, after: Json | undefined): Leaf[] {
	return leavesOf(before, after).filter(({ isChanged }) => isChanged);
}

type Place = Pick<Leaf, 'path' | 'pointer'>;

function walk(place: Place, before: Json | undefined, after: Json | undefined, leaves: Leaf[]) {
	if (leaves.length >= MAX_LEAVES) return;
	const keys = [...new Set([...keysOf(after), ...keysOf(before)])];
	if (keys.length === 0) {
		leaves.push({ ...place, before, after, isChanged: !isSame(before, after) });
		return;
	}
	// A plain value that became a list or an object, or the other way round.
	const isReplaced = [before, after].some(
		(value) => value !== undefined && keysOf(value).length === 0
	);
	if (isReplaced) {
		leaves.push({ ...place, before, after, isChanged: true });
		return;
	}
	for (const key of keys) {
		walk(below(place, key), memberOf(before, key), memberOf(after, key), leaves);
	}
}

function below({ path, pointer }: Place, key: string): Place {
	return {
		path: path === '' ? key : `${path}.${key}`,
		pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
	};
}

function keysOf(value: Json | undefined): string[] {
	return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
	if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
	return Array.isArray(value) ? value[Number(key)] : value[key];
}

const isSame = (a: Json | undefined, b: Json | undefined) =>
	JSON.stringify(a) === JSON.stringify(b);

/** A value on one line, cut where it is long. */
export function leafText(value: Json | undefined, most = 200): string {
	if (value === undefined) return '';
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return text.length > most ? `${text.slice(0, most)}…` : text;
}
