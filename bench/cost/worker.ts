// The app's own Worker with the samples and two plain workflows beside them, whose databases, calls
// and work under way are counted. /bench/cost answers with what was counted since it was last asked.
import { Agent, getAgentByName } from 'agents';
import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { AgentCall, AgentCallOf } from '../../src/lib/agent/rpc/agent-rpc';
import { defineWorkflow } from '../../src/lib/workflows';
import { agentPolicies } from '../../src/worker/agents';
import { catalogue } from '../../src/worker/catalogue';
import app, {
	AisleAgent as AppAisleAgent,
	OperationsAgent as AppOperationsAgent,
	StoreAgent as AppStoreAgent
} from '../../src/worker/index';
import { meterRows, takeRows } from '../../tests/support/row-meter';
import { isActive, takeActivity, trackBackground, trackRequest } from './activity';

export * from '../../src/worker/index';

type Callback = Parameters<Agent['onWorkflowCallback']>[0];
type Report = Parameters<AppOperationsAgent['intake']>[0];

function measured(ctx: DurableObjectState, object: string): DurableObjectState {
	trackBackground(ctx, object);
	return meterRows(ctx, object);
}

export class OperationsAgent extends AppOperationsAgent {
	constructor(ctx: DurableObjectState, env: Env) {
		super(measured(ctx, 'Operations agent'), env);
	}

	override intake(report: Report) {
		return trackRequest(this.ctx, super.intake(report));
	}

	override alarm() {
		return trackRequest(this.ctx, super.alarm());
	}
}

export class StoreAgent extends AppStoreAgent {
	constructor(ctx: DurableObjectState, env: Env) {
		super(measured(ctx, 'Agent'), env);
	}

	override onWorkflowCallback(callback: Callback) {
		return trackRequest(this.ctx, super.onWorkflowCallback(callback));
	}

	override operate<C extends AgentCall['type']>(at: string, call: AgentCallOf<C>) {
		return trackRequest(this.ctx, super.operate<C>(at, call));
	}

	override alarm() {
		return trackRequest(this.ctx, super.alarm());
	}

	startPlain(workflow: string, params: object): Promise<string> {
		return trackRequest(this.ctx, this.runWorkflow(workflow, params));
	}
}

export class AisleAgent extends AppAisleAgent {
	constructor(ctx: DurableObjectState, env: Env) {
		super(measured(ctx, 'sub-agent'), env);
	}
}

/** An Agent without Signalbox: the same workflows run on it. */
export class BareAgent extends Agent<Env> {
	constructor(ctx: DurableObjectState, env: Env) {
		super(measured(ctx, 'bare Agent'), env);
	}

	override onWorkflowCallback(callback: Callback) {
		return trackRequest(this.ctx, super.onWorkflowCallback(callback));
	}

	override alarm() {
		return trackRequest(this.ctx, super.alarm());
	}

	startPlain(workflow: string, params: object): Promise<string> {
		return trackRequest(this.ctx, this.runWorkflow(workflow, params));
	}
}

const stepsSchema = z.strictObject({
	steps: z.number().int().min(0),
	/** How long each step takes, Ms. */
	stepMs: z.number().default(0),
	/** A progress report after each step. */
	progress: z.boolean().default(false),
	approval: z.boolean().default(false)
});
type StepsParams = z.input<typeof stepsSchema>;

catalogue.add(
	defineWorkflow({
		workflow: 'STEPS',
		title: 'Steps',
		description: 'So many steps, with or without progress and an approval.',
		agentClass: 'StoreAgent',
		agent: 'store-agent/bench',
		params: stepsSchema,
		example: { steps: 3 }
	})
);
agentPolicies.add('BareAgent', { names: 'any', frames: 'unchecked' });

export class StepsWorkflow extends AgentWorkflow<Agent, StepsParams> {
	override async run(event: AgentWorkflowEvent<StepsParams>, step: AgentWorkflowStep) {
		const { steps, stepMs = 0, progress = false, approval = false } = event.payload;
		if (approval) await this.waitForApproval(step, { timeout: '1 day' });
		for (let done = 1; done <= steps; done += 1) {
			await step.do(`step ${done}`, async () => {
				await new Promise((resolve) => setTimeout(resolve, stepMs));
				return done;
			});
			if (progress) await this.reportProgress({ percent: done / steps });
		}
		await step.reportComplete();
	}
}

type CostEnv = {
	BareAgent: DurableObjectNamespace<StoreAgent | BareAgent>;
	StoreAgent: DurableObjectNamespace<StoreAgent | BareAgent>;
};

/** The bindings of this Worker: the app's types know only those of the app. */
function costEnv(env: object): CostEnv {
	return env as CostEnv;
}

const startSchema = z.object({
	agent: z.enum(['StoreAgent', 'BareAgent']),
	name: z.string(),
	workflow: z.string(),
	params: z.looseObject({})
});
const idSchema = z.object({ workflow: z.string(), id: z.string() });

export default {
	async fetch(request, env, ctx) {
		const { pathname } = new URL(request.url);
		switch (pathname) {
			case '/bench/cost':
				return Response.json({
					isActive: isActive(),
					rows: takeRows(),
					activity: takeActivity()
				});
			case '/bench/start': {
				const { agent, name, workflow, params } = startSchema.parse(await request.json());
				const { BareAgent: bare, StoreAgent: store } = costEnv(env);
				const stub = await getAgentByName<Env, StoreAgent | BareAgent>(
					agent === 'BareAgent' ? bare : store,
					name
				);
				return Response.json({ id: await stub.startPlain(workflow, params) });
			}
			case '/bench/status': {
				const { workflow, id } = idSchema.parse(await request.json());
				const binding = Reflect.get(env, workflow) as Workflow;
				return Response.json(await (await binding.get(id)).status());
			}
			default:
				return app.fetch(request, env, ctx);
		}
	}
} satisfies ExportedHandler<Env>;
