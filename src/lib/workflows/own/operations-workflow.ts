import { AgentWorkflow } from 'agents/workflows';
import type { OperationsAgent } from '../../agent';

/**
 * A workflow of the Operations agent. A stub stays broken after its Agent has crashed, and the SDK keeps
 * one for the whole run. Here every call gets a new one, so that a retried step reaches the Agent again.
 */
export abstract class OperationsWorkflow<Params, Progress> extends AgentWorkflow<
	OperationsAgent,
	Params,
	Progress,
	Env
> {
	override get agent() {
		return this.env.OperationsAgent.getByName(this.env.WORKSPACE);
	}
}
