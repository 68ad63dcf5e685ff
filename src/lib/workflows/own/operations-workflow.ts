import type { OperationsAgent } from '../../agent';
import { ApprovalWorkflow } from '../request-approval';

/**
 * A workflow of the Operations agent. A stub stays broken after its Agent has crashed, and the SDK keeps
 * one for the whole run. Here every call gets a new one, so that a retried step reaches the Agent again.
 */
export abstract class OperationsWorkflow<Params, Progress> extends ApprovalWorkflow<
	OperationsAgent,
	Params,
	Progress
> {
	override get agent() {
		return this.env.OperationsAgent.getByName(this.env.WORKSPACE);
	}
}
