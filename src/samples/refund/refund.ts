import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { refundParamsSchema, type RefundParams } from './refund-params';
import type { StoreAgent } from '../store-agent';
import { AGENT_CALL, defineWorkflow, plain, readParams } from '../../lib/workflows';

/** Larger amounts require approval, in units of the currency. */
const MAX_UNAPPROVED = 100;

export const refund = defineWorkflow({
	workflow: 'REFUND',
	title: 'Refund an order',
	description: 'Refunds an order exactly once. Amounts above 100 require approval.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: refundParamsSchema,
	example: {
		order: 'ORD-1042',
		amount: 149.9,
		currency: 'EUR',
		reason: 'Arrived broken',
		requestedBy: 'ana@example.com'
	},
	subject: ({ order, amount, currency }) => `Refund ${amount.toFixed(2)} ${currency} · ${order}`,
	metadata: ({ order, amount, currency }) => ({ order, amount, currency })
});

/** The stage; while it waits for approval also what is to be approved. */
export type RefundProgress =
	| { stage: 'validate' | 'ledger'; message: string }
	| ({ stage: 'approval'; message: string; earlierRefunds: number } & RefundParams);

type RefundResult = {
	order: string;
	amount: number;
	currency: string;
	approval: 'not needed' | 'approved';
	/** The ledger entry, which bears the run's id. */
	entry: string;
	bookedAt: number;
};

/** Refunds an order. */
export class RefundWorkflow extends AgentWorkflow<StoreAgent, RefundParams, RefundProgress> {
	override async run(event: AgentWorkflowEvent<RefundParams>, step: AgentWorkflowStep) {
		const wanted = readParams(refundParamsSchema, event.payload);
		const earlierRefunds = await step.do('validate-refund', AGENT_CALL, async () => {
			await this.reportProgress({ stage: 'validate', message: `Looking up ${wanted.order}` });
			return this.agent.refundsOf(wanted.order);
		});

		const approval = refundNeedsApproval(wanted.amount) ? 'approved' : 'not needed';
		if (approval === 'approved') {
			await step.do('request-approval', AGENT_CALL, () =>
				this.#askFor({ ...wanted, earlierRefunds })
			);
			await this.waitForApproval(step, { timeout: '7 days' });
		}

		const booked = await step.do('write-ledger', AGENT_CALL, async () => {
			const entry = await this.agent.recordRefund(this.workflowId, wanted);
			await this.reportProgress({ stage: 'ledger', message: `Booked ${priceOf(wanted)}` });
			return plain(entry);
		});
		const { order, amount, currency } = wanted;
		const result: RefundResult = {
			order,
			amount,
			currency,
			approval,
			entry: booked.id,
			bookedAt: booked.at
		};
		await step.reportComplete(result);
		return result;
	}

	async #askFor(wanted: RefundParams & { earlierRefunds: number }): Promise<void> {
		const message = `Refund ${priceOf(wanted)} for ${wanted.order}: ${wanted.reason}`;
		await this.reportProgress({ stage: 'approval', message, ...wanted });
	}
}

/** Does a refund of this amount require approval? */
export function refundNeedsApproval(amount: number): boolean {
	return amount > MAX_UNAPPROVED;
}

function priceOf({ amount, currency }: { amount: number; currency: string }): string {
	return `${amount.toFixed(2)} ${currency}`;
}
