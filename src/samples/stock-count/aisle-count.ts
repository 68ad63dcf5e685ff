import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { AisleAgent } from './aisle-agent';
import type { AisleCountParams, AisleCountResult } from './count-request';
import { AISLE, baysOf, unitsInBay } from './aisle-bays';
import { AGENT_CALL, defineWorkflow, readParams, required } from '../../lib/workflows';

/** An aisle's name. */
export const aisleSchema = z
	.string(required('must be text'))
	.regex(AISLE, 'must be 1 to 40 letters, digits or dashes, and not begin with a dash');

const paramsSchema = z.strictObject({
	aisle: aisleSchema.meta({ title: 'Aisle', description: 'The aisle to count, such as dairy.' })
});

export const aisleCount = defineWorkflow({
	workflow: 'AISLE_COUNT',
	title: 'Count one aisle',
	description: 'Counts one aisle bay by bay. A stock count starts one run for each aisle.',
	agentClass: 'AisleAgent',
	agent: 'store-agent/berlin/sub/aisle-agent/dairy',
	params: paramsSchema,
	example: { aisle: 'dairy' },
	subject: ({ aisle }) => `Count aisle ${aisle}`,
	metadata: ({ aisle }) => ({ aisle })
});

export type AisleCountProgress = { bay: number; bays: number; units: number };

/** Counts one aisle, slowly enough to be watched. */
export class AisleCountWorkflow extends AgentWorkflow<
	AisleAgent,
	AisleCountParams,
	AisleCountProgress
> {
	override async run(event: AgentWorkflowEvent<AisleCountParams>, step: AgentWorkflowStep) {
		const { aisle } = readParams(paramsSchema, event.payload);
		const bays = await step.do('list-bays', async () => baysOf(aisle));

		let units = 0;
		for (let bay = 1; bay <= bays; bay++) {
			if (bay > 1) await step.sleep(`walk-to-bay-${bay}`, '1 second');
			const before = units;
			units = await step.do(`count-bay-${bay}`, AGENT_CALL, async () => {
				const soFar = before + unitsInBay(aisle, bay);
				await this.reportProgress({ bay, bays, units: soFar });
				return soFar;
			});
		}

		const countedAt = await step.do('close-count', async () => Date.now());
		const result: AisleCountResult = { aisle, bays, units, countedAt };
		await step.mergeAgentState({ lastCount: result });
		await step.reportComplete(result);
		return result;
	}
}
