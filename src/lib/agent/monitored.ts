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
	type Run,
	type RunRef
} from '../protocol';
import { agentRefOf, classNamed, hopsOf } from './monitor/address';
import type { Acknowledgement, AgentAnswers, AgentCall, Report } from './monitor/calls';
import { Monitor } from './monitor/monitor';
import { CHANGES, perform, type Verbs } from './monitor/perform';
import { PlainDoor, type PlainHost } from './monitor/plain-door';

/** What the mixin adds to the SDK's options of `runWorkflow`. */
export type MonitoredRunOptions = {
	/** The run that started this one. */
	parent?: RunRef;
	/** Who started it; the Agent itself when left out. */
	startedBy?: string;
};

type SdkRunOptions = NonNullable<Parameters<Agent['runWorkflow']>[2]>;
type DeleteCriteria = NonNullable<Parameters<Agent['deleteWorkflows']>[0]>;
type SdkCallback = Parameters<Agent['onWorkflowCallback']>[0];

// TypeScript wants exactly `any[]` of a mixin's base, and an Agent of any Env and State.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type AgentClass = abstract new (...args: any[]) => Agent<any, any>;

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
	protected plainHost(): PlainHost;
	protected signalboxReport(report: Report): Promise<Acknowledgement>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
type MonitoredClass = abstract new (...args: any[]) => MonitoredBase;

/**
 * Makes any Agent class observable: its runs, their histories, their approvals and their controls
 * appear in Signalbox. The class keeps all it had; `runWorkflow` takes `parent` and `startedBy`
 * besides. `approveWorkflow` and `rejectWorkflow` decide the one open approval of the run and throw
 * when there is none: with the SDK's own, a second call opens the next gate.
 */
export function monitored<T extends AgentClass>(Base: T): T & MonitoredClass {
	abstract class Monitored extends Base {
		readonly #monitor: Monitor;
		readonly #door: PlainDoor;

		// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a mixin's constructor
		constructor(...args: any[]) {
			super(...args);
			this.#monitor = new Monitor({
				storage: this.ctx.storage,
				env: this.env,
				agent: () => agentRefOf(this.selfPath),
				report: (report) => this.signalboxReport(report),
				background: (work) => this.ctx.waitUntil(work),
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
			this.#door = new PlainDoor(this, this.plainHost());
			this.#door.install();
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
			this.#monitor.intend({ ref, params: toJson(params), metadata, parent, startedBy });
			try {
				await super.runWorkflow(workflow, params, { ...sdkOptions, id });
			} catch (error) {
				await this.#monitor.abandoned(ref, error);
			}
			this.#monitor.started(ref);
			return id;
		}

		override async onWorkflowCallback(callback: SdkCallback): Promise<void> {
			this.#monitor.onCallback(callback);
			await super.onWorkflowCallback(callback);
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
			await this.#monitor.controls.decideOnly(this.#refOf(id), decision, this.#self);
		}

		override async rejectWorkflow(id: string, data?: { reason?: string }): Promise<void> {
			const decision = { approved: false, reason: data?.reason ?? 'Rejected by the Agent' };
			await this.#monitor.controls.decideOnly(this.#refOf(id), decision, this.#self);
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
			if (at !== '') return this.#forward(at, call);
			const verbs: Verbs = {
				start: (start) => this.#start(start),
				pauseWorkflow: (id) => this.pauseWorkflow(id),
				resumeWorkflow: (id) => this.resumeWorkflow(id),
				terminateWorkflow: (id) => this.terminateWorkflow(id),
				restartWorkflow: (id) => this.restartWorkflow(id)
			};
			const answered = await answer(() => perform(call, this.#monitor, verbs));
			if (CHANGES[call.type]) await this.#monitor.reported();
			return answered as Answer<AgentAnswers[T]>; // `perform` answers each call with its own type
		}

		/** Who is at the other end of a connection, as the Worker said; null for nobody known. */
		protected identityOf(connection: { id: string }): Identity | null {
			return this.#door.identityOf(connection);
		}

		/** What clients of the plain protocol do here. Called from the constructor. */
		protected plainHost(): PlainHost {
			return {
				sql: this.ctx.storage.sql,
				start: ({ agent: _agent, ...call }, by) =>
					this.#start({ type: 'start', ...call, startedBy: by.name }),
				run: async (ref) => this.#monitor.runs.run(ref),
				control: (action, ref) => this.#monitor.controls.control(action, ref),
				workflowOf: (id) => this.#refOf(id).workflow,
				checksCallables: false
			};
		}

		/** Sends a report to the Operations agent of the workspace; that one overrides it. */
		protected async signalboxReport(report: Report): Promise<Acknowledgement> {
			const workspace: unknown = Reflect.get(this.env, 'WORKSPACE');
			const name = typeof workspace === 'string' && workspace ? workspace : 'main';
			const operations = await getAgentByName<Env, OperationsStub>(
				Reflect.get(this.env, 'OperationsAgent') as never, // the binding every Signalbox has
				name
			);
			return operations.intake(report);
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

		async #forward<T extends AgentCall['type']>(
			at: string,
			call: Extract<AgentCall, { type: T }>
		): Promise<Answer<AgentAnswers[T]>> {
			const [hop] = hopsOf(at);
			const exported = Object.keys(Reflect.get(this.ctx, 'exports') ?? {});
			const className = hop && classNamed(hop.kebab, exported);
			if (!hop || !className) {
				return answer(() => {
					throw new ProblemError(
						'unknown-agent',
						`No exported Agent class is called ${hop?.kebab}.`
					);
				});
			}
			const rest = at.split('/sub/').slice(1).join('/sub/');
			// The SDK asks the class for nothing but its name.
			const named = { name: className } as unknown as Parameters<typeof this.dynamicAgents.get>[0];
			const child: unknown = await this.dynamicAgents.get(named, hop.name);
			return (child as MonitoredAgent).operate<T>(rest, call); // exported and monitored, or it throws
		}
	}
	// What a mixin's class is to the outside: TypeScript cannot see that the two declare the same.
	return Monitored as unknown as T & MonitoredClass;
}

/** The part of the Operations agent that Agents call. */
type OperationsStub = Agent & { intake(report: Report): Promise<Acknowledgement> };
