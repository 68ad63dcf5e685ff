import type { BindingMigration } from '../../../protocol';
import { migrate } from '../../db/migrations';
import { count, rows, sql, type Sql, type SqlRow } from '../../db/sql';

/** Migrations that lists show. */
const SHOWN = 20;

/** A migration that was asked for. */
export type NewMigration = Pick<BindingMigration, 'from' | 'to' | 'by' | 'at'>;

/** Migrations of bindings, each with the Agents whose runs have not moved yet. */
export class MigrationStore {
	readonly #sql: Sql;

	constructor(db: Sql) {
		this.#sql = db;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_binding_migrations', [
			`CREATE TABLE IF NOT EXISTS sb_binding_migrations (
				from_name TEXT PRIMARY KEY, to_name TEXT NOT NULL, by TEXT NOT NULL, at INTEGER NOT NULL,
				finished_at INTEGER, agents INTEGER NOT NULL
			) WITHOUT ROWID;
			CREATE TABLE IF NOT EXISTS sb_binding_migration_agents (
				from_name TEXT NOT NULL, agent TEXT NOT NULL, problem TEXT,
				PRIMARY KEY (from_name, agent)
			) WITHOUT ROWID`
		]);
	}

	/** Begins a migration, or begins it again. Call it in a transaction. */
	begin({ from, to, by, at }: NewMigration, agents: readonly string[]): void {
		rows(this.#sql, sql`DELETE FROM sb_binding_migration_agents WHERE from_name = ${from}`);
		rows(
			this.#sql,
			sql`INSERT OR REPLACE INTO sb_binding_migrations
				VALUES (${from}, ${to}, ${by}, ${at}, NULL, ${agents.length})`
		);
		rows(
			this.#sql,
			sql`INSERT INTO sb_binding_migration_agents
				SELECT ${from}, value, NULL FROM json_each(${JSON.stringify(agents)})`
		);
	}

	/** The migration from a name, if there was one. */
	find(from: string): BindingMigration | null {
		const [row] = rows(
			this.#sql,
			sql`SELECT * FROM sb_binding_migrations WHERE from_name = ${from}`
		);
		return row ? this.#read(row) : null;
	}

	/** Newest first. */
	list(): BindingMigration[] {
		return rows(
			this.#sql,
			sql`SELECT * FROM sb_binding_migrations ORDER BY at DESC, from_name LIMIT ${SHOWN}`
		).map((row) => this.#read(row));
	}

	/** An Agent whose turn has not come yet, and the move that it has to make. */
	next(): { from: string; to: string; agent: string } | null {
		const [row] = rows(
			this.#sql,
			sql`SELECT m.from_name, m.to_name, a.agent FROM sb_binding_migration_agents a
				JOIN sb_binding_migrations m ON m.from_name = a.from_name
				WHERE a.problem IS NULL ORDER BY m.at, a.agent LIMIT 1`
		);
		if (!row) return null;
		const { from_name: from, to_name: to, agent } = row;
		return { from: String(from), to: String(to), agent: String(agent) };
	}

	/** An Agent's runs have moved. */
	finishAgent(from: string, agent: string, at: number): void {
		rows(
			this.#sql,
			sql`DELETE FROM sb_binding_migration_agents WHERE from_name = ${from} AND agent = ${agent}`
		);
		rows(
			this.#sql,
			sql`UPDATE sb_binding_migrations SET finished_at = ${at} WHERE from_name = ${from}
				AND NOT EXISTS (SELECT 1 FROM sb_binding_migration_agents WHERE from_name = ${from})`
		);
	}

	/** An Agent's turn failed: it is skipped until the migration begins again. */
	failAgent(from: string, agent: string, problem: string): void {
		rows(
			this.#sql,
			sql`UPDATE sb_binding_migration_agents SET problem = ${problem}
				WHERE from_name = ${from} AND agent = ${agent}`
		);
	}

	#read(row: SqlRow): BindingMigration {
		const from = String(row['from_name']);
		const left = rows(
			this.#sql,
			sql`SELECT agent, problem FROM sb_binding_migration_agents WHERE from_name = ${from}`
		);
		return {
			...{ from, to: String(row['to_name']), by: String(row['by']), at: count(row, 'at') },
			finishedAt: row['finished_at'] === null ? null : count(row, 'finished_at'),
			...{ agents: count(row, 'agents'), left: left.length },
			failed: left
				.filter(({ problem }) => problem !== null)
				.map(({ agent, problem }) => ({ agent: String(agent), detail: String(problem) }))
		};
	}
}
