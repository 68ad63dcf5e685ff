import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { StoreAgent } from '../store-agent';
import { aisleSchema } from './aisle-count';
import { aisleRunId, type CountRequest, type AisleReport } from './count-request';
import {
	AGENT_CALL,
	defineWorkflow,
	isWaitTimeout,
	plain,
	readParams,
	required
} from '../../lib/workflows';

const paramsSchema = z.strictObject({
	aisles: z
		.array(aisleSchema, required('must be a list of aisles'))
		.min(1, 'must name at least one aisle')
		.max(50, 'must name at most 50 aisles')
		.refine((aisles) => new Set(aisles).size === aisles.length, 'must name each aisle once')
		.meta({ title: 'Aisles', description: 'The aisles to count, one a line, up to 50.' })
});
export type StockCountParams = z.infer<typeof paramsSchema>;

export const stockCount = defineWorkflow({
	workflow: 'STOCK_COUNT',
	title: 'Count the stock',
	description: 'Counts every aisle in parallel, waits for all counts and adds them up.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: paramsSchema,
	example: { aisles: ['dairy', 'bakery', 'produce'] },
	subject: ({ aisles }) => `Count ${aisles.join(', ')}`,
	metadata: ({ aisles }) => ({ aisles: aisles.length })
});

export type StockCountProgress = { counted: number; total: number; units: number };

type StockCountResult = {
	units: number;
	counted: { aisle: string; run: string; bays: number; units: number }[];
	/** Aisles whose run failed, was terminated, or never reported. */
	missing: { aisle: string; run: string; why: string }[];
};

/** How long to wait for a report before asking the aisle; after the last time it counts as missing. */
const REPORT_TIMEOUTS = ['1 minute', '2 minutes', '10 minutes', '1 hour', '8 hours'] as const;

type AisleRequest = { aisle: string } & CountRequest;

/** Starts one run for each aisle, and gathers their reports. */
export class StockCountWorkflow extends AgentWorkflow<
	StoreAgent,
	StockCountParams,
	StockCountProgress
> {
	override async run(event: AgentWorkflowEvent<StockCountParams>, step: AgentWorkflowStep) {
		const { aisles } = readParams(paramsSchema, event.payload);
		// New when the run restarts, the same when a step is retried: distinguishes a recount.
		const round = await step.do('begin-round', async () => crypto.randomUUID());
		const parent = { workflow: this.workflowName, id: this.workflowId };
		const requests = aisles.map((aisle, index): AisleRequest => {
			const run = aisleRunId(parent.id, aisle);
			return { aisle, run, parent, eventType: `aisle-counted-${index + 1}`, round };
		});
		for (const { aisle, ...request } of requests) {
			await step.do(`start-aisle-${aisle}`, AGENT_CALL, async () =>
				this.agent.startAisleCount(aisle, request)
			);
		}

		const progress: StockCountProgress = { counted: 0, total: aisles.length, units: 0 };
		await this.reportProgress({ ...progress });
		const reports = await Promise.all(
			requests.map(async (request) => {
				const report = await this.#awaitReport(step, request);
				progress.counted++;
				progress.units += report.units;
				await this.reportProgress({ ...progress });
				return report;
			})
		);

		const result = sumUp(reports);
		await step.mergeAgentState({
			stock: { units: result.units, aisles: result.counted.length, run: this.workflowId }
		});
		await step.reportComplete(result);
		return result;
	}

	/**
	 * Waits for the event of an aisle. If it is lost (the child was terminated from outside, the run was
	 * restarted meanwhile), this asks the aisle's Agent.
	 */
	async #awaitReport(
		step: AgentWorkflowStep,
		{ aisle, run, eventType }: AisleRequest
	): Promise<AisleReport> {
		for (const timeout of REPORT_TIMEOUTS) {
			try {
				const heard = await step.waitForEvent<AisleReport>(`wait-for-aisle-${aisle}`, {
					type: eventType,
					timeout
				});
				return heard.payload;
			} catch (error) {
				if (!isWaitTimeout(error)) throw error;
			}
			const found = await step.do(`ask-aisle-${aisle}`, AGENT_CALL, async () => {
				const report = await this.agent.aisleReport(aisle, run);
				return report && plain(report);
			});
			if (found) return found;
		}
		return { aisle, run, bays: 0, units: 0, error: 'it never reported' };
	}
}

/** Adds up what the aisles reported. */
export function sumUp(reports: AisleReport[]): StockCountResult {
	const counted: StockCountResult['counted'] = [];
	const missing: StockCountResult['missing'] = [];
	for (const { aisle, run, bays, units, error } of reports) {
		if (error === null) counted.push({ aisle, run, bays, units });
		else missing.push({ aisle, run, why: error });
	}
	return { units: counted.reduce((sum, { units }) => sum + units, 0), counted, missing };
}
