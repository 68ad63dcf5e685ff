// How careful purges are, as the variables of the Worker say.
import { parseDuration } from '../query-language/quantities';

/** The settings of purges and retention policies; times in Ms. */
export type PurgeSettings = {
	/** Runs that ended more recently are kept. */
	minAgeMs: number;
	/** A purge of more runs than this needs the approval of a second admin; null for none. */
	approvalAbove: number | null;
	/** How long tombstones and the records of purges are kept. */
	tombstoneMs: number;
};

const DAY_MS = 86_400_000;
const DEFAULTS: PurgeSettings = {
	minAgeMs: 0,
	approvalAbove: 10_000,
	tombstoneMs: 365 * DAY_MS
};

/** Reads `PURGE_MIN_AGE`, `PURGE_APPROVAL_ABOVE` and `TOMBSTONE_AGE`; defaults for what is missing. */
export function purgeSettings(env: object): PurgeSettings {
	const word = (name: string): string => {
		const value: unknown = Reflect.get(env, name);
		return typeof value === 'string' ? value.trim() : '';
	};
	const above = word('PURGE_APPROVAL_ABOVE');
	const approvalAbove = /^\d+$/.test(above) ? Number(above) : DEFAULTS.approvalAbove;
	return {
		minAgeMs: parseDuration(word('PURGE_MIN_AGE')) ?? DEFAULTS.minAgeMs,
		approvalAbove: above === 'off' ? null : approvalAbove,
		// A late report of a running purge must not bring back what it has deleted.
		tombstoneMs: Math.max(parseDuration(word('TOMBSTONE_AGE')) ?? DEFAULTS.tombstoneMs, DAY_MS)
	};
}
