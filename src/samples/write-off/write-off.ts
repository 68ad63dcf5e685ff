import { type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { StoreAgent } from '../store-agent';
import {
	AGENT_CALL,
	ApprovalWorkflow,
	defineWorkflow,
	durationBetween,
	plain,
	readParams,
	requestApproval,
	required,
	toMs
} from '../../lib/workflows';

/** Write-offs of this value and more require two approvals, in the currency of the store. */
const TWO_APPROVALS_FROM = 1_000;
/** Write-offs of this value and more are critical. */
const CRITICAL_FROM = 10_000;

const line = (max: number) =>
	z.string(required('must be text')).trim().min(1, 'must not be empty').max(max);

const deadline = durationBetween(1_000, 30 * 86_400_000, 'must be from 1 second to 30 days');

const paramsSchema = z.strictObject({
	product: line(100).meta({ title: 'Product', description: 'What is written off.' }),
	units: z
		.number(required('must be a number'))
		.int('must be a whole number')
		.positive('must be more than 0')
		.max(100_000)
		.meta({ title: 'Units', description: 'How many of it.' }),
	unitCost: z
		.number(required('must be a number'))
		.positive('must be more than 0')
		.max(100_000)
		.meta({ title: 'Cost of one', description: 'What one of them cost, in EUR.' }),
	reason: line(500).meta({ title: 'Reason', description: 'What happened to it.' }),
	decideWithin: deadline.default('2 days').meta({
		title: 'Decide within',
		description: 'The time to decide; after it the request is rejected.'
	})
});
type WriteOffParams = z.infer<typeof paramsSchema>;

/** The form of the approval. */
const formSchema = z.strictObject({
	account: z
		.enum(['damage', 'theft', 'expiry'])
		.meta({ title: 'Account', description: 'Where the loss is booked.' }),
	units: z.number().int('must be a whole number').min(1, 'must be at least 1').max(100_000).meta({
		title: 'Units',
		description: 'How many are written off; fewer than requested is possible.'
	}),
	note: z.string().max(500).optional().meta({ title: 'Note for the books' })
});

export const writeOff = defineWorkflow({
	workflow: 'WRITE_OFF',
	title: 'Write off stock',
	description:
		'Takes lost stock off the books after approval. From 1,000 EUR, two people have to approve.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: paramsSchema,
	example: {
		product: 'Teapot, blue',
		units: 24,
		unitCost: 18.5,
		reason: 'Water damage in aisle 4',
		decideWithin: '2 days'
	},
	subject: ({ product, units }) => `Write off ${units} × ${product}`,
	metadata: ({ product, units, unitCost }) => ({ product, value: valueOf(units, unitCost) })
});

export type WriteOffProgress = { stage: 'ask' | 'book'; message: string; value: number };

/** Takes lost stock off the books after approval. */
export class WriteOffWorkflow extends ApprovalWorkflow<
	StoreAgent,
	WriteOffParams,
	WriteOffProgress
> {
	override async run(event: AgentWorkflowEvent<WriteOffParams>, step: AgentWorkflowStep) {
		const { product, units, unitCost, reason, decideWithin } = readParams(
			paramsSchema,
			event.payload
		);
		const value = valueOf(units, unitCost);
		await step.do('tell-what-is-asked', AGENT_CALL, () =>
			this.reportProgress({ stage: 'ask', message: `Write off ${units} × ${product}`, value })
		);
		const granted = await requestApproval(step, {
			name: 'approve-write-off',
			title: `Write off ${units} × ${product}`,
			description: `${reason}\n\n**${units}** units at ${unitCost.toFixed(2)} EUR each are **${value.toFixed(2)} EUR**.`,
			facts: { product, units, unitCost, amount: value, currency: 'EUR', reason },
			form: formSchema,
			initial: { account: 'damage', units },
			quorum: value >= TWO_APPROVALS_FROM ? 2 : 1,
			timeout: decideWithin,
			onTimeout: 'reject',
			escalateAfter: (toMs(decideWithin) ?? 0) / 2,
			escalateTo: { groups: ['finance'] },
			severity:
				value >= CRITICAL_FROM ? 'critical' : value >= TWO_APPROVALS_FROM ? 'high' : 'normal'
		});
		// Of several approvals the smallest number counts.
		const agreed = granted.reduce((least, next) =>
			next.data.units < least.data.units ? next : least
		);
		const booked = await step.do('book-write-off', AGENT_CALL, async () => {
			const { account, units: lost, note = null } = agreed.data;
			const entry = { product, units: lost, value: valueOf(lost, unitCost), account, note };
			await this.reportProgress({ stage: 'book', message: `Booked ${lost} × ${product}`, value });
			return plain(await this.agent.recordWriteOff(this.workflowId, entry));
		});
		const result = { ...booked, approvedBy: granted.map(({ by }) => by) };
		await step.reportComplete(result);
		return result;
	}
}

/** What lost units are worth, to the cent. */
function valueOf(units: number, unitCost: number): number {
	return Math.round(units * unitCost * 100) / 100;
}
