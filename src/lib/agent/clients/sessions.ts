// Closes connections when the session that opened them ends. An Agent may hibernate until then, so an
// alarm wakes it; nothing is planned while no session has an end.
import type { Connection } from 'agents';
import { hasEnded, SESSION_ENDED_CODE } from '../../protocol';
import { signInText } from '../../messages/server/sign-in';
import type { Alarms, AlarmTarget } from '../monitor/alarms';
import type { ConnectionIdentities } from './connection-identities';

export class Sessions implements AlarmTarget {
	readonly #connections: { getConnections(): Iterable<Connection> };
	readonly #identities: ConnectionIdentities;
	readonly #alarms: Pick<Alarms, 'setAlarm'>;

	constructor(
		connections: { getConnections(): Iterable<Connection> },
		identities: ConnectionIdentities,
		alarms: Pick<Alarms, 'setAlarm'>
	) {
		this.#connections = connections;
		this.#identities = identities;
		this.#alarms = alarms;
	}

	/** The alarm outlives the Agent's memory. */
	start(): void {}

	/** Plans when the next session ends. Call it after a connection was added. */
	async planNextEnd(): Promise<void> {
		await this.#alarms.setAlarm(this.#identities.nextSessionEnd());
	}

	async runDueWork(): Promise<void> {
		for (const connection of this.#connections.getConnections()) this.closeEnded(connection);
		this.#identities.removeEnded(Date.now());
		await this.planNextEnd();
	}

	/** Closes a connection whose session has ended; returns whether it had. */
	closeEnded(connection: Connection): boolean {
		const by = this.#identities.identityOf(connection);
		if (!by || !hasEnded(by, Date.now())) return false;
		this.#identities.removeConnection(connection);
		connection.close(SESSION_ENDED_CODE, signInText.sessionEnded);
		return true;
	}
}
