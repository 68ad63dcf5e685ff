import {
	isEnded,
	matches,
	runKey,
	runRecordSchema,
	toRunRow,
	type ActivityMinute,
	type PurgePreview,
	type QueryTerm,
	type Run,
	type RunOrder,
	type RunRecord,
	type RunRef,
	type RunStatus
} from '../../protocol';
import type { Sql } from './sql';

/** A page's cursor that this order did not hand out. */
export class BadCursorError extends Error {
	override readonly name = 'BadCursorError';
}

export type RunPageQuery = {
	terms: readonly QueryTerm[];
	order: RunOrder;
	limit: number;
	cursor?: string | undefined;
	/** Ms; what relative times go by. */
	now: number;
};

export type IndexedPage = {
	runs: Run[];
	keys: string[];
	total: number;
	totalExact: boolean;
	nextCursor: string | null;
};

export type Tombstone = {
	key: string;
	generation: number;
	version: number;
	by: string;
	at: number;
};

export type Suggestion = { value: string; runs: number };

/** The fleet's runs. Every method is synchronous; the caller wraps writes in a transaction. */
export class RunIndex {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		this.#sql.exec(
			'CREATE TABLE IF NOT EXISTS sb_runs (key TEXT PRIMARY KEY, record TEXT NOT NULL)'
		);
		this.#sql.exec(
			'CREATE TABLE IF NOT EXISTS sb_tombstones (key TEXT PRIMARY KEY, generation, version, by, at)'
		);
	}

	#records(): RunRecord[] {
		return this.#sql
			.exec('SELECT record FROM sb_runs')
			.toArray()
			.map((row) => runRecordSchema.parse(JSON.parse(String(row['record']))));
	}

	#record(key: string): RunRecord | null {
		const [row] = this.#sql.exec('SELECT record FROM sb_runs WHERE key = ?', key).toArray();
		return row ? runRecordSchema.parse(JSON.parse(String(row['record']))) : null;
	}

	upsert(record: RunRecord): 'stored' | 'stale' {
		const key = runKey(record.run);
		const old = this.#record(key);
		if (old && old.run.generation >= record.run.generation && old.version >= record.version)
			return 'stale';
		if ((this.tombstone(key)?.generation ?? 0) >= record.run.generation) return 'stale';
		this.#sql.exec('INSERT OR REPLACE INTO sb_runs VALUES (?, ?)', key, JSON.stringify(record));
		return 'stored';
	}

	get(key: string): RunRecord | null {
		return this.#record(key);
	}

	has(key: string): boolean {
		return this.#record(key) !== null;
	}

	page({ terms, limit, order, cursor, now }: RunPageQuery): IndexedPage {
		const sign = order.direction === 'asc' ? 1 : -1;
		const found = this.#records()
			.map(({ run }) => run)
			.filter((run) => matches(terms, run, now))
			.sort((a, b) => sign * (a.createdAt - b.createdAt || (runKey(a) < runKey(b) ? -1 : 1)));
		const start = cursor === undefined ? 0 : Number(cursor);
		if (Number.isNaN(start)) throw new BadCursorError('not a cursor of this list');
		const runs = found.slice(start, start + limit);
		return {
			runs,
			keys: runs.map(runKey),
			total: found.length,
			totalExact: true,
			nextCursor: found.length > start + limit ? String(start + limit) : null
		};
	}

	childrenOf(ref: RunRef): Run[] {
		return this.#records()
			.map(({ run }) => run)
			.filter(({ parent }) => parent !== null && runKey(parent) === runKey(ref));
	}

	counts(): Partial<Record<RunStatus, number>> {
		const counts: Partial<Record<RunStatus, number>> = {};
		for (const { run } of this.#records()) counts[run.status] = (counts[run.status] ?? 0) + 1;
		return counts;
	}

	activity(_sinceMs: number): ActivityMinute[] {
		return [];
	}

	remove(key: string, { by, at }: { by: string; at: number }): boolean {
		const old = this.#record(key);
		if (!old) return false;
		this.#sql.exec('DELETE FROM sb_runs WHERE key = ?', key);
		this.#sql.exec(
			'INSERT OR REPLACE INTO sb_tombstones VALUES (?, ?, ?, ?, ?)',
			key,
			old.run.generation,
			old.version,
			by,
			at
		);
		return true;
	}

	tombstone(key: string): Tombstone | null {
		const [row] = this.#sql.exec('SELECT * FROM sb_tombstones WHERE key = ?', key).toArray();
		return row
			? {
					key,
					generation: Number(row['generation']),
					version: Number(row['version']),
					by: String(row['by']),
					at: Number(row['at'])
				}
			: null;
	}

	/** Ended runs that match, the oldest first; a purge asks again until none is left. */
	ended(
		terms: readonly QueryTerm[],
		{ createdAtMost, limit, now }: { createdAtMost: number; limit: number; now: number }
	): Run[] {
		return this.#records()
			.map(({ run }) => run)
			.filter((run) => isEnded(run.status) && run.createdAt <= createdAtMost)
			.filter((run) => matches(terms, run, now))
			.sort((a, b) => a.createdAt - b.createdAt)
			.slice(0, limit);
	}

	/** What a purge by these terms would delete, and how many matching runs it would keep. */
	previewPurge(terms: readonly QueryTerm[], now: number): PurgePreview {
		const found = this.#records()
			.map(({ run }) => run)
			.filter((run) => matches(terms, run, now));
		const ended = found.filter((run) => isEnded(run.status));
		const byStatus: Record<string, number> = {};
		for (const { status } of ended) byStatus[status] = (byStatus[status] ?? 0) + 1;
		return {
			total: ended.length,
			byStatus,
			protected: found.length - ended.length,
			sample: ended.slice(0, 10).map(toRunRow)
		};
	}

	/** Values of a field or a metadata key, the most frequent first. */
	suggest(_of: { key: string; prefix: string; limit: number }): Suggestion[] {
		return [];
	}
}
