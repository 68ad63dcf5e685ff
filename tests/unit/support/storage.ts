import type { SqlBinding } from '../../../src/lib/agent/db/sql';
import { memorySql } from './sqlite';

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
