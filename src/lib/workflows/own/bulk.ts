import { ownWorkflowsText } from '../../messages/server/own-workflows';
import type { AgentWorkflowEvent, AgentWorkflowStep } from 'agents/workflows';
import { BULK_WORKFLOW, bulkParamsSchema, type BulkParams } from '../../protocol';
import { defineWorkflow } from '../define';
import { OperationsWorkflow } from './operations-workflow';
import { AGENT_CALL, plain } from '../steps';

type BulkProgress = {
	stage: string;
	current: number;
	total: number;
	done: number;
	skipped: number;
	failed: number;
	percent: number;
};

type BulkResult = {
	done: number;
	skipped: number;
	failed: number;
	left: number;
	abortedBy: string | null;
};

/** Most batches of a job; the engine's limit is 1,024 steps, and each pause takes one. */
const MAX_BATCHES = 1_000;

export const bulk = defineWorkflow({
	workflow: BULK_WORKFLOW,
	...ownWorkflowsText.bulk,
	agentClass: 'OperationsAgent',
	agent: 'operations-agent/main',
	params: bulkParamsSchema,
	example: { action: 'pause', q: 'is:active', runs: 3, eligible: 2, retryOf: null },
	startable: false
});

/** Carries out a job batch by batch. The Agent knows what is done, so each batch can be repeated. */
export class BulkWorkflow extends OperationsWorkflow<BulkParams, BulkProgress> {
	override async run(event: AgentWorkflowEvent<BulkParams>, step: AgentWorkflowStep) {
		let result: BulkResult | null = null;
		for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
			const { over, ...reached } = await step.do('act-on-runs', AGENT_CALL, async () => {
				const reached = plain(await this.agent.bulkNext(this.workflowId));
				await this.reportProgress(progressOf(event.payload, reached));
				return reached;
			});
			result = reached;
			if (over) break;
		}
		await step.reportComplete(result);
		return result;
	}
}

/** The progress, of the runs that were eligible when the job began. */
function progressOf({ action, runs, eligible }: BulkParams, result: BulkResult): BulkProgress {
	const { done, skipped, failed, left } = result;
	const current = eligible - left;
	return {
		stage: action,
		current,
		total: eligible,
		done,
		skipped: skipped - (runs - eligible),
		failed,
		percent: eligible > 0 ? current / eligible : 1
	};
}
