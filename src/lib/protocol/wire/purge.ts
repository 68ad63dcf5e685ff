import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { timestampSchema } from './json';
import { agentPathSchema, runRowSchema, workflowNameSchema } from '../run/run';
import { runOutcomeSchema, runStatusSchema } from '../run/status';

const oneOrMore = <T extends z.ZodType>(schema: T) =>
	z.union([schema, z.array(schema).min(1).max(50)]);
/** A time as Ms since the epoch or as ISO text with a zone. */
const timeSchema = z.union([
	timestampSchema,
	z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
]);

/** An empty query or no metadata at all would hold for every run. */
function saysSomething(criterion: unknown): boolean {
	if (typeof criterion === 'string') return criterion.trim() !== '';
	if (typeof criterion === 'object' && criterion !== null) return Object.keys(criterion).length > 0;
	return criterion !== undefined;
}

/** Which ended runs to delete. Everything given must hold; nothing given is refused. */
export const purgeCriteriaSchema = z
	.strictObject({
		/** Any query of the run list. */
		q: z.string().max(2000).optional(),
		workflow: oneOrMore(workflowNameSchema).optional(),
		status: oneOrMore(runStatusSchema).optional(),
		outcome: oneOrMore(runOutcomeSchema).optional(),
		agent: agentPathSchema.optional(),
		/** Created at this time or before. */
		createdBefore: timeSchema.optional(),
		/** Ended at this time or before. */
		finishedBefore: timeSchema.optional(),
		metadata: z
			.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean()]))
			.optional(),
		/** A preview's `asOf`: what was created or ended later is kept, and relative times go by it. */
		asOf: timestampSchema.optional()
	})
	.refine(({ asOf: _asOf, ...criteria }) => Object.values(criteria).some(saysSomething), {
		message: fieldErrorsText.noCriteria
	});
export type PurgeCriteria = z.infer<typeof purgeCriteriaSchema>;

/** What a purge would delete: ended runs only; `protected` counts matching runs it would keep. */
export const purgePreviewSchema = z.object({
	total: z.number().int(),
	byStatus: z.record(z.string(), z.number().int()),
	protected: z.number().int(),
	/** When it was counted, Ms. */
	asOf: timestampSchema,
	sample: z.array(runRowSchema)
});
export type PurgePreview = z.infer<typeof purgePreviewSchema>;
