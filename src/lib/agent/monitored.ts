// One changed line makes an Agent observable: `class OrderAgent extends monitored(Agent)<Env>`. The
// mixin only observes: it forwards what happens to runs to `Monitor`, and changes nothing else.
import { Agent } from 'agents';
import {
	answer,
	ENDED_STATUSES,
	isEnded,
	jsonObjectSchema,
	ProblemError,
	toJson,
	type Answer,
	type DecisionInput,
	type RunRef
} from '../protocol';
import { agentErrorText } from '../messages/server/agent-errors';
import { AWAITS_REPORT, dispatchCall, type DispatchParts } from './monitor/commands/dispatch';
import { composeMonitor } from './monitor/compose';
import { yieldLocalThread } from './monitor/history/local-engine';
import type { RestartOptions } from './monitor/history/sdk-tracking';
import type { Monitor } from './monitor/monitor';
import type {
	AgentClass,
	MonitoredClass,
	MonitoredRunOptions,
	SdkRunOptions
} from './monitored-types';
import { agentRefOf } from './rpc/agent-address';
import type { AgentAnswers, AgentCall, AgentCallOf, NotedEntry } from './rpc/agent-rpc';
import { OperationsClient, type Operations } from './rpc/operations-client';

export type { MonitoredAgent, MonitoredRunOptions } from './monitored-types';

type SdkCallback = Parameters<Agent['onWorkflowCallback']>[0];
type DeleteCriteria = NonNullable<Parameters<Agent['deleteWorkflows']>[0]>;

/**
 * Makes any Agent class observable: its runs, their histories, approvals and controls appear in
 * Signalbox. The class keeps everything it had; `runWorkflow` also takes `parent` and `startedBy`.
 * `approveWorkflow` and `rejectWorkflow` decide the one open approval of the run and throw when there
 * is none: with the SDK's own methods, a second call decides the next approval.
 */
export function monitored<T extends AgentClass>(Base: T): T & MonitoredClass {
	abstract class Monitored extends Base {
		readonly #monitor: Monitor;
		readonly #dispatchParts: DispatchParts;

		// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor
		constructor(...args: any[]) {
			super(...args);
			const { ctx, env } = this;
			const operations = this.signalboxOperations;
			const { alarms, ...parts } = composeMonitor({
				...{ ctx, env, operations, agent: this, sdkMethods: Base.prototype }
			});
			this.#monitor = parts.monitor;
			this.#dispatchParts = parts;
			this.lifecycle.use(alarms);
		}

		override async runWorkflow<P = unknown>(
			workflow: string,
			params: P,
			options: SdkRunOptions & MonitoredRunOptions = {}
		): Promise<string> {
			const {
				parent = null,
				startedBy = this.#ownName,
				startedBySubject = options.startedBy === undefined ? this.#ownName : undefined,
				...sdkOptions
			} = options;
			const { intake } = this.#monitor;
			const id = options.id ?? `wf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
			const ref = { workflow, id };
			const metadata = jsonObjectSchema.parse(toJson(options.metadata ?? {}));
			const who = { startedBy, startedBySubject };
			intake.recordIntendedRun({ ref, params: toJson(params), metadata, parent, ...who });
			try {
				await super.runWorkflow(workflow, params, { ...sdkOptions, id });
			} catch (error) {
				await intake.recordFailedStart(ref, error);
			}
			intake.recordStartedRun(ref);
			return id;
		}

		override async onWorkflowCallback(callback: SdkCallback): Promise<void> {
			this.#monitor.recordCallback(callback);
			await super.onWorkflowCallback(callback);
			await yieldLocalThread(this.env);
		}

		/** The SDK logs a warning for every failed run; Signalbox shows them instead. */
		override async onWorkflowError(workflow: string, id: string, error: string): Promise<void> {
			if (Base.prototype.onWorkflowError === Agent.prototype.onWorkflowError) return;
			await super.onWorkflowError(workflow, id, error);
		}

		override async pauseWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.controlRun('pause', this.#refOf(id));
		}

		override async resumeWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.controlRun('resume', this.#refOf(id));
		}

		override async terminateWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.controlRun('terminate', this.#refOf(id));
		}

		override async restartWorkflow(id: string, options?: RestartOptions): Promise<void> {
			await this.#monitor.controls.restartRun(this.#refOf(id), undefined, options);
		}

		override async approveWorkflow(
			id: string,
			data?: { reason?: string; metadata?: Record<string, unknown> }
		): Promise<void> {
			const decision = { approved: true, ...(data?.reason ? { reason: data.reason } : {}) };
			await this.#decide(id, decision, { approved: true, ...data });
		}

		override async rejectWorkflow(id: string, data?: { reason?: string }): Promise<void> {
			const decision = { approved: false, reason: data?.reason || agentErrorText.rejectedByAgent };
			await this.#decide(id, decision, { approved: false, ...data });
		}

		override async sendWorkflowEvent(
			workflow: string,
			id: string,
			event: { type: string; payload: unknown }
		): Promise<void> {
			const forget = this.#monitor.recordOwnEvent({ workflow, id }, event);
			try {
				await super.sendWorkflowEvent(workflow, id, event);
			} catch (error) {
				forget();
				throw error;
			}
		}

		override migrateWorkflowBinding(from: string, to: string): number {
			const rows = super.migrateWorkflowBinding(from, to);
			this.#monitor.workflowRename.renameWorkflow(from, to);
			return rows;
		}

		override async deleteSubAgent(
			...[cls, name]: Parameters<Agent['deleteSubAgent']>
		): Promise<void> {
			await super.deleteSubAgent(cls, name);
			this.#monitor.reporter.reportDeletedAgent({ className: cls.name, name });
		}

		/** Deletes tracking rows of ended runs only: the SDK's own method would orphan a running one. */
		override deleteWorkflow(id: string): boolean {
			return this.#monitor.sdk.mayDeleteRow(id) && super.deleteWorkflow(id);
		}

		/** Deletes the matching tracking rows of ended runs. */
		override deleteWorkflows(criteria: DeleteCriteria = {}): number {
			const wanted = criteria.status === undefined ? ENDED_STATUSES : [criteria.status].flat();
			const status = wanted.filter(isEnded);
			return status.length > 0 ? super.deleteWorkflows({ ...criteria, status }) : 0;
		}

		/** @param sent what the SDK's own method would send to the workflow */
		async #decide(id: string, decision: DecisionInput, sent: object): Promise<void> {
			const { reason, metadata } = sent as { reason?: unknown; metadata?: unknown };
			const payload = toJson({
				approved: decision.approved,
				...(reason === undefined ? {} : { reason }),
				...(metadata === undefined ? {} : { metadata })
			});
			const by = { agent: this.#ownName, payload };
			await this.#monitor.decisions.decideOpenApproval(this.#refOf(id), decision, by);
		}

		async operate<C extends AgentCall['type']>(
			at: string,
			call: AgentCallOf<C>
		): Promise<Answer<AgentAnswers[C]>> {
			const parts = this.#dispatchParts;
			if (at !== '') return parts.subAgents.callSubAgent<C>(at, call);
			const answered = await answer(() => dispatchCall(call, parts));
			if (AWAITS_REPORT[call.type]) await this.#monitor.reporter.changesReported();
			return answered as Answer<AgentAnswers[C]>; // `dispatchCall` answers each call with its own type
		}

		/** The Operations agent of the workspace; the Operations agent itself overrides this. */
		protected get signalboxOperations(): Operations {
			return new OperationsClient(this.env);
		}

		protected recordStateWrite(write: NotedEntry): void {
			this.#monitor.recordStateWrite(agentRefOf(this.selfPath).path, write);
		}

		/** The name of this Agent where other runs have that of a person. */
		get #ownName(): string {
			return `agent:${agentRefOf(this.selfPath).path}`;
		}

		#refOf(id: string): RunRef {
			const tracked = this.getWorkflow(id);
			if (tracked) return { workflow: tracked.workflowName, id };
			throw new ProblemError('unknown-run', agentErrorText.unknownRunInAgent(id));
		}
	}
	// TypeScript cannot see that the class and its declared type have the same members.
	return Monitored as unknown as T & MonitoredClass;
}
