// Stored tables outlive the code that made them: a deploy meets the tables of every version before
// it. What a version changes of them is a step, and each database takes each step once.

/** What is asked of a database here: a part of a Durable Object's `SqlStorage`. */
type Sql = {
	exec(query: string, ...bindings: (string | number)[]): { toArray(): Record<string, unknown>[] };
};

/**
 * One version's change of an owner's tables: SQL statements, in one text or several. A released step is never edited: a
 * change is one more step. Steps only add, so that the version before still works on the tables
 * when a deploy is taken back.
 */
export type Migration = string | readonly string[];

/**
 * Brings one owner's tables up to date: takes the steps that this database has not taken yet.
 * Writes without an `await` in between are one transaction in a Durable Object, so a crash leaves
 * all of them or none.
 * @param owner The name under which the steps are counted; never changed.
 */
export function migrate(sql: Sql, owner: string, steps: readonly Migration[]): void {
	sql.exec(
		'CREATE TABLE IF NOT EXISTS signalbox_migrations (owner TEXT PRIMARY KEY, taken INTEGER NOT NULL)'
	);
	const [row] = sql.exec('SELECT taken FROM signalbox_migrations WHERE owner = ?', owner).toArray();
	const taken = Number(row?.['taken'] ?? 0);
	if (taken >= steps.length) return;
	for (const statement of steps.slice(taken).flat()) sql.exec(statement);
	sql.exec('INSERT OR REPLACE INTO signalbox_migrations VALUES (?, ?)', owner, steps.length);
}
