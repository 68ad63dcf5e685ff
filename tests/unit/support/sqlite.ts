import { DatabaseSync } from 'node:sqlite';
import type { Sql, SqlBinding, SqlRow, SqlValue } from '../../../src/lib/agent/operations/sql';

function readValue(value: unknown): SqlValue {
	if (value === null || typeof value === 'string' || typeof value === 'number') return value;
	if (value instanceof Uint8Array) return new Uint8Array(value).buffer;
	return Number(value);
}

/** The same as a Durable Object's storage: several statements in one text, and transactions. */
export function memoryStorage(): DurableObjectStorage {
	const sql = memorySql();
	const exec = (query: string, ...bindings: SqlBinding[]) => {
		if (bindings.length === 0 && /;\s*\S/.test(query)) {
			sql.database.exec(query);
			return { toArray: () => [], one: () => undefined };
		}
		const { toArray } = sql.exec(query, ...bindings);
		return { toArray, one: () => toArray()[0] };
	};
	const transactionSync = <T>(work: () => T): T => {
		sql.database.exec('SAVEPOINT t');
		try {
			const value = work();
			sql.database.exec('RELEASE t');
			return value;
		} catch (error) {
			sql.database.exec('ROLLBACK TO t');
			sql.database.exec('RELEASE t');
			throw error;
		}
	};
	return { sql: { exec }, transactionSync } as unknown as DurableObjectStorage; // what stores ask of it
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
