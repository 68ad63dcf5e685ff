import { ownWorkflowsText } from '../../messages/server/own-workflows';
import { purgeText } from '../../messages/server/purge';
import type { AgentWorkflowEvent, AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { OperationsAgent } from '../../agent';
import { purgeCriteriaSchema } from '../../protocol';
import { defineWorkflow } from '../define';
import { requestApproval } from '../request-approval';
import { AGENT_CALL, plain } from '../steps';
import { OperationsWorkflow } from './operations-workflow';

const params = z.strictObject({
	criteria: purgeCriteriaSchema,
	/** What was confirmed; earlier versions leave these out. */
	total: z.number().int().optional(),
	policy: z.string().nullable().optional(),
	instances: z.boolean().optional()
});
type PurgeParams = z.infer<typeof params>;
type Batch = Awaited<ReturnType<OperationsAgent['purgeNext']>>;
type Beginning = Awaited<ReturnType<OperationsAgent['purgeBeginning']>>;

/** Most batches of a purge; the engine's limit is 1,024 steps, and each pause takes one. */
const MAX_BATCHES = 1_000;
/** How long a second admin has to approve. */
const TO_APPROVE = '7 days';

export const purge = defineWorkflow({
	workflow: 'PURGE',
	...ownWorkflowsText.purge,
	agentClass: 'OperationsAgent',
	agent: 'operations-agent/main',
	params,
	example: { criteria: { status: 'complete' }, total: 3, policy: null, instances: false },
	startable: false
});

/** Deletes the runs of a confirmed set batch by batch. Each batch is safe to repeat. */
export class PurgeWorkflow extends OperationsWorkflow<PurgeParams, object> {
	override async run(event: AgentWorkflowEvent<PurgeParams>, step: AgentWorkflowStep) {
		const { criteria } = event.payload;
		const begun = await step.do('prepare-purge', AGENT_CALL, async () => {
			const { counts, needsApproval, by, policy } = await this.agent.purgeBeginning(
				this.workflowId,
				criteria
			);
			return { counts, needsApproval, by, policy };
		});
		if (begun.needsApproval) await requestApproval(step, requestOf(begun, criteria));
		let reached: Batch | null = null;
		for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
			reached = await step.do('delete-runs', AGENT_CALL, async () => {
				const next = plain(await this.agent.purgeNext(this.workflowId, criteria));
				await this.reportProgress(progressOf(begun.counts.total, next));
				return next;
			});
			if (!reached?.left) break;
		}
		const result = resultOf(reached);
		await step.reportComplete(result);
		return result;
	}
}

function requestOf({ counts, by, policy }: Beginning, criteria: PurgeParams['criteria']) {
	const { total, byStatus, byWorkflow, agents, oldest, newest } = counts;
	const date = (at: number | null) => (at === null ? null : new Date(at).toISOString());
	return {
		title: purgeText.approvalTitle(total),
		description:
			policy === null ? purgeText.approvalDescription(by) : purgeText.policyDescription(policy),
		facts: {
			...{ runs: total, agents, byStatus, byWorkflow },
			...{ oldest: date(oldest), newest: date(newest), criteria }
		},
		approvers: { roles: ['admin' as const] },
		timeout: TO_APPROVE,
		severity: 'high' as const
	};
}

function progressOf(total: number, { deleted, kept, failed, perSecond, leftMs }: Batch) {
	const percent = total > 0 ? Math.min(1, (deleted + kept + failed) / total) : 1;
	return { stage: 'delete', deleted, total, kept, failed, percent, perSecond, leftMs };
}

/** What was left out is said only where something was. */
function resultOf(reached: Batch | null) {
	const { deleted = 0, kept = 0, failed = 0, abortedBy = null } = reached ?? {};
	return {
		deleted,
		...(kept > 0 && { kept }),
		...(failed > 0 && { failed }),
		...(abortedBy !== null && { abortedBy })
	};
}
