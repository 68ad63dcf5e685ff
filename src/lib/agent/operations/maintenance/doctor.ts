// Looks for what is wrong in the fleet, and puts right what one click can.
import {
	type ActivityMinute,
	ACTIVE_STATUSES,
	fieldTerm,
	problemKind,
	ProblemError,
	type DoctorReport,
	type Finding,
	type Identity,
	type InputOf,
	type RunRef
} from '../../../protocol';
import { maintenanceText as text } from '../../../messages/server/maintenance';
import { count, rows, sql } from '../../db/sql';
import type { AgentRpc } from '../../rpc/agent-client';
import { timedOut, withTimeout } from '../../rpc/with-timeout';
import type { Fleet } from '../fleet';
import type { RunRequests } from '../runs/run-requests';
import type { Bindings } from './bindings';

/** Rows that Signalbox writes for a run that nobody watches: a small one, with metadata. */
const ROWS_A_RUN = 70;
/** Requests of a run to Agents and to the index. */
const REQUESTS_A_RUN = 6;
/** US dollars: a million rows, a million requests, a GB of storage for a month. */
const PRICES = { rows: 1, requests: 0.15, storage: 0.2 } as const;
const MILLION = 1_000_000;
const GB = 1024 ** 3;

/** Agents that are asked in one check, those with active runs first, and how many at once. */
const ASKED = { most: 200, atOnce: 8 } as const;
/** An Agent that does not answer in this time is unreachable, Ms. */
const ANSWER_MS = 10_000;
/** An outbox that has waited for longer lags behind, Ms. */
const LAG_MS = 60_000;
/** Runs that a finding names, and records that one fix deletes. */
const NAMED = 20;
const DELETED = 500;
/** SQLite in a Durable Object holds so much, bytes. */
const STORAGE_LIMIT = 10 * 1024 ** 3;

export type DoctorParts = {
	storage: Pick<DurableObjectStorage, 'sql'>;
	fleet: Fleet;
	agents: AgentRpc;
	runs: Pick<RunRequests, 'delete'>;
	bindings: Pick<Bindings, 'list'>;
};

export class Doctor {
	readonly #parts: DoctorParts;

	constructor(parts: DoctorParts) {
		this.#parts = parts;
	}

	async check(now = Date.now()): Promise<DoctorReport> {
		const { storage, fleet } = this.#parts;
		const known = fleet.directory.count();
		const asked = this.#agentsToAsk();
		const found = await inTurns(asked, ASKED.atOnce, (path) => this.#checkAgent(path, now));
		return {
			at: now,
			findings: [
				...this.#missingBindings(),
				...found.flat(),
				...this.#lostRuns(now),
				...this.#recordsSetAside()
			],
			agents: { known, asked: asked.length },
			tables: this.#tables(),
			storage: { used: storage.sql.databaseSize, limit: STORAGE_LIMIT },
			cost: costOf(fleet.runs.activity(now - 30 * 86_400_000), storage.sql.databaseSize)
		};
	}

	/** Carries the fix of a finding out. Answers with what it put right, and what is left of it. */
	async fix(
		{ fix, agent = '' }: InputOf<'doctor.fix'>,
		by: Identity
	): Promise<{ fixed: number; left: number }> {
		const { agents } = this.#parts;
		switch (fix) {
			case 'track-runs': {
				const { runs } = await agents.callAgent<'track-runs'>(agent, { type: 'track-runs' });
				return { fixed: runs, left: 0 };
			}
			case 'report-all': {
				const { runs } = await agents.callAgent<'report-all'>(agent, { type: 'report-all' });
				return { fixed: runs, left: 0 };
			}
			case 'delete-records':
				return this.#deleteLostRuns(by);
		}
	}

	async #deleteLostRuns(by: Identity): Promise<{ fixed: number; left: number }> {
		const { runs } = this.#lostPage(Date.now(), DELETED);
		let fixed = 0;
		for (const ref of runs) {
			try {
				await this.#parts.runs.delete(ref, by);
				fixed += 1;
			} catch (error) {
				if (!(error instanceof ProblemError)) throw error; // pinned, or the Agent is away: it stays
			}
		}
		return { fixed, left: this.#lostPage(Date.now(), 1).total };
	}

	async #checkAgent(agent: string, now: number): Promise<Finding[]> {
		const active = this.#activeRunsOf(agent);
		const finding = { ...NOTHING, agent };
		try {
			const answer = await withTimeout(
				this.#parts.agents.callAgent<'check'>(agent, { type: 'check' }),
				ANSWER_MS
			);
			if (answer === timedOut) {
				const detail = text.agentUnreachable(agent, active, '');
				return [
					{ ...finding, kind: 'agent-unreachable', count: active, detail, fix: 'report-all' }
				];
			}
			const { unsent, oldestAt, untracked } = answer;
			const lagMs = oldestAt === null ? 0 : now - oldestAt;
			return [
				...(lagMs > LAG_MS
					? [
							{
								...{ ...finding, kind: 'lagging-outbox' as const, count: unsent },
								detail: text.laggingOutbox(agent, unsent, Math.round(lagMs / 1_000)),
								fix: 'report-all' as const
							}
						]
					: []),
				...(untracked.length > 0
					? [
							{
								...{ ...finding, kind: 'untracked-runs' as const, count: untracked.length },
								...{ runs: untracked.slice(0, NAMED), fix: 'track-runs' as const },
								detail: text.untrackedRuns(agent, untracked.length)
							}
						]
					: [])
			];
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			if (problemKind(error.problem) === 'unknown-agent') {
				return [{ ...finding, kind: 'agent-gone', count: active, detail: text.agentGone(agent) }];
			}
			const detail = text.agentUnreachable(agent, active, error.problem.detail ?? '');
			return [{ ...finding, kind: 'agent-unreachable', count: active, detail, fix: 'report-all' }];
		}
	}

	#missingBindings(): Finding[] {
		return this.#parts.bindings
			.list()
			.bindings.filter(({ isBound }) => !isBound)
			.map(({ workflow, runs: { active, ended } }) => ({
				...{ ...NOTHING, kind: 'missing-binding', workflow, count: active + ended },
				...{ detail: text.missingBinding(workflow, active, ended), fix: 'migrate-binding' }
			}));
	}

	#lostRuns(now: number): Finding[] {
		const { runs, total } = this.#lostPage(now, NAMED);
		if (total === 0) return [];
		const detail = text.lostRuns(total);
		return [{ ...NOTHING, kind: 'lost-runs', count: total, detail, runs, fix: 'delete-records' }];
	}

	#lostPage(now: number, limit: number): { runs: RunRef[]; total: number } {
		const { runs, total } = this.#parts.fleet.runs.page({
			...{ terms: [fieldTerm('outcome', ['lost'])], limit, now },
			order: { field: 'created', direction: 'desc' }
		});
		return { runs: runs.map(({ workflow, id }) => ({ workflow, id })), total };
	}

	/** Those of which nothing has come into the index since. */
	#recordsSetAside(): Finding[] {
		const { fleet, storage } = this.#parts;
		const targets = rows(
			storage.sql,
			sql`SELECT DISTINCT target FROM sb_audit
				WHERE action = 'record.set-aside' AND target IS NOT NULL`
		)
			.map((row) => String(row['target']))
			.filter((target) => !fleet.runs.has(target) && !fleet.runs.tombstone(target))
			.filter((target) => fleet.approvals.get(target) === null);
		if (targets.length === 0) return [];
		const detail = text.setAside(targets.length, targets.slice(0, NAMED));
		return [{ ...NOTHING, kind: 'set-aside', count: targets.length, detail, fix: 'reindex' }];
	}

	#agentsToAsk(): string[] {
		const { fleet, agents } = this.#parts;
		const own = agents.ownPath;
		const paths = fleet.directory.list().map(({ path }) => path);
		const active = new Map(paths.map((path) => [path, this.#activeRunsOf(path)]));
		return paths
			.filter((path) => path !== own)
			.toSorted((a, b) => (active.get(b) ?? 0) - (active.get(a) ?? 0))
			.slice(0, ASKED.most);
	}

	#activeRunsOf(path: string): number {
		const counts = this.#parts.fleet.countsOf(path);
		return ACTIVE_STATUSES.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
	}

	#tables(): { table: string; rows: number }[] {
		const { sql: db } = this.#parts.storage;
		return rows(
			db,
			sql`SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'
				AND (name LIKE 'sb\\_%' ESCAPE '\\' OR name LIKE 'monitor\\_%' ESCAPE '\\')`
		)
			.map((row) => String(row['name']))
			.filter((table) => !/^sb_run_(text|notes)_/.test(table))
			.map((table) => {
				// The name is one that SQLite has.
				const [counted] = db.exec(`SELECT count(*) AS n FROM "${table}"`).toArray();
				return { table, rows: count(counted, 'n') };
			})
			.toSorted((a, b) => b.rows - a.rows);
	}
}

const NOTHING: Omit<Finding, 'kind' | 'detail'> = {
	...{ count: 0, agent: null, workflow: null, runs: [], fix: null }
};

/** Calls for each of a list, so many at once, and gives the results in order. */
async function inTurns<T, R>(
	list: readonly T[],
	atOnce: number,
	call: (one: T) => Promise<R>
): Promise<R[]> {
	const results: R[] = [];
	for (let at = 0; at < list.length; at += atOnce) {
		results.push(...(await Promise.all(list.slice(at, at + atOnce).map(call))));
	}
	return results;
}

/**
 * What watching costs, from the fleet's own counts and the measured rows of a run (docs/cost.md).
 * @param activity of the last 30 days; `bytes` is the size of the index
 */
function costOf(activity: readonly ActivityMinute[], bytes: number): DoctorReport['cost'] {
	const runs = activity.reduce((sum, { started }) => sum + started, 0);
	const rows = runs * ROWS_A_RUN;
	const usd =
		(rows / MILLION) * PRICES.rows +
		((runs * REQUESTS_A_RUN) / MILLION) * PRICES.requests +
		(bytes / GB) * PRICES.storage;
	return { runs, rows, usd: Math.round(usd * 100) / 100 };
}
