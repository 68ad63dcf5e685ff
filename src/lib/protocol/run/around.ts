// What stands around a run: how long its workflow usually takes, and runs like it.
import { z } from 'zod';
import { runRowSchema } from './run';

/** How long the last completed runs of a workflow took, and over how many of them that is said. */
export const usualSchema = z.object({
	runs: z.number().int(),
	p50Ms: z.number(),
	p95Ms: z.number()
});
export type Usual = z.infer<typeof usualSchema>;

/** The answer to `run.around`; `usual` is null while no run of the workflow has completed. */
export const aroundSchema = z.object({
	usual: usualSchema.nullable(),
	/** Runs of the same workflow, those first that share most of its metadata. */
	similar: z.array(runRowSchema)
});
export type Around = z.infer<typeof aroundSchema>;

/** How many runs of a family are sent at most, above a run and below it. */
export const FAMILY_RUNS = 500;
