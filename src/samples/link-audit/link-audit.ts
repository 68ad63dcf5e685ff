import { AgentWorkflow, type AgentWorkflowEvent, type AgentWorkflowStep } from 'agents/workflows';
import { z } from 'zod';
import type { StoreAgent } from '../store-agent';
import {
	allowedHosts,
	defineWorkflow,
	durationBetween,
	httpUrl,
	isEngineStop,
	messageOf,
	readParams,
	required,
	toMs
} from '../../lib/workflows';
import { inLanes } from './lanes';
import { checkLink, deadLink, type LinkFinding } from './link-check';

const DEFAULT_TIMEOUT_MS = 10_000;

/** As many connections as a Worker holds open at once. */
const LANES = 6;

const paramsSchema = z.strictObject({
	urls: z
		.array(httpUrl, required('must be a list of addresses'))
		.min(1, 'must hold at least one address')
		.max(200, 'must hold at most 200 addresses')
		.meta({ title: 'Links', description: 'The addresses to look at, one a line, up to 200.' }),
	timeout: durationBetween(100, 60_000, 'must be from 100 milliseconds to 1 minute')
		.optional()
		.meta({
			title: 'Timeout',
			description: 'How long one try may take, such as "10 seconds" (the default).'
		})
});
export type LinkAuditParams = z.infer<typeof paramsSchema>;

export const linkAudit = defineWorkflow({
	workflow: 'LINK_AUDIT',
	title: 'Audit links',
	description: 'Fetches each address and reports its response. A dead link is a finding.',
	agentClass: 'StoreAgent',
	agent: 'store-agent/berlin',
	params: paramsSchema,
	example: {
		urls: [
			'https://developers.cloudflare.com/workflows/',
			'https://example.com/',
			'https://example.com/gone'
		],
		timeout: '10 seconds'
	},
	subject: ({ urls }) => `${urls.length} links of ${new URL(urls[0] ?? '').host}`,
	metadata: ({ urls }) => ({ links: urls.length })
});

export type LinkAuditProgress = { checked: number; total: number; dead: number };

type LinkAuditResult = {
	checked: number;
	alive: number;
	dead: number;
	findings: LinkFinding[];
};

/** Fetches each link as a step of its own, a few at a time. */
export class LinkAuditWorkflow extends AgentWorkflow<
	StoreAgent,
	LinkAuditParams,
	LinkAuditProgress
> {
	override async run(event: AgentWorkflowEvent<LinkAuditParams>, step: AgentWorkflowStep) {
		const { urls, timeout = DEFAULT_TIMEOUT_MS } = readParams(paramsSchema, event.payload);
		const timeoutMs = toMs(timeout) ?? DEFAULT_TIMEOUT_MS;
		const progress: LinkAuditProgress = { checked: 0, total: urls.length, dead: 0 };
		await this.reportProgress({ ...progress });

		const findings = await inLanes(urls, LANES, async (url, index) => {
			const finding = await this.#audit(step, `check-link-${index + 1}`, url, timeoutMs);
			progress.checked++;
			if (!finding.ok) progress.dead++;
			await this.reportProgress({ ...progress });
			return finding;
		});

		const dead = findings.filter((finding) => !finding.ok).length;
		const result: LinkAuditResult = {
			checked: findings.length,
			alive: findings.length - dead,
			dead,
			findings
		};
		await step.reportComplete(result);
		return result;
	}

	async #audit(
		step: AgentWorkflowStep,
		name: string,
		url: string,
		timeoutMs: number
	): Promise<LinkFinding> {
		const config = {
			retries: { limit: 3, delay: '1 second', backoff: 'exponential' },
			// The fetch gives up by itself and says so; the engine's limit is for what it cannot end.
			timeout: timeoutMs + 2000
		} as const;
		try {
			return await step.do(name, config, () => checkLink(url, timeoutMs, allowedHosts(this.env)));
		} catch (error) {
			if (isEngineStop(error)) throw error;
			return deadLink(url, messageOf(error));
		}
	}
}
