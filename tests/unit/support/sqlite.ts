import { DatabaseSync } from 'node:sqlite';
import type { Sql, SqlBinding, SqlRow, SqlValue } from '../../../src/lib/agent/db/sql';

function readValue(value: unknown): SqlValue {
	if (value === null || typeof value === 'string' || typeof value === 'number') return value;
	if (value instanceof Uint8Array) return new Uint8Array(value).buffer;
	return Number(value);
}

/** The SQLite of Node behind the few words of a Durable Object's that the index uses. */
export function memorySql(): Sql & { database: DatabaseSync } {
	const database = new DatabaseSync(':memory:');
	const statements = new Map<string, ReturnType<DatabaseSync['prepare']>>();
	return {
		database,
		exec(query: string, ...bindings: SqlBinding[]) {
			let statement = statements.get(query);
			if (!statement) statements.set(query, (statement = database.prepare(query)));
			const rows = statement
				.all(...bindings)
				.map((row): SqlRow =>
					Object.fromEntries(Object.entries(row).map(([name, value]) => [name, readValue(value)]))
				);
			return {
				toArray: () => rows,
				[Symbol.iterator]: () => rows[Symbol.iterator](),
				rowsWritten: 0
			};
		}
	};
}
