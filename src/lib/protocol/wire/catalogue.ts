import { z } from 'zod';
import { jsonObjectSchema, jsonSchema, type JsonObject } from './json';
import { agentPathSchema, workflowNameSchema } from '../run/run';

/** A workflow of the catalogue as the outside sees it; `params` is JSON Schema. */
export const workflowInfoSchema = z.object({
	workflow: workflowNameSchema,
	title: z.string(),
	description: z.string(),
	/** The Agent class whose instances can run it. */
	agentClass: z.string(),
	/** Where it runs when the start does not say. */
	agent: agentPathSchema,
	params: jsonObjectSchema,
	/** Params that work, to fill a form with. */
	example: jsonSchema,
	/** False for those that Signalbox itself starts. */
	startable: z.boolean()
});
export type WorkflowInfo = z.infer<typeof workflowInfoSchema>;

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
	/** Event types whose waits are approvals, beside the SDK's own and those of `requestApproval`. */
	readonly approvalEvents: readonly string[];
	/** Keys whose values are masked in what is shown of its runs, beside the common ones. */
	readonly redact: readonly string[];
	/** What a run is about, in a few words: `Refund 160.00 EUR · ORD-1001`. Else its metadata says. */
	subject?(params: z.output<Schema>): string;
	/** What of the params a run can be found by. */
	metadata(params: z.output<Schema>): JsonObject;
};

/** The workflows that an Operations agent can start: what it needs of the Worker's catalogue. */
export type WorkflowCatalogue = {
	get(workflow: string): WorkflowEntry | undefined;
	entries(): Iterable<WorkflowEntry>;
	/** Every entry as the API describes it, in the order in which they were added. */
	list(): WorkflowInfo[];
};
