import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from './json';
import { agentPathSchema, workflowNameSchema } from './run';

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
	/** Params that work, to begin a form with. */
	example: jsonSchema,
	/** False for those that Signalbox itself starts. */
	startable: z.boolean()
});
export type WorkflowInfo = z.infer<typeof workflowInfoSchema>;
