import type { Connection } from 'agents';
import {
	decodeIdentity,
	IDENTITY_HEADER,
	storedIdentitySchema,
	type Identity
} from '../../../protocol';
import { migrate } from '../../db/migrations';

/**
 * Who is at the other end of each connection, as the Worker's header said on connect. It is kept
 * in a table, so that it outlives hibernation and no user code can overwrite it.
 */
export class Viewers {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		migrate(sql, 'monitor_viewers', [
			'CREATE TABLE IF NOT EXISTS monitor_viewers (connection TEXT PRIMARY KEY, identity TEXT NOT NULL)'
		]);
	}

	/** A connection was opened by this request. Connections that are gone are forgotten. */
	enter(connection: Connection, request: Request, open: Iterable<Connection>): void {
		const identity = decodeIdentity(request.headers.get(IDENTITY_HEADER));
		const ids = JSON.stringify([...open].map(({ id }) => id));
		this.#sql.exec(
			'DELETE FROM monitor_viewers WHERE connection NOT IN (SELECT value FROM json_each(?))',
			ids
		);
		if (!identity) return;
		this.#sql.exec(
			'INSERT OR REPLACE INTO monitor_viewers VALUES (?, ?)',
			connection.id,
			JSON.stringify(identity)
		);
	}

	leave(connection: { id: string }): void {
		this.#sql.exec('DELETE FROM monitor_viewers WHERE connection = ?', connection.id);
	}

	/** Nobody, when the Worker did not say. */
	identityOf(connection: { id: string }): Identity | null {
		const row = this.#sql
			.exec<{ identity: string }>(
				'SELECT identity FROM monitor_viewers WHERE connection = ?',
				connection.id
			)
			.toArray()[0];
		return row ? storedIdentitySchema.parse(JSON.parse(row.identity)) : null;
	}
}
