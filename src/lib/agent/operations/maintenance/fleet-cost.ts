// What watching costs, from the fleet's own counts and the measured rows of a run (docs/cost.md).
import type { ActivityMinute, DoctorReport } from '../../../protocol';

/** Rows that Signalbox writes for a run that nobody watches: a small one, with metadata. */
const ROWS_A_RUN = 70;
/** Requests of a run to Agents and to the index. */
const REQUESTS_A_RUN = 6;
/** US dollars: a million rows, a million requests, a GB of storage for a month. */
const PRICES = { rows: 1, requests: 0.15, storage: 0.2 } as const;
const MILLION = 1_000_000;
const GB = 1024 ** 3;

/** @param activity of the last 30 days; `bytes` is the size of the index */
export function costOf(activity: readonly ActivityMinute[], bytes: number): DoctorReport['cost'] {
	const runs = activity.reduce((sum, { started }) => sum + started, 0);
	const rows = runs * ROWS_A_RUN;
	const usd =
		(rows / MILLION) * PRICES.rows +
		((runs * REQUESTS_A_RUN) / MILLION) * PRICES.requests +
		(bytes / GB) * PRICES.storage;
	return { runs, rows, usd: Math.round(usd * 100) / 100 };
}
