/** What of a timeline can be linked to: the page keeps it in its address. */
export type TimelineState = {
	/** The key of the selected row or group. */
	selected: string | null;
	/** A range of time, as `time-range.ts` writes it. */
	range: string | null;
	/** The keys of the groups that are open. */
	open: ReadonlySet<string>;
	/** The idle stretches in true length, each by its beginning since the run's, Ms. */
	unfolded: ReadonlySet<number>;
	/** Only rows with this text are shown; empty for all. */
	find: string;
	/** Are the SDK's own bookkeeping steps shown? */
	withSdk: boolean;
};

/** A set with a value put in, or taken out when it was there. */
export function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
	const next = new Set(set);
	if (!next.delete(value)) next.add(value);
	return next;
}

/** A longer key is written short: some browsers and servers take no longer address. */
const LONGEST = 200;

/** How the address names a row or a group. */
export function rowParam(key: string): string {
	return key.length <= LONGEST ? key : `${key.slice(0, LONGEST / 2)}~${hashOf(key)}`;
}

function hashOf(text: string): string {
	let hash = 5381;
	for (let index = 0; index < text.length; index += 1) {
		hash = ((hash * 33) ^ text.charCodeAt(index)) >>> 0;
	}
	return hash.toString(36);
}
