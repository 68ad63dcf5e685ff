/** The linkable state of a timeline, kept in the URL. */
export type TimelineState = {
	/** The key of the selected row or group. */
	selected: string | null;
	/** A time range as `time-range.ts` formats it. */
	range: string | null;
	/** The keys of the groups that are open. */
	open: ReadonlySet<string>;
	/** The idle periods in full length, by their start in ms since the run's. */
	unfolded: ReadonlySet<number>;
	/** Only rows that contain this text; empty for all. */
	find: string;
	/** Shows the SDK's own bookkeeping steps. */
	withSdk: boolean;
};

/** The set with a value added, or removed if it was there. */
export function withToggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
	const next = new Set(set);
	if (!next.delete(value)) next.add(value);
	return next;
}

/** Longer keys are hashed: some browsers and servers limit the length of URLs. */
const MAX_KEY_LENGTH = 200;

/** The name of a row or a group in a URL. */
export function rowParam(key: string): string {
	return key.length <= MAX_KEY_LENGTH ? key : `${key.slice(0, MAX_KEY_LENGTH / 2)}~${hashOf(key)}`;
}

function hashOf(text: string): string {
	let hash = 5381;
	for (let index = 0; index < text.length; index += 1) {
		hash = ((hash * 33) ^ text.charCodeAt(index)) >>> 0;
	}
	return hash.toString(36);
}
