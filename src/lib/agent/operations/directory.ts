import { agentRefSchema, type AgentRef } from '../../protocol';
import type { Sql } from './sql';

/** The Agents that have reported a run. */
export class Directory {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		this.#sql.exec(`CREATE TABLE IF NOT EXISTS sb_agents (
			path TEXT PRIMARY KEY, class TEXT NOT NULL, name TEXT NOT NULL, seen_at INTEGER NOT NULL
		)`);
	}

	/** Notes that an Agent reported. */
	seen({ class: className, name, path }: AgentRef, at: number): void {
		this.#sql.exec('INSERT OR REPLACE INTO sb_agents VALUES (?, ?, ?, ?)', path, className, name, at);
	}

	count(): number {
		const [row] = this.#sql.exec('SELECT count(*) AS n FROM sb_agents').toArray();
		return Number(row?.['n'] ?? 0);
	}

	list(): AgentRef[] {
		return this.#sql
			.exec('SELECT class, name, path FROM sb_agents ORDER BY path')
			.toArray()
			.map((row) => agentRefSchema.parse(row));
	}
}
