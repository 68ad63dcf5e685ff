// One changed line makes an Agent observable: `class OrderAgent extends monitored(Agent)<Env>`.
// The mixin only forwards: to `Monitor` what happens to runs, to `PlainDoor` what clients of the
// plain message protocol ask.
import { Agent, getAgentByName } from 'agents';
import {
	answer,
	ENDED_STATUSES,
	isEnded,
	jsonObjectSchema,
	ProblemError,
	toJson,
	type Answer,
	type Identity,
	type RequestInput,
	type Run,
	type RunRef
} from '../protocol';
import { agentRefOf } from './rpc/agent-address';
import type { Acknowledgement, AgentAnswers, AgentCall, Report } from './rpc/agent-rpc';
import { Monitor } from './monitor/monitor';
import { CHANGES, perform, type Verbs } from './monitor/commands/dispatch';
import { forward, reportAllBelow } from './monitor/commands/forward';
import { PlainDoor } from './monitor/clients/plain-endpoint';
import { Viewers } from './monitor/clients/connection-identities';
import type {
	AgentClass,
	MonitoredClass,
	MonitoredRunOptions,
	OperationsStub,
	SdkRunOptions
} from './monitored-types';

export type { MonitoredAgent, MonitoredRunOptions } from './monitored-types';

/** A pause after each callback of a workflow, Ms. */
const BREATH_MS = 1;

type SdkCallback = Parameters<Agent['onWorkflowCallback']>[0];
type DeleteCriteria = NonNullable<Parameters<Agent['deleteWorkflows']>[0]>;

/**
 * Makes any Agent class observable: its runs, their histories, their approvals and their controls
 * appear in Signalbox. The class keeps all it had; `runWorkflow` takes `parent` and `startedBy`
 * besides. `approveWorkflow` and `rejectWorkflow` decide the one open approval of the run and throw
 * when there is none: with the SDK's own, a second call opens the next gate.
 */
export function monitored<T extends AgentClass>(Base: T): T & MonitoredClass {
	abstract class Monitored extends Base {
		readonly #monitor: Monitor;
		readonly #viewers: Viewers;

		// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor
		constructor(...args: any[]) {
			super(...args);
			this.#monitor = new Monitor({
				storage: this.ctx.storage,
				env: this.env,
				exports: () => Reflect.get(this.ctx, 'exports'),
				agent: () => agentRefOf(this.selfPath),
				report: (report) => this.signalboxReport(report),
				background: (work) => this.ctx.waitUntil(work),
				carryOut: (call) => perform(call, this.#monitor, this.#verbs),
				sdk: {
					pause: (id) => super.pauseWorkflow(id),
					resume: (id) => super.resumeWorkflow(id),
					terminate: (id) => super.terminateWorkflow(id),
					restart: (id) => super.restartWorkflow(id),
					forget: (id) => void super.deleteWorkflow(id),
					refresh: (ref) => super.getWorkflowStatus(ref.workflow, ref.id),
					tracked: (id) => this.getWorkflow(id) ?? null
				}
			});
			this.lifecycle.use(this.#monitor.wakes);
			this.#viewers = new Viewers(this.ctx.storage.sql);
			new PlainDoor(this, {
				viewers: this.#viewers,
				ask: (by, request) => this.signalboxAsk(by, request),
				path: () => (this.signalboxCallables === 'checked' ? null : agentRefOf(this.selfPath).path),
				workflowOf: (id) => this.signalboxWorkflowOf(id),
				checksCallables: this.signalboxCallables === 'checked'
			}).install();
		}

		override async runWorkflow<P = unknown>(
			workflow: string,
			params: P,
			options: SdkRunOptions & MonitoredRunOptions = {}
		): Promise<string> {
			const { parent = null, startedBy = this.#self, ...sdkOptions } = options;
			const id = options.id ?? `wf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
			const ref = { workflow, id };
			if (!this.#monitor.engine.has(workflow)) {
				throw new ProblemError('unknown-workflow', `There is no workflow binding ${workflow}.`);
			}
			const metadata = jsonObjectSchema.parse(toJson(options.metadata ?? {}));
			this.#monitor.beginnings.intend({ ref, params: toJson(params), metadata, parent, startedBy });
			try {
				await super.runWorkflow(workflow, params, { ...sdkOptions, id });
			} catch (error) {
				await this.#monitor.beginnings.abandoned(ref, error);
			}
			this.#monitor.started(ref);
			return id;
		}

		override async onWorkflowCallback(callback: SdkCallback): Promise<void> {
			this.#monitor.onCallback(callback);
			await super.onWorkflowCallback(callback);
			// Locally every Agent and workflow shares one thread, and a thread that never rests answers
			// nobody: a run that reports progress in each of its steps would keep all requests waiting.
			await scheduler.wait(BREATH_MS);
		}

		/** The SDK's default prints a warning for every failed run; the dashboard shows them. */
		override async onWorkflowError(workflow: string, id: string, error: string): Promise<void> {
			if (Base.prototype.onWorkflowError === Agent.prototype.onWorkflowError) return;
			await super.onWorkflowError(workflow, id, error);
		}

		override async pauseWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.control('pause', this.#refOf(id));
		}

		override async resumeWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.control('resume', this.#refOf(id));
		}

		override async terminateWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.control('terminate', this.#refOf(id));
		}

		override async restartWorkflow(id: string): Promise<void> {
			await this.#monitor.controls.restart(this.#refOf(id), undefined);
		}

		override async approveWorkflow(id: string, data?: { reason?: string }): Promise<void> {
			const decision = { approved: true, ...(data?.reason ? { reason: data.reason } : {}) };
			await this.#monitor.decisions.decideOnly(this.#refOf(id), decision, this.#self);
		}

		override async rejectWorkflow(id: string, data?: { reason?: string }): Promise<void> {
			const decision = { approved: false, reason: data?.reason ?? 'Rejected by the Agent' };
			await this.#monitor.decisions.decideOnly(this.#refOf(id), decision, this.#self);
		}

		/** Deletes the tracking row of an ended run only: the SDK's own would orphan a running one. */
		override deleteWorkflow(id: string): boolean {
			return this.#monitor.sdk.mayForget(id) && super.deleteWorkflow(id);
		}

		/** Deletes the tracking rows of ended runs that match. */
		override deleteWorkflows(criteria: DeleteCriteria = {}): number {
			const wanted = criteria.status === undefined ? ENDED_STATUSES : [criteria.status].flat();
			const status = wanted.filter(isEnded);
			return status.length > 0 ? super.deleteWorkflows({ ...criteria, status }) : 0;
		}

		async operate<T extends AgentCall['type']>(
			at: string,
			call: Extract<AgentCall, { type: T }>
		): Promise<Answer<AgentAnswers[T]>> {
			if (at !== '') return forward<T>(this.ctx, this.dynamicAgents, at, call);
			const answered = await answer(() => perform(call, this.#monitor, this.#verbs));
			if (CHANGES[call.type]) await this.#monitor.reported();
			return answered as Answer<AgentAnswers[T]>; // `perform` answers each call with its own type
		}

		/** Who is at the other end of a connection, as the Worker said; null for nobody known. */
		protected identityOf(connection: { id: string }): Identity | null {
			return this.#viewers.identityOf(connection);
		}

		/** Who may call this Agent's callables: operators, or whom the methods themselves let. */
		protected get signalboxCallables(): 'operators' | 'checked' {
			return 'operators';
		}

		/** The binding of a run of which only the id is known. @throws ProblemError */
		protected signalboxWorkflowOf(id: string): string {
			return this.#refOf(id).workflow;
		}

		/** Asks the Operations agent in somebody's name; that one overrides it. */
		protected async signalboxAsk(by: Identity, request: RequestInput): Promise<Answer<unknown>> {
			return (await this.#operations()).handle(by, request);
		}

		/** Sends a report to the Operations agent of the workspace; that one overrides it. */
		protected async signalboxReport(report: Report): Promise<Acknowledgement> {
			return (await this.#operations()).intake(report);
		}

		async #operations(): Promise<OperationsStub> {
			const workspace: unknown = Reflect.get(this.env, 'WORKSPACE');
			const name = typeof workspace === 'string' && workspace ? workspace : 'main';
			// The binding that every Signalbox has; RPC's own types do not get through `unknown`.
			const binding = Reflect.get(this.env, 'OperationsAgent') as never;
			return (await getAgentByName(binding, name)) as unknown as OperationsStub;
		}

		get #verbs(): Verbs {
			return {
				start: (start) => this.#start(start),
				reportAllBelow: () => reportAllBelow(this.dynamicAgents),
				pauseWorkflow: (id) => this.pauseWorkflow(id),
				resumeWorkflow: (id) => this.resumeWorkflow(id),
				terminateWorkflow: (id) => this.terminateWorkflow(id),
				restartWorkflow: (id) => this.restartWorkflow(id)
			};
		}

		/** How this Agent is named where a person could be. */
		get #self(): string {
			return `agent:${agentRefOf(this.selfPath).path}`;
		}

		#refOf(id: string): RunRef {
			const tracked = this.getWorkflow(id);
			if (tracked) return { workflow: tracked.workflowName, id };
			throw new ProblemError('unknown-run', `There is no run ${id} in this Agent.`);
		}

		async #start(call: Extract<AgentCall, { type: 'start' }>): Promise<Run> {
			const { workflow, params, id, metadata, startedBy } = call;
			const started = await this.runWorkflow(workflow, params, {
				startedBy,
				...(id === undefined ? {} : { id }),
				...(metadata === undefined ? {} : { metadata })
			});
			return this.#monitor.runs.run({ workflow, id: started });
		}
	}
	// What a mixin's class is to the outside: TypeScript cannot see that the two declare the same.
	return Monitored as unknown as T & MonitoredClass;
}
