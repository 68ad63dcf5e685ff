// Workflow names that runs have and no binding answers for, since the binding was renamed; and moving
// those runs to its present name, Agent by Agent. A move is written down before it begins, every
// Agent's turn is safe to repeat, and what a crash interrupted goes on with the next start.
import {
	isEnded,
	ProblemError,
	type BindingMigration,
	type BindingPreview,
	type BindingList,
	type Identity
} from '../../../protocol';
import { maintenanceText as text } from '../../../messages/server/maintenance';
import { count, rows, sql } from '../../db/sql';
import type { AgentRpc } from '../../rpc/agent-client';
import { withTimeout } from '../../rpc/with-timeout';
import type { Fleet } from '../fleet';
import { RunTallies } from '../run-index/tables/tallies';
import type { MigrationStore } from './migration-store';

/** How long an answer waits for the move, Ms. */
const ANSWER_MS = 5_000;
/** How many conflicting runs are named. */
const NAMED_CONFLICTS = 20;

export type BindingsParts = {
	storage: Pick<DurableObjectStorage, 'sql' | 'transactionSync'>;
	env: object;
	fleet: Fleet;
	agents: AgentRpc;
	store: MigrationStore;
	/** Has {@link Bindings.runMigrations} called after a crash, even if nothing else wakes the Agent. */
	scheduleMigrations: () => Promise<unknown>;
};

type Move = { from: string; to: string };
type RunsOfName = { active: number; ended: number };

export class Bindings {
	readonly #parts: BindingsParts;
	#running: Promise<void> | null = null;

	constructor(parts: BindingsParts) {
		this.#parts = parts;
	}

	/** Every name that a run has or a binding has, those without a binding first. */
	list(): BindingList {
		const inUse = this.#runsByName();
		const bound = this.#boundNames();
		const names = [...new Set([...inUse.keys(), ...bound])].toSorted();
		const bindings = names.map((workflow) => ({
			workflow,
			isBound: bound.includes(workflow),
			runs: inUse.get(workflow) ?? { active: 0, ended: 0 }
		}));
		return {
			bindings: [
				...bindings.filter(({ isBound }) => !isBound),
				...bindings.filter(({ isBound }) => isBound)
			],
			migrations: this.#parts.store.list()
		};
	}

	/** What would move. @throws ProblemError `invalid-input`, `wrong-state` */
	preview({ from, to }: Move): BindingPreview {
		this.#requireMove({ from, to });
		const { storage, fleet } = this.#parts;
		const agents = this.#agentsOf(from);
		const [pending] = storage.sql
			.exec(
				"SELECT count(*) AS n FROM sb_approvals WHERE workflow = ? AND status = 'pending'",
				from
			)
			.toArray();
		const conflicts = this.#keysOf(from)
			.map((key) => `${to}${key.slice(from.length)}`)
			.filter((key) => {
				const known = fleet.runs.get(key)?.run;
				// A lost record is of a run that its Agent has under the former name.
				return known !== undefined && known.outcome !== 'lost';
			});
		return {
			...{ from, to, agents, runs: this.#runsByName().get(from) ?? { active: 0, ended: 0 } },
			pendingApprovals: count(pending, 'n'),
			conflicts: conflicts.slice(0, NAMED_CONFLICTS)
		};
	}

	/**
	 * Moves the runs of a name. Answers once the move is written down; repeating it tries Agents again
	 * whose turn failed.
	 * @throws ProblemError `invalid-input`, `wrong-state`
	 */
	async migrate({ from, to }: Move, by: Identity): Promise<BindingMigration> {
		const { storage, store, scheduleMigrations } = this.#parts;
		const known = store.find(from);
		if (known?.finishedAt === null && known.to !== to) {
			throw new ProblemError('wrong-state', text.otherMigration(from, known.to));
		}
		// A repetition after the end has nothing left to move, which is no mistake.
		const isRepeated = known?.to === to && !this.#runsByName().has(from);
		if (!isRepeated) {
			this.#requireMove({ from, to });
			const agents = this.#agentsOf(from).map(({ agent }) => agent);
			const move = { from, to, by: by.name, at: Date.now() };
			storage.transactionSync(() => store.begin(move, agents));
			await scheduleMigrations();
		}
		// A large fleet takes longer: the list of bindings says how far it is.
		await withTimeout(this.runMigrations(), ANSWER_MS);
		const migration = store.find(from);
		if (!migration) throw new Error(`The migration of ${from} was not stored.`);
		return migration;
	}

	/** Does what is left of all migrations, one Agent at a time. Safe to repeat. */
	runMigrations(): Promise<void> {
		this.#running ??= this.#runAll().finally(() => {
			this.#running = null;
		});
		return this.#running;
	}

	async #runAll(): Promise<void> {
		const { agents, store } = this.#parts;
		for (let next = store.next(); next; next = store.next()) {
			const { from, to, agent } = next;
			try {
				await agents.callAgent<'migrate-binding'>(agent, { type: 'migrate-binding', from, to });
				store.finishAgent(from, agent, Date.now());
			} catch (error) {
				const detail = error instanceof ProblemError ? error.problem.detail : null;
				store.failAgent(from, agent, detail ?? String(error));
			}
		}
	}

	#requireMove({ from, to }: Move): void {
		const bound = this.#boundNames();
		const inUse = this.#runsByName();
		if (from === to) throw invalidMember('to', text.sameName);
		if (!inUse.has(from)) {
			const unbound = [...inUse.keys()].filter((name) => !bound.includes(name));
			throw invalidMember('from', text.notInUse(from, unbound));
		}
		if (bound.includes(from)) throw new ProblemError('wrong-state', text.stillBound(from));
		if (!bound.includes(to)) throw invalidMember('to', text.notBound(to, bound));
	}

	#boundNames(): string[] {
		return Object.entries(this.#parts.env)
			.filter(
				([, value]) => typeof value === 'object' && value && 'create' in value && 'get' in value
			)
			.map(([name]) => name)
			.toSorted();
	}

	#runsByName(): Map<string, RunsOfName> {
		const names = new Map<string, RunsOfName>();
		for (const { workflow, status, runs } of new RunTallies(this.#parts.storage.sql).counts()) {
			const known = names.get(workflow) ?? { active: 0, ended: 0 };
			known[isEnded(status) || status === 'unknown' ? 'ended' : 'active'] += runs;
			names.set(workflow, known);
		}
		return names;
	}

	#agentsOf(workflow: string): { agent: string; runs: number }[] {
		return rows(
			this.#parts.storage.sql,
			sql`SELECT agent, count(*) AS runs FROM sb_runs
				WHERE key >= ${`${workflow}/`} AND key < ${`${workflow}0`} GROUP BY agent ORDER BY agent`
		).map((row) => ({ agent: String(row['agent']), runs: count(row, 'runs') }));
	}

	#keysOf(workflow: string): string[] {
		return rows(
			this.#parts.storage.sql,
			sql`SELECT key FROM sb_runs WHERE key >= ${`${workflow}/`} AND key < ${`${workflow}0`}`
		).map((row) => String(row['key']));
	}
}

function invalidMember(path: string, message: string): ProblemError {
	return new ProblemError('invalid-input', `${path}: ${message}`, { errors: [{ path, message }] });
}
