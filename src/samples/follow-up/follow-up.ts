import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { StoreAgent } from '../store-agent';
import {
	AGENT_CALL,
	defineWorkflow,
	MAX_SLEEP_MS,
	readParams,
	required
} from '../../lib/workflows';
import { dueAt } from './follow-up-time';

const HINT = 'must be a duration such as "30 seconds" or a time such as 2027-01-31T09:00:00Z';

const fitsSleep = (after: string | number) => {
	const now = Date.now();
	const due = dueAt(after, now);
	return due === null || (due >= now && due - now <= MAX_SLEEP_MS);
};
const LIMITS = 'must be in the future, and within a year';

const messageSchema = z
	.string(required('must be text'))
	.trim()
	.min(1, 'must not be empty')
	.max(1000, 'must be at most 1,000 characters')
	.meta({ title: 'Message', description: 'What to remember then.' });

const paramsSchema = z.strictObject({
	message: messageSchema,
	after: z
		.union(
			[
				z
					.string()
					.refine((text) => dueAt(text, 0) !== null, HINT)
					.refine(fitsSleep, LIMITS),
				z.number().refine(fitsSleep, LIMITS)
			],
			{ error: `${HINT}, or milliseconds` }
		)
		.meta({
			title: 'After',
			description: 'How long to sleep ("30 seconds", "2 hours"), or until when (ISO 8601).'
		})
});
export type FollowUpParams = z.infer<typeof paramsSchema>;

/** The params inside a run: started again later, its time may be past, and that is no error. */
const startedSchema = z.strictObject({
	message: messageSchema,
	after: z.union([z.string(), z.number()])
});

export const followUp = defineWorkflow({
	workflow: 'FOLLOW_UP',
	title: 'Follow up',
	description: 'Sleeps until a given time, then records a message for the store.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: paramsSchema,
	example: { message: 'Ask the customer whether the new pot arrived', after: '30 seconds' },
	subject: ({ message }) => message
});

export type FollowUpProgress = { stage: 'asleep' | 'done'; dueAt: number };

type FollowUpResult = { message: string; dueAt: number; takenAt: number };

/** Sleeps durably, then records the message. */
export class FollowUpWorkflow extends AgentWorkflow<StoreAgent, FollowUpParams, FollowUpProgress> {
	override async run(event: AgentWorkflowEvent<FollowUpParams>, step: AgentWorkflowStep) {
		const { message, after } = readParams(startedSchema, event.payload);
		const plan = await step.do('plan-follow-up', AGENT_CALL, async () => {
			const now = Date.now();
			const due = dueAt(after, now) ?? now;
			await this.reportProgress({ stage: 'asleep', dueAt: due });
			return { dueAt: due, sleepMs: Math.max(0, due - now) };
		});
		if (plan.sleepMs > 0) await step.sleep('sleep-until-due', plan.sleepMs);

		const takenAt = await step.do('record-follow-up', AGENT_CALL, async () => {
			const at = await this.agent.recordFollowUp(this.workflowId, message);
			await this.reportProgress({ stage: 'done', dueAt: plan.dueAt });
			return at;
		});
		const result: FollowUpResult = { message, dueAt: plan.dueAt, takenAt };
		await step.reportComplete(result);
		return result;
	}
}
