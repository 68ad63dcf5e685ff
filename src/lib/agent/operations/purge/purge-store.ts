// Purges with their confirmed sets. A set is stored when it is previewed, in parts of runs of one
// Agent each, as one JSON text a part: a row for each run would cost as much as the run's deletion.
import type { KeptReason, PurgeCounts, PurgeCriteria, PurgedInstances } from '../../../protocol';
import { migrate } from '../../db/migrations';
import { keptReason, type PurgeLimits } from './purge-select';
import { count, Fragment, rows, sql, type Sql, type SqlRow } from '../../db/sql';

/** How many runs a part has at most. */
const PART = 100;
/** As SQL: a bound number would be a float, and divide as one. */
const A_PART = new Fragment(String(PART));

/** What was left out, and what became of the engine's instances. */
export type PurgeOutcome = {
	kept: Partial<Record<KeptReason, number>>;
	failed: Record<string, { runs: number; message: string }>;
	instances: PurgedInstances;
};

/** A purge as it was previewed or started. */
export type StoredPurge = {
	purge: number;
	id: string;
	/** `previewed`: nobody has confirmed it. `started`: its run is to be, or is. */
	state: 'previewed' | 'started' | 'ended';
	at: number;
	by: string;
	subject: string;
	policy: string | null;
	criteria: PurgeCriteria;
	limits: PurgeLimits;
	counts: PurgeCounts;
	deleted: number;
	outcome: PurgeOutcome;
	/** Are the engine's instances deleted as well? */
	instances: boolean;
	startedAt: number | null;
	endedAt: number | null;
	abortedBy: string | null;
	abortedAt: number | null;
};

export type NewPurge = Pick<
	StoredPurge,
	'id' | 'at' | 'by' | 'subject' | 'policy' | 'criteria' | 'limits' | 'counts'
>;

/** A part of the set: its runs as JSON text of `[key, generation]` each. */
export type PurgePart = { part: number; agent: string; runs: number; items: string };

const NOTHING_YET: PurgeOutcome = {
	kept: {},
	failed: {},
	instances: { deleted: 0, missing: 0, failed: 0, errors: [] }
};

export class PurgeStore {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_purges', [
			[
				`CREATE TABLE IF NOT EXISTS sb_purges (
					purge INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, state TEXT NOT NULL,
					at INTEGER NOT NULL, by TEXT NOT NULL, subject TEXT NOT NULL, policy TEXT,
					criteria TEXT NOT NULL, limits TEXT NOT NULL, counts TEXT NOT NULL,
					deleted INTEGER NOT NULL, outcome TEXT NOT NULL, instances INTEGER NOT NULL,
					started_at INTEGER, ended_at INTEGER, aborted_by TEXT, aborted_at INTEGER
				)`,
				`CREATE TABLE IF NOT EXISTS sb_purge_parts (
					part INTEGER PRIMARY KEY, purge INTEGER NOT NULL, agent TEXT NOT NULL,
					state TEXT NOT NULL, runs INTEGER NOT NULL, items TEXT NOT NULL
				)`,
				'CREATE INDEX IF NOT EXISTS sb_purge_parts_of ON sb_purge_parts (purge, state)'
			]
		]);
	}

	/** Stores a preview with its set. Call it in a transaction. */
	add(purge: NewPurge, matching: Fragment): void {
		const { id, at, by, subject, policy, criteria, limits, counts } = purge;
		const [row] = rows(
			this.#sql,
			sql`INSERT INTO sb_purges (id, state, at, by, subject, policy, criteria, limits, counts,
					deleted, outcome, instances)
				VALUES (${id}, 'previewed', ${at}, ${by}, ${subject}, ${policy},
					${JSON.stringify(criteria)}, ${JSON.stringify(limits)}, ${JSON.stringify(counts)},
					0, ${JSON.stringify(NOTHING_YET)}, 0)
				RETURNING purge`
		);
		rows(
			this.#sql,
			sql`INSERT INTO sb_purge_parts (purge, agent, state, runs, items)
				SELECT ${count(row, 'purge')}, agent, 'open', count(*),
					json_group_array(json_array(key, generation))
				FROM (
					SELECT r.key, r.generation, r.agent, (row_number() OVER (
							PARTITION BY r.agent ORDER BY r.created, r.key) - 1) / ${A_PART} AS place
					FROM (${matching}) m CROSS JOIN sb_runs r ON r.run = m.run
					WHERE ${keptReason(limits)} IS NULL
				) GROUP BY agent, place`
		);
	}

	get(id: string): StoredPurge | null {
		const [row] = rows(this.#sql, sql`SELECT * FROM sb_purges WHERE id = ${id}`);
		return row ? purgeIn(row) : null;
	}

	/** Those that somebody started, the newest first. */
	list(limit: number): StoredPurge[] {
		return rows(
			this.#sql,
			sql`SELECT * FROM sb_purges WHERE state != 'previewed'
				ORDER BY started_at DESC, purge DESC LIMIT ${limit}`
		).map(purgeIn);
	}

	/** Those that were started and have not ended. */
	unended(): StoredPurge[] {
		return rows(this.#sql, sql`SELECT * FROM sb_purges WHERE state = 'started'`).map(purgeIn);
	}

	/** Notes that a preview is started. */
	start({ purge }: StoredPurge, by: { name: string; subject: string }, instances: boolean): void {
		rows(
			this.#sql,
			sql`UPDATE sb_purges SET state = 'started', started_at = ${Date.now()}, by = ${by.name},
					subject = ${by.subject}, instances = ${Number(instances)}
				WHERE purge = ${purge}`
		);
	}

	/** A start that failed: it is a preview again. */
	unstart({ purge }: StoredPurge): void {
		rows(
			this.#sql,
			sql`UPDATE sb_purges SET state = 'previewed', started_at = NULL WHERE purge = ${purge}`
		);
	}

	/** The next parts to delete: first those that were interrupted. */
	nextParts({ purge }: StoredPurge, limit: number): PurgePart[] {
		return (['doing', 'open'] as const)
			.flatMap((state) =>
				rows(
					this.#sql,
					sql`SELECT part, agent, runs, items FROM sb_purge_parts
						WHERE purge = ${purge} AND state = ${state} ORDER BY part LIMIT ${limit}`
				)
			)
			.slice(0, limit)
			.map(partIn);
	}

	/** A part after another one, for the export of the whole set. */
	partAfter({ purge }: StoredPurge, part: number): PurgePart | null {
		const [row] = rows(
			this.#sql,
			sql`SELECT part, agent, runs, items FROM sb_purge_parts
				WHERE purge = ${purge} AND part > ${part} ORDER BY part LIMIT 1`
		);
		return row ? partIn(row) : null;
	}

	/** How many runs and parts are left. */
	left({ purge }: StoredPurge): { runs: number; parts: number } {
		const found = sql`SELECT sum(runs) AS runs, count(*) AS parts FROM sb_purge_parts
			WHERE purge = ${purge}`;
		const [row] = rows(this.#sql, found);
		return { runs: count(row, 'runs'), parts: count(row, 'parts') };
	}

	begin({ part }: PurgePart): void {
		rows(this.#sql, sql`UPDATE sb_purge_parts SET state = 'doing' WHERE part = ${part}`);
	}

	/** Is a purge deleting the run with this key right now? */
	isBeingDeleted(key: string): boolean {
		const found = sql`SELECT 1 FROM sb_purge_parts p, json_each(p.items) i
			WHERE p.state = 'doing' AND i.value ->> 0 = ${key} LIMIT 1`;
		return rows(this.#sql, found).length > 0;
	}

	/** Counts runs that were deleted, in the transaction that deletes them. */
	countDeleted({ purge }: StoredPurge, runs: number): void {
		rows(this.#sql, sql`UPDATE sb_purges SET deleted = deleted + ${runs} WHERE purge = ${purge}`);
	}

	/** A part is done. Call it in a transaction. */
	endPart({ id, purge }: StoredPurge, { part }: PurgePart, add: (to: PurgeOutcome) => void): void {
		const outcome = this.get(id)?.outcome ?? structuredClone(NOTHING_YET);
		add(outcome);
		rows(
			this.#sql,
			sql`UPDATE sb_purges SET outcome = ${JSON.stringify(outcome)} WHERE purge = ${purge}`
		);
		rows(this.#sql, sql`DELETE FROM sb_purge_parts WHERE part = ${part}`);
	}

	abort({ purge }: StoredPurge, by: string): void {
		rows(
			this.#sql,
			sql`UPDATE sb_purges SET aborted_by = ${by}, aborted_at = ${Date.now()} WHERE purge = ${purge}`
		);
	}

	/** The purge is over: what is left of its set is dropped. Safe to repeat. */
	end({ purge }: StoredPurge): void {
		rows(this.#sql, sql`DELETE FROM sb_purge_parts WHERE purge = ${purge}`);
		rows(
			this.#sql,
			sql`UPDATE sb_purges SET state = 'ended', ended_at = coalesce(ended_at, ${Date.now()})
				WHERE purge = ${purge}`
		);
	}

	/** Drops previews from before one time, and ended purges from before another, Ms. */
	trim({ previews, ended }: { previews: number; ended: number }): void {
		const old = sql`SELECT purge FROM sb_purges WHERE (state = 'previewed' AND at < ${previews})
			OR (state = 'ended' AND ended_at < ${ended})`;
		rows(this.#sql, sql`DELETE FROM sb_purge_parts WHERE purge IN (${old})`);
		rows(this.#sql, sql`DELETE FROM sb_purges WHERE purge IN (${old})`);
	}
}

function purgeIn(row: SqlRow): StoredPurge {
	const time = (column: string) => (row[column] === null ? null : count(row, column));
	const text = (column: string) => (row[column] === null ? null : String(row[column]));
	const json = (column: string): unknown => JSON.parse(String(row[column])); // written by this class
	return {
		purge: count(row, 'purge'),
		id: String(row['id']),
		state: String(row['state']) as StoredPurge['state'],
		at: count(row, 'at'),
		by: String(row['by']),
		subject: String(row['subject']),
		policy: text('policy'),
		criteria: json('criteria') as PurgeCriteria,
		limits: json('limits') as PurgeLimits,
		counts: json('counts') as PurgeCounts,
		deleted: count(row, 'deleted'),
		outcome: json('outcome') as PurgeOutcome,
		instances: count(row, 'instances') === 1,
		startedAt: time('started_at'),
		endedAt: time('ended_at'),
		abortedBy: text('aborted_by'),
		abortedAt: time('aborted_at')
	};
}

function partIn(row: SqlRow): PurgePart {
	return {
		part: count(row, 'part'),
		agent: String(row['agent']),
		runs: count(row, 'runs'),
		items: String(row['items'])
	};
}
