// Counts and charts, kept exact in the same transaction as the run they count: each change takes
// the run's old share away and adds its new one, so nothing is ever counted twice.
import {
	type ActivityMinute,
	isEnded,
	exactText,
	type Run,
	type RunStatus,
	runStatusSchema
} from '../../../../protocol';
import { tallyAgent } from './agent-tallies';
import { count, rows, sql, type Sql } from '../../../db/sql';

/** What of a run is tallied. */
export type Tallied = Pick<
	Run,
	'workflow' | 'generation' | 'status' | 'startedAt' | 'updatedAt' | 'finishedAt'
> & { agent: Pick<Run['agent'], 'path'> };

export type StatusCount = { workflow: string; status: RunStatus; runs: number };

type Mark = { minute: number; kind: 'started' | 'completed' | 'failed' };

/** Rollups are kept for a month of minutes. */
const KEPT_MS = 31 * 86_400_000;

const minuteOf = (at: number): number => at - (at % 60_000);

function marksOf(run: Tallied): Mark[] {
	const marks: Mark[] = [];
	if (run.startedAt !== null) marks.push({ minute: minuteOf(run.startedAt), kind: 'started' });
	if (isEnded(run.status)) {
		const minute = minuteOf(run.finishedAt ?? run.updatedAt);
		marks.push({ minute, kind: run.status === 'complete' ? 'completed' : 'failed' });
	}
	return marks;
}

/** Runs by workflow and status, and what began and ended in each minute. */
export class RunTallies {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	/** Takes a run's change into account; `before` is null when it enters. */
	change(before: Tallied | null, after: Tallied): void {
		if (before?.status !== after?.status || before?.workflow !== after?.workflow) {
			if (before) this.#count(before, -1);
			this.#count(after, 1);
		}
		this.#countAgent(before, after);
		// The generation before a restart has run nonetheless.
		const old = before?.generation === after.generation ? marksOf(before) : [];
		const current = marksOf(after);
		const same = (a: Mark) => (b: Mark) => a.minute === b.minute && a.kind === b.kind;
		for (const mark of old) if (!current.some(same(mark))) this.#mark(mark, -1);
		for (const mark of current) if (!old.some(same(mark))) this.#mark(mark, 1);
	}

	/** Takes removed runs out of the counts. What they did stays in the charts: it happened. */
	removed(group: StatusCount & { agent: string }): void {
		this.#count(group, -group.runs);
		tallyAgent(this.#sql, group.agent, group.status, -group.runs);
	}

	/** Every count that is not zero. */
	counts(): StatusCount[] {
		return rows(this.#sql, sql`SELECT workflow, status, runs FROM sb_counts WHERE runs <> 0`).map(
			(row) => ({
				workflow: String(row['workflow']),
				status: runStatusSchema.parse(row['status']),
				runs: count(row, 'runs')
			})
		);
	}

	/** The minutes from `since` (Ms) on in which something began or ended, oldest first. */
	activity(since: number): ActivityMinute[] {
		return rows(
			this.#sql,
			sql`SELECT minute, started, completed, failed FROM sb_activity
				WHERE minute >= ${minuteOf(since)} AND started + completed + failed > 0 ORDER BY minute`
		).map((row) => ({
			minute: count(row, 'minute'),
			started: count(row, 'started'),
			completed: count(row, 'completed'),
			failed: count(row, 'failed')
		}));
	}

	/** Drops the minutes that are older than what is kept. */
	trim(now: number): void {
		rows(this.#sql, sql`DELETE FROM sb_activity WHERE minute < ${now - KEPT_MS}`);
	}

	#count({ workflow, status }: Pick<Tallied, 'workflow' | 'status'>, by: number): void {
		// A count of zero stays: to delete and insert it for each run costs rows.
		rows(
			this.#sql,
			sql`INSERT INTO sb_counts (workflow, status, runs) VALUES (${workflow}, ${status}, ${by})
				ON CONFLICT DO UPDATE SET runs = runs + excluded.runs`
		);
	}

	#countAgent(before: Tallied | null, after: Tallied): void {
		const from = before && exactText(before.agent.path);
		const to = exactText(after.agent.path);
		if (from === to && before?.status === after.status) return;
		if (before && from) tallyAgent(this.#sql, from, before.status, -1);
		tallyAgent(this.#sql, to, after.status, 1);
	}

	#mark({ minute, kind }: Mark, by: 1 | -1): void {
		const share = (other: Mark['kind']): number => (kind === other ? by : 0);
		rows(
			this.#sql,
			sql`INSERT INTO sb_activity (minute, started, completed, failed)
				VALUES (${minute}, ${share('started')}, ${share('completed')}, ${share('failed')})
				ON CONFLICT DO UPDATE SET started = started + excluded.started,
					completed = completed + excluded.completed, failed = failed + excluded.failed`
		);
	}
}
