// The Agents that have reported a run, and how many of their runs stand where.
import { z } from 'zod';
import { limitSchema } from '../run/query';
import { agentRefSchema } from '../run/run';
import { runStatusSchema } from '../run/status';

/** What `GET /agents` takes. */
export const agentsQuerySchema = z.strictObject({
	/** A part of the path: `store-agent/ber`. */
	q: z.string().max(200).default(''),
	limit: limitSchema.default(100)
});
export type AgentsQuery = z.output<typeof agentsQuerySchema>;

/** An Agent with its runs by status. Like a query, the counts take no notice of case in its path. */
export const agentCountsSchema = agentRefSchema.extend({
	runs: z.partialRecord(runStatusSchema, z.number().int())
});
export type AgentCounts = z.infer<typeof agentCountsSchema>;

/** The answer to `GET /agents`: by path; `total` counts all that match. */
export const agentPageSchema = z.object({
	agents: z.array(agentCountsSchema),
	total: z.number().int()
});
export type AgentPage = z.infer<typeof agentPageSchema>;
