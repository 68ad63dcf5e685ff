// One changed line makes an Agent observable: `class OrderAgent extends monitored(Agent)<Env>`.
// The mixin only forwards: to `Monitor` what happens to runs, to `PlainDoor` what clients of the
// plain message protocol ask.
import { Agent, getAgentByName } from 'agents';
import {
	answer,
	ProblemError,
	toJson,
	type Answer,
	type Identity,
	type JsonObject,
	type RunRef
} from '../protocol';
import { agentRefOf, classNamed, hopsOf } from './monitor/address';
import type { AgentAnswers, AgentCall, Report } from './monitor/calls';
import { Monitor } from './monitor/monitor';
import { PlainDoor, type PlainHost } from './monitor/plain-door';

/** What the mixin adds to the SDK's options of `runWorkflow`. */
export type MonitoredRunOptions = {
	/** The run that started this one. */
	parent?: RunRef;
	/** Who started it; the Agent itself when left out. */
	startedBy?: string;
};

type SdkRunOptions = NonNullable<Parameters<Agent['runWorkflow']>[2]>;
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
export declare class MonitoredBase implements MonitoredAgent {
	runWorkflow: MonitoredAgent['runWorkflow'];
	operate: MonitoredAgent['operate'];
	protected identityOf(connection: { id: string }): Identity | null;
	protected plainHost(): PlainHost;
	protected signalboxReport(report: Report): Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- as above
type MonitoredClass = abstract new (...args: any[]) => MonitoredBase;

/** Calls after which there is something to report. */
const CHANGES: Record<AgentCall['type'], boolean> = {
	start: true,
	pause: true,
	resume: true,
	terminate: true,
	restart: true,
	'send-event': true,
	decide: true,
	forget: false,
	run: false,
	events: false,
	look: false
};

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
					refresh: (ref) => super.getWorkflowStatus(ref.workflow as never, ref.id),
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
			const { parent = null, startedBy = null, ...sdkOptions } = options;
			const id = options.id ?? `wf_${crypto.randomUUID().replaceAll('-', '').slice(0, 20)}`;
			const ref = { workflow, id };
			if (!this.#monitor.engine.has(workflow)) {
				throw new ProblemError('unknown-workflow', `There is no workflow binding ${workflow}.`);
			}
			this.#monitor.intend({
				ref,
				params: toJson(params),
				metadata: (options.metadata ? toJson(options.metadata) : {}) as JsonObject, // an object stays one
				parent,
				startedBy: startedBy ?? `agent:${agentRefOf(this.selfPath).path}`
			});
			try {
				await super.runWorkflow(workflow as never, params, { ...sdkOptions, id });
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
			await this.#monitor.control('pause', this.#refOf(id));
		}

		override async resumeWorkflow(id: string): Promise<void> {
			await this.#monitor.control('resume', this.#refOf(id));
		}

		override async terminateWorkflow(id: string): Promise<void> {
			await this.#monitor.control('terminate', this.#refOf(id));
		}

		override async restartWorkflow(id: string): Promise<void> {
			await this.#monitor.restart(this.#refOf(id), undefined);
		}

		override async approveWorkflow(id: string, data?: { reason?: string }): Promise<void> {
			await this.#decideOnly(id, true, data?.reason);
		}

		override async rejectWorkflow(id: string, data?: { reason?: string }): Promise<void> {
			await this.#decideOnly(id, false, data?.reason ?? 'Rejected by the Agent');
		}

		async operate<T extends AgentCall['type']>(
			at: string,
			call: Extract<AgentCall, { type: T }>
		): Promise<Answer<AgentAnswers[T]>> {
			if (at !== '') return this.#forward(at, call);
			const answered = await answer(() => this.#perform(call));
			// Whoever asked finds in the index what was just done.
			if (CHANGES[call.type]) await this.#monitor.reported();
			return answered as Answer<AgentAnswers[T]>; // #perform answers each call with its own type
		}

		/** Who is at the other end of a connection, as the Worker said; null for nobody known. */
		protected identityOf(connection: { id: string }): Identity | null {
			return this.#door.identityOf(connection);
		}

		/** What clients of the plain protocol do here. Called from the constructor. */
		protected plainHost(): PlainHost {
			return {
				sql: this.ctx.storage.sql,
				start: ({ agent: _agent, ...call }, by) => this.#start({ ...call, startedBy: by.name }),
				run: async (ref) => this.#monitor.run(ref),
				control: (action, ref) => this.#monitor.control(action, ref),
				workflowOf: (id) => this.#refOf(id).workflow,
				checksCallables: false
			};
		}

		/** Sends a report to the Operations agent of the workspace; that one overrides it. */
		protected async signalboxReport(report: Report): Promise<void> {
			const workspace: unknown = Reflect.get(this.env, 'WORKSPACE');
			const name = typeof workspace === 'string' && workspace ? workspace : 'main';
			const operations = await getAgentByName<Env, OperationsStub>(
				Reflect.get(this.env, 'OperationsAgent') as never, // the binding every Signalbox has
				name
			);
			await operations.intake(report);
		}

		#refOf(id: string): RunRef {
			const tracked = this.getWorkflow(id);
			if (!tracked) throw new ProblemError('unknown-run', `There is no run ${id} in this Agent.`);
			return { workflow: tracked.workflowName, id };
		}

		async #decideOnly(id: string, approved: boolean, reason?: string): Promise<void> {
			const ref = this.#refOf(id);
			await this.#monitor.tails.catchUp(ref);
			const open = this.#monitor.approvals
				.of(ref)
				.find(({ approval }) => approval.status === 'pending');
			if (!open) {
				throw new ProblemError('not-waiting', `${ref.workflow}/${id} waits for no approval now.`);
			}
			const by = `agent:${agentRefOf(this.selfPath).path}`;
			const decision = { approved, ...(reason === undefined ? {} : { reason }) };
			await this.#monitor.decide(open.approval.id, decision, by);
		}

		async #start(call: Omit<Extract<AgentCall, { type: 'start' }>, 'type'>) {
			const { workflow, params, id, metadata, startedBy } = call;
			const started = await this.runWorkflow(workflow, params, {
				startedBy,
				...(id === undefined ? {} : { id }),
				...(metadata === undefined ? {} : { metadata })
			});
			return this.#monitor.run({ workflow, id: started });
		}

		async #perform(call: AgentCall): Promise<AgentAnswers[AgentCall['type']]> {
			const monitor = this.#monitor;
			switch (call.type) {
				case 'start':
					return this.#start(call);
				// Through the Agent's own verbs: a subclass may have something to say.
				case 'pause':
					await this.pauseWorkflow(call.ref.id);
					return monitor.run(call.ref);
				case 'resume':
					await this.resumeWorkflow(call.ref.id);
					return monitor.run(call.ref);
				case 'terminate':
					await this.terminateWorkflow(call.ref.id);
					return monitor.run(call.ref);
				case 'restart':
					if (call.from) return monitor.restart(call.ref, call.from);
					await this.restartWorkflow(call.ref.id);
					return monitor.run(call.ref);
				case 'send-event':
					return monitor.sendEvent(call.ref, call.event);
				case 'decide':
					return monitor.decide(call.approvalId, call.decision, call.by);
				case 'forget': {
					let forgotten = 0;
					for (const ref of call.refs) if (await monitor.forget(ref)) forgotten += 1;
					return { forgotten };
				}
				case 'run': {
					const record = monitor.runs.record(call.ref);
					if (record) return record;
					const { workflow, id } = call.ref;
					throw new ProblemError('unknown-run', `There is no run ${workflow}/${id}.`);
				}
				case 'events':
					return monitor.events(call.ref, call.after, call.limit, call.generation);
				case 'look':
					return { looked: monitor.look(call.refs, call.keepMs) };
			}
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
					throw new ProblemError('unknown-agent', `No exported Agent class is called ${hop?.kebab}.`);
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
type OperationsStub = Agent & { intake(report: Report): Promise<void> };
