// The types of the mixin: for the classes that it makes, and for their callers.
import type { Agent, Connection } from 'agents';
import type { Answer, Identity, RunRef } from '../protocol';
import type { AgentAnswers, AgentCall, AgentCallOf, NotedEntry } from './rpc/agent-rpc';
import type { Operations } from './rpc/operations-client';

/** What the mixin adds to the SDK's options of `runWorkflow`. */
export type MonitoredRunOptions = {
	/** The run that started this one. */
	parent?: RunRef;
	/** Who started it; by default the Agent itself. */
	startedBy?: string;
	/** The subject of who started it, which approvals compare. */
	startedBySubject?: string | undefined;
};

export type SdkRunOptions = NonNullable<Parameters<Agent['runWorkflow']>[2]>;

// TypeScript requires `any[]` for the constructor of a mixin's base; any Env and State are allowed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AgentClass = abstract new (...args: any[]) => Agent<any, any>;

/** An Agent of any Env and State. */
export type AnyAgent = InstanceType<AgentClass>;

/** What a monitored Agent adds to the SDK's Agent. */
export interface MonitoredAgent {
	runWorkflow<P = unknown>(
		workflow: string,
		params: P,
		options?: SdkRunOptions & MonitoredRunOptions
	): Promise<string>;
	/** Called by the Operations agent; `at` is the path of a sub-agent below this Agent, or ''. */
	operate<T extends AgentCall['type']>(
		at: string,
		call: AgentCallOf<T>
	): Promise<Answer<AgentAnswers[T]>>;
}

/** What a subclass may use and override. */
declare class MonitoredBase implements MonitoredAgent {
	// Methods, so that a subclass may override them and call the one before.
	runWorkflow<P = unknown>(
		workflow: string,
		params: P,
		options?: SdkRunOptions & MonitoredRunOptions
	): Promise<string>;
	operate<T extends AgentCall['type']>(
		at: string,
		call: AgentCallOf<T>
	): Promise<Answer<AgentAnswers[T]>>;
	protected get signalboxOperations(): Operations;
	/** Notes for the audit that somebody wrote the synced state, or tried to. */
	protected recordStateWrite(write: NotedEntry): void;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type MonitoredClass = abstract new (...args: any[]) => MonitoredBase;

/** What `guarded()` adds. */
declare class GuardedBase {
	readonly checksFrames: true;
	identityOf(connection: { id: string }): Identity | null;
	refusesConnection(connection: Connection, message: unknown): boolean;
	protected get signalboxFrames(): 'operators' | 'checked';
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type GuardedClass = abstract new (...args: any[]) => GuardedBase;

/** What `plainProtocol()` adds. */
declare class PlainProtocolBase {
	protected signalboxWorkflowOf(id: string, by: Identity): string;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type PlainProtocolClass = abstract new (...args: any[]) => PlainProtocolBase;

/** What `signalboxAgent()` adds: all of the above. */
export type SignalboxAgentClass = abstract new (
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
	...args: any[]
) => MonitoredBase & GuardedBase & PlainProtocolBase;
