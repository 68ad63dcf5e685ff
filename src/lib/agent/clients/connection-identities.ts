import type { Connection } from 'agents';
import {
	decodeIdentity,
	IDENTITY_HEADER,
	storedIdentitySchema,
	type Identity
} from '../../protocol';
import { migrate } from '../db/migrations';

/** The websockets of an Agent, and who is at the other end of each. */
export type ClientConnections = {
	getConnections(): Iterable<Connection>;
	identityOf(connection: { id: string }): Identity | null;
};

/**
 * The identity behind each connection, from the header that the Worker sets on connect. Stored in a
 * table (`monitor_viewers`), so that it survives hibernation and user code cannot overwrite it.
 */
export class ConnectionIdentities {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
		migrate(sql, 'monitor_viewers', [
			'CREATE TABLE IF NOT EXISTS monitor_viewers (connection TEXT PRIMARY KEY, identity TEXT NOT NULL)'
		]);
	}

	/** Stores the identity of a new connection, and deletes those of closed ones. */
	addConnection(connection: Connection, request: Request, open: Iterable<Connection>): void {
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

	removeConnection(connection: { id: string }): void {
		this.#sql.exec('DELETE FROM monitor_viewers WHERE connection = ?', connection.id);
	}

	/** Deletes those whose session has ended, of sockets that were closed unnoticed, too. */
	removeEnded(now: number): void {
		this.#sql.exec(`DELETE FROM monitor_viewers WHERE identity ->> 'sessionEndsAt' <= ?`, now);
	}

	/** When the next session of a connection ends, Ms; null when none does. */
	nextSessionEnd(): number | null {
		const [row] = this.#sql
			.exec(`SELECT min(identity ->> 'sessionEndsAt') AS at FROM monitor_viewers`)
			.toArray();
		return row && row['at'] !== null ? Number(row['at']) : null;
	}

	/** Null when the Worker did not identify the caller. */
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
