import { ownWorkflowsText } from '../../messages/server/own-workflows';
import type { AgentWorkflowEvent, AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import { purgeCriteriaSchema } from '../../protocol';
import { defineWorkflow } from '../define';
import { OperationsWorkflow } from './operations-workflow';

const params = z.strictObject({ criteria: purgeCriteriaSchema });
type PurgeParams = z.infer<typeof params>;
type PurgeProgress = { stage: 'delete'; deleted: number; total: number; percent: number };

/** Most batches of a purge; the engine's limit is 1,024 steps. */
const MAX_BATCHES = 1_000;

export const purge = defineWorkflow({
	workflow: 'PURGE',
	...ownWorkflowsText.purge,
	agentClass: 'OperationsAgent',
	agent: 'operations-agent/main',
	params,
	example: { criteria: { status: 'complete' } },
	startable: false
});

/** Deletes ended runs batch by batch. Each batch is safe to repeat. */
export class PurgeWorkflow extends OperationsWorkflow<PurgeParams, PurgeProgress> {
	override async run(event: AgentWorkflowEvent<PurgeParams>, step: AgentWorkflowStep) {
		const { criteria } = event.payload;
		const total = await step.do('count-runs', async () => await this.agent.purgeTotal(criteria));
		let deleted = 0;
		for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
			const done = await step.do('delete-runs', async () => {
				const { deleted: sofar, left } = await this.agent.purgeNext(this.workflowId, criteria);
				return { deleted: sofar, left };
			});
			deleted = done.deleted;
			const percent = total > 0 ? Math.min(1, deleted / total) : 1;
			await this.reportProgress({ stage: 'delete', deleted, total, percent });
			if (!done.left) break;
		}
		const result = { deleted };
		await step.reportComplete(result);
		return result;
	}
}
