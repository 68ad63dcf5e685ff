// What becomes of each run of a job: written down before it is asked and after it has answered.
import {
	BULK_ITEM_STATES,
	bulkItemSchema,
	type BulkCounts,
	type BulkItem,
	type BulkQuery,
	type BulkReason
} from '../../../protocol';
import type { BulkEnd } from './bulk-outcome';
import { count, rows, sql, type Sql, type SqlRow } from '../../db/sql';

/** A job by the number of its row. */
type JobNumber = { job: number };

/** A run of a job that is to be acted on; `isRepeat` when an attempt was interrupted. */
export type OpenItem = {
	item: number;
	key: string;
	generation: number;
	isRepeat: boolean;
	/** When the first attempt was made, Ms. */
	triedAt: number;
};

export class BulkItems {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	/** What is to be done next: first what was interrupted. */
	next({ job }: JobNumber, limit: number): OpenItem[] {
		const open = (['doing', 'pending'] as const).flatMap((state) =>
			rows(
				this.#sql,
				sql`SELECT item, key, generation, state, at FROM sb_bulk_items
					WHERE job = ${job} AND state = ${state} ORDER BY item LIMIT ${limit}`
			)
		);
		return open.slice(0, limit).map((row) => ({
			item: count(row, 'item'),
			key: String(row['key']),
			generation: count(row, 'generation'),
			isRepeat: row['state'] === 'doing',
			triedAt: count(row, 'at')
		}));
	}

	/** An attempt begins. What was begun before keeps its time. */
	begin({ job }: JobNumber, item: number, at: number): void {
		rows(
			this.#sql,
			sql`UPDATE sb_bulk_items SET state = 'doing', at = ${at}
				WHERE job = ${job} AND item = ${item} AND state = 'pending'`
		);
	}

	end({ job }: JobNumber, item: number, end: BulkEnd, at: number): void {
		const reason = end.state === 'skipped' ? end.reason : null;
		const detail = end.state === 'done' ? null : end.detail;
		rows(
			this.#sql,
			sql`UPDATE sb_bulk_items
				SET state = ${end.state}, reason = ${reason}, detail = ${detail}, at = ${at}
				WHERE job = ${job} AND item = ${item}`
		);
	}

	counts({ job }: JobNumber): BulkCounts {
		const counts = Object.fromEntries(BULK_ITEM_STATES.map((state) => [state, 0]));
		const found = sql`SELECT state, count(*) AS n FROM sb_bulk_items WHERE job = ${job} GROUP BY state`;
		for (const row of rows(this.#sql, found)) counts[String(row['state'])] = count(row, 'n');
		return counts as BulkCounts; // a count of each state
	}

	/** Why runs were skipped, the most frequent reason first. */
	reasons({ job }: JobNumber): { reason: BulkReason; runs: number }[] {
		const found = sql`SELECT reason, count(*) AS n FROM sb_bulk_items
			WHERE job = ${job} AND state = 'skipped' GROUP BY reason ORDER BY n DESC`;
		return rows(this.#sql, found).map((row) => ({
			reason: String(row['reason']) as BulkReason, // written by `end` and `add`
			runs: count(row, 'n')
		}));
	}

	retryable({ job }: JobNumber): number {
		const found = sql`SELECT count(*) AS n FROM sb_bulk_items
			WHERE job = ${job} AND state = 'failed' AND retried_in IS NULL`;
		return count(rows(this.#sql, found)[0], 'n');
	}

	/** Runs of a job after an item, in the order of the items. */
	page(
		{ job }: JobNumber,
		{ state, after, limit }: { state: BulkQuery['state']; after: number; limit: number }
	): { place: number; item: BulkItem }[] {
		const only =
			state === undefined
				? sql``
				: state === 'pending'
					? sql`AND state IN ('pending', 'doing')`
					: sql`AND state = ${state}`;
		const found = rows(
			this.#sql,
			sql`SELECT * FROM sb_bulk_items
				WHERE job = ${job} AND item > ${after} ${only} ORDER BY item LIMIT ${limit}`
		);
		return found.map((row) => ({ place: count(row, 'item'), item: itemIn(row) }));
	}
}

function itemIn(row: SqlRow): BulkItem {
	const [workflow, id] = String(row['key']).split('/');
	const { state, reason, detail, at, retried_in: retriedIn } = row;
	return bulkItemSchema.parse({ workflow, id, state, reason, detail, at, retriedIn });
}
