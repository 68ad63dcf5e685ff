// The types of the mixin, seen from both sides: by the classes it makes, and by those who call them.
import type { Agent } from 'agents';
import type { Answer, Identity, RequestInput, RunRef } from '../protocol';
import type { Acknowledgement, AgentAnswers, AgentCall, Report } from './rpc/agent-rpc';

/** What the mixin adds to the SDK's options of `runWorkflow`. */
export type MonitoredRunOptions = {
	/** The run that started this one. */
	parent?: RunRef;
	/** Who started it; the Agent itself when left out. */
	startedBy?: string;
};

export type SdkRunOptions = NonNullable<Parameters<Agent['runWorkflow']>[2]>;

// TypeScript wants exactly `any[]` of a mixin's base, and an Agent of any Env and State.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AgentClass = abstract new (...args: any[]) => Agent<any, any>;

/** What a monitored Agent can do beside the SDK's. */
export interface MonitoredAgent {
	runWorkflow<P = unknown>(
		workflow: string,
		params: P,
		options?: SdkRunOptions & MonitoredRunOptions
	): Promise<string>;
	/** RPC from the Operations agent; `at` is the sub-agent's path below this Agent, or ''. */
	operate<T extends AgentCall['type']>(
		at: string,
		call: Extract<AgentCall, { type: T }>
	): Promise<Answer<AgentAnswers[T]>>;
}

/** What a subclass can use and override. */
declare class MonitoredBase implements MonitoredAgent {
	runWorkflow: MonitoredAgent['runWorkflow'];
	operate: MonitoredAgent['operate'];
	protected identityOf(connection: { id: string }): Identity | null;
	protected signalboxReport(report: Report): Promise<Acknowledgement>;
	protected signalboxAsk(by: Identity, request: RequestInput): Promise<Answer<unknown>>;
	protected signalboxWorkflowOf(id: string): string;
	protected get signalboxCallables(): 'operators' | 'checked';
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
export type MonitoredClass = abstract new (...args: any[]) => MonitoredBase;

/** The part of the Operations agent that Agents call. */
export type OperationsStub = {
	intake(report: Report): Promise<Acknowledgement>;
	handle(by: Identity, request: RequestInput): Promise<Answer<unknown>>;
};
