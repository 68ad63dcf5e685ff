// Writes to the fleet index: one run in, one run out, everything that is derived from it in step.
import { metadataValues, type Run, runKey, type RunRecord } from '../../../../protocol';
import { ReadRuns } from './run-cache';
import { columnsOf, statusIn } from './columns';
import type { RunMetadata } from './metadata';
import type { RunPins } from './pins';
import { removeRuns, tombstoneOf, type Removal, type Tombstone } from './run-remover';
import type { RunTallies, Tallied } from './tallies';
import {
	count,
	Fragment,
	rows,
	sql,
	type Sql,
	type SqlBinding,
	type SqlRow
} from '../../../db/sql';

/** What is derived from runs elsewhere. `changed` gets the number of each run that is written. */
export type Derived = {
	metadata: RunMetadata;
	tallies: RunTallies;
	pins: Pick<RunPins, 'get'>;
	changed: (run: number) => void;
};

/** What text search is written from. */
type Written = { columns: Record<string, SqlBinding>; run: Run; isMetadataKept: boolean };

/** Runs that are rewritten at a time. */
const REWRITTEN = 500;

export class RunStore {
	readonly #sql: Sql;
	readonly #metadata: RunMetadata;
	readonly #tallies: RunTallies;
	readonly #pins: Pick<RunPins, 'get'>;
	readonly #changed: (run: number) => void;
	readonly #read = new ReadRuns();

	constructor(db: Sql, { metadata, tallies, pins, changed }: Derived) {
		this.#pins = pins;
		this.#sql = db;
		this.#metadata = metadata;
		this.#tallies = tallies;
		this.#changed = (run) => {
			this.#read.forget(run);
			changed(run);
		};
	}

	upsert(record: RunRecord): 'stored' | 'stale' {
		const { run } = record;
		const key = runKey(run);
		const before = this.#row(key);
		if (before ? !isNewer(record, before) : this.#isRemoved(key, run.generation)) return 'stale';
		this.#writeRecord(record, before);
		return 'stored';
	}

	/** Stores every run as `change` answers with it. */
	rewrite(change: (run: Run) => Run): void {
		let last = 0;
		for (;;) {
			const stored = sql`SELECT run, json FROM sb_run_json WHERE run > ${last} ORDER BY run
				LIMIT ${REWRITTEN}`;
			const page = rows(this.#sql, stored);
			for (const row of page) {
				last = count(row, 'run');
				const json = String(row['json']);
				const run = change(JSON.parse(json) as Run); // written by this class
				const before = JSON.stringify(run) === json ? null : this.#row(runKey(run));
				if (!before) continue;
				const [version, exact] = [count(before, 'version'), count(before, 'exact') === 1];
				this.#writeRecord({ run, version, exact }, before);
			}
			if (page.length < REWRITTEN) return;
		}
	}

	/** Removes the runs with these keys, and leaves a tombstone of each. Returns the keys that it had. */
	remove(keys: readonly string[], removal: Removal): string[] {
		const list = JSON.stringify(keys);
		const found = rows(
			this.#sql,
			sql`SELECT run, key FROM sb_runs WHERE key IN (SELECT value FROM json_each(${list}))`
		);
		if (found.length === 0) return [];
		const numbers = found.map((row) => count(row, 'run'));
		const derived = { metadata: this.#metadata, tallies: this.#tallies };
		removeRuns(this.#sql, numbers, removal, derived);
		for (const number of numbers) this.#changed(number);
		return found.map((row) => String(row['key']));
	}

	/** Writes a run's pin into its record. */
	repin(key: string): void {
		const before = this.#row(key);
		const record = this.get(key);
		if (before && record) this.#writeRecord(record, before);
	}

	get(key: string): RunRecord | null {
		const row = this.#row(key);
		const [run] = row ? this.runs([count(row, 'run')]) : [];
		if (!row || !run) return null;
		return { run, version: count(row, 'version'), exact: count(row, 'exact') === 1 };
	}

	has(key: string): boolean {
		return rows(this.#sql, sql`SELECT 1 FROM sb_runs WHERE key = ${key}`).length > 0;
	}

	/** The runs with these numbers, in the order of the numbers. */
	runs(numbers: readonly number[]): Run[] {
		const found = new Map<number, Run>();
		for (const number of numbers) {
			const run = this.#read.get(number);
			if (run) found.set(number, run);
		}
		const unread = numbers.filter((number) => !found.has(number));
		const stored = sql`SELECT run, json FROM sb_run_json
			WHERE run IN (SELECT value FROM json_each(${JSON.stringify(unread)}))`;
		for (const row of unread.length > 0 ? rows(this.#sql, stored) : []) {
			const number = count(row, 'run');
			found.set(number, this.#read.add(number, String(row['json'])));
		}
		return numbers.flatMap((number) => found.get(number) ?? []);
	}

	forgetTombstone(key: string): void {
		rows(this.#sql, sql`DELETE FROM sb_tombstones WHERE key = ${key}`);
	}

	tombstone(key: string): Tombstone | null {
		return tombstoneOf(this.#sql, key);
	}

	#row(key: string): SqlRow | null {
		return rows(this.#sql, sql`SELECT * FROM sb_runs WHERE key = ${key}`)[0] ?? null;
	}

	#writeRecord(given: RunRecord, before: SqlRow | null): void {
		const record = { ...given, run: this.#pinned(given.run) };
		const { run } = record;
		const columns = columnsOf(record);
		const number = this.#write(columns, before);
		const isMetadataKept = this.#writeJson(number, run, before !== null);
		this.#writeText(number, { columns, run, isMetadataKept }, before);
		this.#writeNote(number, columns, before);
		this.#tallies.change(before && talliedIn(runKey(run), before), run);
		this.#changed(number);
	}

	/** The run with its pin: Agents know nothing of pins. */
	#pinned({ pinned: _reported, ...run }: Run): Run {
		const pinned = this.#pins.get(runKey(run));
		return pinned ? { ...run, pinned } : run;
	}

	#isRemoved(key: string, generation: number): boolean {
		const tombstone = this.tombstone(key);
		if (!tombstone) return false;
		if (generation <= tombstone.generation) return true;
		this.forgetTombstone(key);
		return false;
	}

	/** Writes the row and answers with its number. */
	#write(columns: Record<string, SqlBinding>, before: SqlRow | null): number {
		if (before) {
			// A column that is set costs its index a write, changed or not: only changes are set.
			const changed = Object.keys(columns).filter((name) => columns[name] !== before[name]);
			if (changed.length === 0) return count(before, 'run');
			const places = changed.map((name) => `${name} = ?`).join(', ');
			const values = changed.map((name) => columns[name] ?? null);
			const update = new Fragment(`UPDATE sb_runs SET ${places}`, values);
			rows(this.#sql, sql`${update} WHERE run = ${count(before, 'run')}`);
			return count(before, 'run');
		}
		const names = Object.keys(columns);
		const places = names.map(() => '?').join(', ');
		const insert = `INSERT INTO sb_runs (${names.join(', ')}) VALUES (${places}) RETURNING run`;
		return count(rows(this.#sql, new Fragment(insert, Object.values(columns)))[0], 'run');
	}

	/** Writes the run and, if it has changed, its metadata; returns whether the metadata is as before. */
	#writeJson(number: number, run: Run, known: boolean): boolean {
		const metadata = JSON.stringify(run.metadata);
		const json = JSON.stringify(run);
		if (!known) {
			rows(
				this.#sql,
				sql`INSERT INTO sb_run_json (run, metadata, json) VALUES (${number}, ${metadata}, ${json})`
			);
			this.#metadata.add(number, run.metadata);
			return false;
		}
		const kept = rows(
			this.#sql,
			sql`UPDATE sb_run_json SET json = ${json} WHERE run = ${number} AND metadata = ${metadata}
				RETURNING run`
		);
		if (kept.length > 0) return true;
		rows(
			this.#sql,
			sql`UPDATE sb_run_json SET metadata = ${metadata}, json = ${json} WHERE run = ${number}`
		);
		this.#metadata.remove(sql`${number}`);
		this.#metadata.add(number, run.metadata);
		return false;
	}

	#writeText(
		number: number,
		{ columns, run, isMetadataKept }: Written,
		before: SqlRow | null
	): void {
		const { id = null, error = null, step = null } = columns;
		if (step !== null && step !== before?.['step'])
			rows(this.#sql, sql`INSERT OR IGNORE INTO sb_steps (step) VALUES (${step})`);
		if (before && isMetadataKept && before['error'] === error) return;
		const metadata = metadataValues(run.metadata).map((value) => value.text);
		rows(
			this.#sql,
			sql`INSERT OR REPLACE INTO sb_run_text (rowid, id, error, metadata)
				VALUES (${number}, ${id}, ${error}, ${metadata.join('\n')})`
		);
	}

	#writeNote(number: number, { note = null }: Record<string, SqlBinding>, before: SqlRow | null) {
		if (before?.['note'] === note) return;
		rows(
			this.#sql,
			sql`INSERT OR REPLACE INTO sb_run_notes (rowid, note) VALUES (${number}, ${note})`
		);
	}
}

function isNewer({ run, version }: RunRecord, row: SqlRow): boolean {
	const generation = count(row, 'generation');
	if (run.generation !== generation) return run.generation > generation;
	return version > count(row, 'version');
}

function talliedIn(key: string, row: SqlRow): Tallied {
	const time = (column: string): number | null =>
		row[column] === null ? null : count(row, column);
	return {
		workflow: key.slice(0, key.indexOf('/')),
		agent: { path: String(row['agent']) },
		generation: count(row, 'generation'),
		status: statusIn(row),
		startedAt: time('started'),
		updatedAt: count(row, 'updated'),
		finishedAt: time('finished')
	};
}
