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

/** So many stretches, and one more for each pause; the engine's limit is 1,024 steps. */
const MAX_STRETCHES = 1_000;

export const bulk = defineWorkflow({
	workflow: BULK_WORKFLOW,
	title: 'Act on many runs',
	description: 'Pauses, resumes, terminates, restarts, deletes or sends an event to many runs.',
	agentClass: 'OperationsAgent',
	agent: 'operations-agent/main',
	params: bulkParamsSchema,
	example: { action: 'pause', q: 'is:active', runs: 3, eligible: 2, retryOf: null },
	startable: false
});

/** Carries a job out stretch by stretch; the Agent knows what is done, so each can be repeated. */
export class BulkWorkflow extends OperationsWorkflow<BulkParams, BulkProgress> {
	override async run(event: AgentWorkflowEvent<BulkParams>, step: AgentWorkflowStep) {
		let stand: BulkResult | null = null;
		for (let stretch = 0; stretch < MAX_STRETCHES; stretch += 1) {
			const { over, ...now } = await step.do('act-on-runs', AGENT_CALL, async () => {
				const reached = plain(await this.agent.bulkNext(this.workflowId));
				await this.reportProgress(progressOf(event.payload, reached));
				return reached;
			});
			stand = now;
			if (over) break;
		}
		await step.reportComplete(stand);
		return stand;
	}
}

/** How far it is, of the runs to which there was something to do when it began. */
function progressOf({ action, runs, eligible }: BulkParams, stand: BulkResult): BulkProgress {
	const { done, skipped, failed, left } = stand;
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
