// What Signalbox's own Agents and the samples have beside `monitored()`, which only observes:
// a check of each frame by the sender's roles, and the plain message protocol.
import type { Connection } from 'agents';
import { ProblemError, type Identity } from '../protocol';
import { agentErrorText } from '../messages/server/agent-errors';
import { ConnectionIdentities } from './clients/connection-identities';
import { FrameGuard } from './clients/frame-guard';
import { StateWrites } from './clients/state-writes';
import { PlainEndpoint } from './clients/plain-endpoint';
import { ratesOf } from './clients/rate-limit';
import { Sessions } from './clients/sessions';
import { Alarms } from './monitor/alarms';
import { monitored } from './monitored';
import type {
	AgentClass,
	GuardedClass,
	MonitoredClass,
	PlainProtocolClass,
	SignalboxAgentClass
} from './monitored-types';
import { agentRefOf } from './rpc/agent-address';

/**
 * Refuses frames of people who may not operate runs: calls, writes of the state, messages of the
 * Agent's own. Wrap last, so that nothing is before it but the plain message protocol.
 */
export function guarded<T extends AgentClass & MonitoredClass>(Base: T): T & GuardedClass {
	abstract class Guarded extends Base {
		/** For the Worker's policy table: frames are checked here. */
		readonly checksFrames = true;
		readonly #identities: ConnectionIdentities;
		readonly #guard: FrameGuard;

		// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor
		constructor(...args: any[]) {
			super(...args);
			this.#identities = new ConnectionIdentities(this.ctx.storage.sql);
			const identities = this.#identities;
			const stateWrites = new StateWrites(this, identities, (write) =>
				this.recordStateWrite(write)
			);
			const alarms = new Alarms('signalbox-session');
			const sessions = new Sessions(this, identities, alarms);
			alarms.setTarget(sessions);
			this.lifecycle.use(alarms);
			const checksItself = () => this.signalboxFrames === 'checked';
			const rate = ratesOf(this.env).frames;
			this.#guard = new FrameGuard({
				...{ agent: this, identities, sessions, checksItself, stateWrites, rate }
			});
			this.#guard.install();
		}

		/** Is a message refused, whatever it says? Then it has been answered. */
		refusesConnection(connection: Connection, message: unknown): boolean {
			return this.#guard.refusesConnection(connection, message);
		}

		/** The identity behind a connection, as set by the Worker; null when there is none. */
		identityOf(connection: { id: string }): Identity | null {
			return this.#identities.identityOf(connection);
		}

		/** Whose frames reach this Agent: operators', or everybody's, since it checks them itself. */
		protected get signalboxFrames(): 'operators' | 'checked' {
			return 'operators';
		}
	}
	// TypeScript cannot see that the class and its declared type have the same members.
	return Guarded as unknown as T & GuardedClass;
}

/** Lets clients that are not `AgentClient` start and control runs with plain JSON messages. */
export function plainProtocol<T extends AgentClass & MonitoredClass & GuardedClass>(
	Base: T
): T & PlainProtocolClass {
	abstract class PlainProtocol extends Base {
		// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor
		constructor(...args: any[]) {
			super(...args);
			new PlainEndpoint(this, {
				identityOf: (connection) => this.identityOf(connection),
				refusesConnection: (connection, message) => this.refusesConnection(connection, message),
				operations: this.signalboxOperations,
				startPath: () =>
					this.signalboxFrames === 'checked' ? null : agentRefOf(this.selfPath).path,
				workflowOf: (id, by) => this.signalboxWorkflowOf(id, by)
			}).install();
		}

		/** The workflow of a run that somebody names by its id. @throws ProblemError `unknown-run` */
		protected signalboxWorkflowOf(id: string, _by: Identity): string {
			const tracked = this.getWorkflow(id);
			if (tracked) return tracked.workflowName;
			throw new ProblemError('unknown-run', agentErrorText.unknownRunInAgent(id));
		}
	}
	// TypeScript cannot see that the class and its declared type have the same members.
	return PlainProtocol as unknown as T & PlainProtocolClass;
}

/**
 * All three: observed, guarded, and open to plain messages. One call, since TypeScript loses the
 * type parameters of a class that goes through mixin after mixin.
 */
export function signalboxAgent<T extends AgentClass>(Base: T): T & SignalboxAgentClass {
	return plainProtocol(guarded(monitored(Base)));
}
