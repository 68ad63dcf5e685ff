import type { z } from 'zod';
import type { JsonObject } from '../protocol';

/** All that is known of a workflow before it runs; its form, API and checks come from here. */
export type WorkflowEntry<Schema extends z.ZodType = z.ZodType> = {
	/** The binding's name in wrangler.jsonc. */
	readonly workflow: string;
	readonly title: string;
	readonly description: string;
	/** The Agent class whose instances can run it. */
	readonly agentClass: string;
	/** The Agent's path when a start does not name one: `store-agent/berlin`. */
	readonly agent: string;
	readonly params: Schema;
	/** Params that work, to begin a form with. */
	readonly example: z.input<Schema>;
	/** False for a workflow that nobody starts by hand. */
	readonly startable: boolean;
	/** What of the params a run can be found by. */
	metadata(params: z.output<Schema>): JsonObject;
};

/** An entry as it is written: what can be left out is left out. */
export type WorkflowDefinition<Schema extends z.ZodType> = Omit<
	WorkflowEntry<Schema>,
	'startable' | 'metadata'
> &
	Partial<Pick<WorkflowEntry<Schema>, 'startable' | 'metadata'>>;

/** Describes a workflow for the catalogue. */
export function defineWorkflow<Schema extends z.ZodType>(
	definition: WorkflowDefinition<Schema>
): WorkflowEntry<Schema> {
	return { startable: true, metadata: () => ({}), ...definition };
}
