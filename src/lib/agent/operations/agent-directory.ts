import { agentRefSchema, type AgentRef } from '../../protocol';
import { migrate } from '../db/migrations';
import type { Report } from '../rpc/agent-rpc';
import type { Sql } from '../db/sql';

/** The Agents that have reported a run. */
export class Directory {
	readonly #sql: Sql;

	constructor(sql: Sql) {
		this.#sql = sql;
	}

	migrate(): void {
		migrate(this.#sql, 'sb_agents', [
			`CREATE TABLE IF NOT EXISTS sb_agents (
			path TEXT PRIMARY KEY, class TEXT NOT NULL, name TEXT NOT NULL, seen_at INTEGER NOT NULL,
			sequence INTEGER NOT NULL
		)`
		]);
	}

	/**
	 * Notes that an Agent reported. Answers whether a report that it knows to be acknowledged is
	 * missing here: this database was restored from an older state. It goes on missing it until the
	 * Agent counts on it no more, since the Agent may never get this answer.
	 */
	seen({ agent, sequence, previous }: Report, at: number): boolean {
		const [row] = this.#sql
			.exec('SELECT sequence FROM sb_agents WHERE path = ?', agent.path)
			.toArray();
		const known = Number(row?.['sequence'] ?? 0);
		const isMissing = known < previous;
		if (!row) {
			this.#sql.exec(
				'INSERT INTO sb_agents VALUES (?, ?, ?, ?, ?)',
				agent.path,
				agent.class,
				agent.name,
				at,
				isMissing ? 0 : sequence
			);
		} else if (!isMissing && sequence > known) {
			// Reports that say nothing lasting repeat a number, and cost no row here.
			this.#sql.exec(
				'UPDATE sb_agents SET seen_at = ?, sequence = ? WHERE path = ?',
				at,
				sequence,
				agent.path
			);
		}
		return isMissing;
	}

	/** The Agents that reported last and the numbers of those reports, the latest first. */
	latest(limit: number): { path: string; sequence: number }[] {
		return this.#sql
			.exec('SELECT path, sequence FROM sb_agents ORDER BY seen_at DESC LIMIT ?', limit)
			.toArray()
			.map((row) => ({ path: String(row['path']), sequence: Number(row['sequence']) }));
	}

	/** Removes an Agent and those below it. Returns whether there were any. */
	remove(path: string): boolean {
		const removed = this.#sql.exec(
			'DELETE FROM sb_agents WHERE path = ? OR instr(path, ?) = 1 RETURNING path',
			path,
			`${path}/sub/`
		);
		return removed.toArray().length > 0;
	}

	has(path: string): boolean {
		return this.#sql.exec('SELECT 1 FROM sb_agents WHERE path = ?', path).toArray().length > 0;
	}

	count(): number {
		const [row] = this.#sql.exec('SELECT count(*) AS n FROM sb_agents').toArray();
		return Number(row?.['n'] ?? 0);
	}

	/** Those whose path has this part, by path, `limit` at most; and how many there are. */
	page(part: string, limit: number): { agents: AgentRef[]; total: number } {
		const found = this.#sql
			.exec(
				`SELECT class, name, path, count(*) OVER () AS total FROM sb_agents
				WHERE instr(lower(path), lower(?)) > 0 ORDER BY path LIMIT ?`,
				part,
				limit
			)
			.toArray();
		const agents = found.map((row) => agentRefSchema.parse(row));
		return { agents, total: Number(found[0]?.['total'] ?? 0) };
	}

	list(): AgentRef[] {
		return this.#sql
			.exec('SELECT class, name, path FROM sb_agents ORDER BY path')
			.toArray()
			.map((row) => agentRefSchema.parse(row));
	}
}
