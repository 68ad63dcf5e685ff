import { AgentWorkflow } from 'agents/workflows';
import type { OperationsAgent } from '../../agent';

/**
 * A workflow of the Operations agent. A stub stays broken once its Agent has crashed, and the SDK
 * keeps one for the whole run: here every call gets a new one, so that a step that is tried again
 * reaches the Agent that came back.
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
