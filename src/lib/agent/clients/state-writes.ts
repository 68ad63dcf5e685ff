// Writes of an Agent's synced state by people, over its websocket: each is noted for the audit.
import type { Connection } from 'agents';
import { capJson, toJson, type Json } from '../../protocol';
import type { ConnectionIdentities } from './connection-identities';
import type { NotedEntry } from '../rpc/agent-rpc';
import type { AnyAgent } from '../monitored-types';
import { isSdkFrame, parseText } from './plain-frames';

/** The frame by which a client of the SDK writes the synced state. */
export const STATE_FRAME = 'cf_agent_state';

/** A larger state is not kept in the audit, bytes. */
const STATE_BYTES = 2_000;

/** Is this message a write of the state? */
export function isStateFrame(message: unknown): boolean {
	// A text is parsed only where it can be one: its type may be written with escapes.
	if (typeof message !== 'string') return false;
	if (!message.includes(STATE_FRAME) && !message.includes('\\u')) return false;
	const frame = parseText(message);
	return isSdkFrame(frame) && frame.type === STATE_FRAME;
}

export class StateWrites {
	readonly #agent: AnyAgent;
	readonly #identities: ConnectionIdentities;
	readonly #record: (write: NotedEntry) => void;

	constructor(
		agent: AnyAgent,
		identities: ConnectionIdentities,
		record: (write: NotedEntry) => void
	) {
		this.#agent = agent;
		this.#identities = identities;
		this.#record = record;
	}

	/** Records what becomes of a write while the Agent handles it. */
	async recordHandled(connection: Connection, handle: () => Promise<void>): Promise<void> {
		const before = this.#state();
		await handle();
		const isReadonly = this.#agent.isConnectionReadonly(connection);
		this.#recordWrite(connection, before, isReadonly ? 'forbidden' : 'done');
	}

	/** Records a write that its sender may not make. */
	recordRefused(connection: Connection): void {
		this.#recordWrite(connection, this.#state(), 'forbidden');
	}

	#recordWrite(connection: Connection, before: Json, result: 'done' | 'forbidden'): void {
		const by = this.#identities.identityOf(connection);
		if (!by) return;
		const { ip = null, userAgent = null } = by.from ?? {};
		this.#record({
			...{ by: by.name, subject: by.subject, from: { via: 'page', ip, userAgent }, result },
			...{ before, after: this.#state() }
		});
	}

	#state(): Json {
		return capJson(toJson(this.#agent.state), STATE_BYTES);
	}
}
