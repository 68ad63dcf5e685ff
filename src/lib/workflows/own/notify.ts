import { ownWorkflowsText } from '../../messages/server/own-workflows';
import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { OperationsAgent } from '../../agent';
import { defineWorkflow } from '../define';
import { postMessage, type Posted } from './post-webhook';
import { allowedHosts } from '../../protocol';
import { publicFetch } from '../public-fetch';
import { AGENT_CALL, isEngineStop, messageOf } from '../steps';

/** Retries for about half an hour. */
const SEND = {
	retries: { limit: 10, delay: '2 seconds', backoff: 'exponential' },
	timeout: '1 minute'
} as const;

const params = z.strictObject({ notification: z.number().int() });
type NotifyParams = z.infer<typeof params>;

export const notify = defineWorkflow({
	workflow: 'NOTIFY',
	...ownWorkflowsText.notify,
	agentClass: 'OperationsAgent',
	agent: 'operations-agent/main',
	params,
	example: { notification: 1 },
	startable: false
});

/** The webhook refused the notification; retries cannot help. */
class RefusedMessageError extends Error {
	override readonly name = 'RefusedMessageError';
}

/** Sends one notification to one webhook. */
export class NotifyWorkflow extends AgentWorkflow<OperationsAgent, NotifyParams> {
	override async run(event: AgentWorkflowEvent<NotifyParams>, step: AgentWorkflowStep) {
		const { notification } = event.payload;
		try {
			const posted = await step.do('send-notification', SEND, () => this.#send(notification));
			if (posted?.refused) throw new RefusedMessageError(posted.refused);
			await step.do('note-delivered', AGENT_CALL, () =>
				this.agent.notificationEnded(notification, null)
			);
			const result = { status: posted?.status ?? null };
			await step.reportComplete(result);
			return result;
		} catch (error) {
			if (isEngineStop(error)) throw error;
			await step.do('note-failed', AGENT_CALL, () =>
				this.agent.notificationEnded(notification, messageOf(error))
			);
			throw error;
		}
	}

	/** The answer; null when the webhook or the approval no longer exists. */
	async #send(notification: number): Promise<Posted | null> {
		const message = await this.agent.notificationMessage(notification);
		if (!message) return null;
		return postMessage(message, (url, init) => publicFetch(url, init, allowedHosts(this.env)));
	}
}
