// The fleet index's tables. `sb_runs` is narrow, since scans and sorts walk it; the run itself lies
// in `sb_run_json`. Its text columns are normalized for comparing (see `normalizeText`), but those of
// Agents and parents keep their case (`exactText`); `status` is the place in RUN_STATUSES, which is
// also how it sorts.
import { migrate } from '../../../db/migrations';
import { AGENT_TALLIES } from './agent-tallies';
import { PINS } from './pins';
import { TOMBSTONE_ORIGINS } from './run-remover';
import type { Sql } from '../../../db/sql';

const TABLES = [
	`CREATE TABLE IF NOT EXISTS sb_runs (
		run INTEGER PRIMARY KEY,
		key TEXT NOT NULL UNIQUE,
		generation INTEGER NOT NULL,
		version INTEGER NOT NULL,
		exact INTEGER NOT NULL,
		status INTEGER NOT NULL,
		workflow TEXT NOT NULL,
		agent TEXT NOT NULL,
		id TEXT NOT NULL,
		step TEXT,
		outcome TEXT,
		by TEXT,
		parent TEXT,
		parent_id TEXT,
		waiting_kind TEXT,
		waiting_name TEXT,
		waiting_event TEXT,
		approval INTEGER NOT NULL,
		due INTEGER,
		created INTEGER NOT NULL,
		started INTEGER,
		updated INTEGER NOT NULL,
		finished INTEGER,
		duration INTEGER,
		progress REAL,
		retries INTEGER NOT NULL,
		error TEXT
	)`,
	`CREATE TABLE IF NOT EXISTS sb_run_json (
		run INTEGER PRIMARY KEY,
		metadata TEXT NOT NULL,
		json TEXT NOT NULL
	)`,
	// Text search by any part of a word; the texts themselves are in sb_runs.
	`CREATE VIRTUAL TABLE IF NOT EXISTS sb_run_text USING fts5 (
		id, error, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1
	)`,
	// Step names repeat from run to run: searching the names first spares an index of every step.
	'CREATE TABLE IF NOT EXISTS sb_steps (step TEXT PRIMARY KEY) WITHOUT ROWID',
	`CREATE TABLE IF NOT EXISTS sb_meta_keys (
		key INTEGER PRIMARY KEY,
		path TEXT NOT NULL UNIQUE,
		shown TEXT NOT NULL,
		runs INTEGER NOT NULL,
		multiple INTEGER NOT NULL
	)`,
	`CREATE TABLE IF NOT EXISTS sb_meta_values (
		value INTEGER PRIMARY KEY,
		key INTEGER NOT NULL,
		text TEXT NOT NULL,
		numeric INTEGER NOT NULL,
		number REAL,
		shown TEXT NOT NULL,
		runs INTEGER NOT NULL,
		UNIQUE (key, text, numeric)
	)`,
	`CREATE TABLE IF NOT EXISTS sb_meta (
		value INTEGER NOT NULL,
		run INTEGER NOT NULL,
		key INTEGER NOT NULL,
		number REAL,
		PRIMARY KEY (value, run)
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS sb_tombstones (
		key TEXT PRIMARY KEY,
		generation INTEGER NOT NULL,
		version INTEGER NOT NULL,
		by TEXT NOT NULL,
		at INTEGER NOT NULL
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS sb_counts (
		workflow TEXT NOT NULL,
		status TEXT NOT NULL,
		runs INTEGER NOT NULL,
		PRIMARY KEY (workflow, status)
	) WITHOUT ROWID`,
	`CREATE TABLE IF NOT EXISTS sb_activity (
		minute INTEGER PRIMARY KEY,
		started INTEGER NOT NULL,
		completed INTEGER NOT NULL,
		failed INTEGER NOT NULL
	)`
];

/** Name, columns, and which rows: sparse columns have an index of the rows that have a value. */
const INDEXES: readonly [string, string, string?][] = [
	['sb_runs_created', 'sb_runs (created, key)'],
	['sb_runs_updated', 'sb_runs (updated, key)'],
	['sb_runs_status', 'sb_runs (status, key)'],
	['sb_runs_workflow', 'sb_runs (workflow, key)'],
	['sb_runs_finished', 'sb_runs (finished, key)', 'finished IS NOT NULL'],
	['sb_runs_unfinished', 'sb_runs (key)', 'finished IS NULL'],
	['sb_runs_duration', 'sb_runs (duration, key)', 'duration IS NOT NULL'],
	['sb_runs_unmeasured', 'sb_runs (key)', 'duration IS NULL'],
	['sb_runs_going', 'sb_runs (started)', 'finished IS NULL'],
	['sb_runs_started', 'sb_runs (started)', 'started IS NOT NULL'],
	['sb_runs_agent', 'sb_runs (agent)'],
	['sb_runs_id', 'sb_runs (id)'],
	['sb_runs_step', 'sb_runs (step)', 'step IS NOT NULL'],
	['sb_runs_outcome', 'sb_runs (outcome)', 'outcome IS NOT NULL'],
	['sb_runs_by', 'sb_runs (by)', 'by IS NOT NULL'],
	['sb_runs_parent', 'sb_runs (parent)', 'parent IS NOT NULL'],
	['sb_runs_parent_id', 'sb_runs (parent_id)', 'parent_id IS NOT NULL'],
	['sb_runs_waiting', 'sb_runs (waiting_kind)', 'waiting_kind IS NOT NULL'],
	['sb_runs_due', 'sb_runs (due)', 'due IS NOT NULL'],
	['sb_runs_retries', 'sb_runs (retries)', 'retries > 0'],
	['sb_runs_restarted', 'sb_runs (generation)', 'generation > 1'],
	['sb_runs_error', 'sb_runs (created)', 'error IS NOT NULL'],
	['sb_meta_by_run', 'sb_meta (run, key, number, value)'],
	['sb_meta_by_number', 'sb_meta (key, number, run)', 'number IS NOT NULL'],
	['sb_meta_values_number', 'sb_meta_values (key, number)', 'number IS NOT NULL']
];

/** The last completed runs of a workflow and how long they took, read from the index alone. */
const COMPLETED = `CREATE INDEX IF NOT EXISTS sb_runs_completed
	ON sb_runs (workflow, finished, duration) WHERE outcome = 'completed'`;

/** Until this step, Agents and parents that differ only in case were one. */
const EXACT_IDENTITIES = [
	`UPDATE sb_runs SET (agent, parent, parent_id) = (
		SELECT substr(json ->> '$.agent.path', 1, 1000),
			CASE WHEN json ->> '$.parent.id' IS NULL THEN NULL
				ELSE (json ->> '$.parent.workflow') || '/' || (json ->> '$.parent.id') END,
			json ->> '$.parent.id'
		FROM sb_run_json j WHERE j.run = sb_runs.run
	) WHERE EXISTS (SELECT 1 FROM sb_run_json j WHERE j.run = sb_runs.run)`,
	'DELETE FROM sb_agent_counts',
	`INSERT INTO sb_agent_counts
		SELECT agent, status, count(*) FROM sb_runs GROUP BY agent, status`
];

/** Until this step, text search knew neither metadata nor Agents nor progress. */
const SEARCHED_TEXTS = [
	'ALTER TABLE sb_runs ADD COLUMN note TEXT',
	// Lower case of more than ASCII comes with the next report of a run.
	`UPDATE sb_runs SET note = (
		SELECT lower(substr(concat_ws(char(10), sb_runs.agent,
			CASE json_type(json, '$.progress')
				WHEN 'text' THEN json ->> '$.progress'
				WHEN 'object' THEN (
					SELECT group_concat(value, char(10)) FROM json_each(j.json, '$.progress') WHERE type = 'text'
				)
			END), 1, 1000))
		FROM sb_run_json j WHERE j.run = sb_runs.run
	)`,
	'DROP TABLE sb_run_text',
	`CREATE VIRTUAL TABLE sb_run_text USING fts5 (
		id, error, metadata, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1
	)`,
	`INSERT INTO sb_run_text (rowid, id, error, metadata)
		SELECT r.run, r.id, r.error, (
			SELECT group_concat(v.text, char(10)) FROM sb_meta m
				JOIN sb_meta_values v ON v.value = m.value WHERE m.run = r.run
		) FROM sb_runs r`,
	// Progress changes often, metadata hardly ever: each has its own index.
	`CREATE VIRTUAL TABLE sb_run_notes USING fts5 (
		note, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1
	)`,
	'INSERT INTO sb_run_notes (rowid, note) SELECT run, note FROM sb_runs WHERE note IS NOT NULL'
];

/**
 * A part of a text index is written anew when so many percent of it are deleted. With the 10 of the
 * default, a purge spent four fifths of its time on that.
 */
const MERGED_WHEN_DELETED = 50;
const RARER_MERGES = ['sb_run_text', 'sb_run_notes'].map(
	(table) => `INSERT INTO ${table} (${table}, rank) VALUES ('deletemerge', ${MERGED_WHEN_DELETED})`
);

/** Creates what is missing. Safe to repeat. */
export function migrateRunTables(db: Sql): void {
	const indexes = INDEXES.map(([name, columns, where]) => {
		const rest = where === undefined ? '' : ` WHERE ${where}`;
		return `CREATE INDEX IF NOT EXISTS ${name} ON ${columns}${rest}`;
	});
	migrate(db, 'sb_runs', [
		[...TABLES, ...indexes],
		COMPLETED,
		AGENT_TALLIES,
		EXACT_IDENTITIES,
		SEARCHED_TEXTS,
		[PINS, ...TOMBSTONE_ORIGINS],
		RARER_MERGES
	]);
}
