import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { timestampSchema } from './json';
import { purgeText } from '../../messages/server/purge';
import { limitSchema } from '../run/query';
import { agentPathSchema, runIdSchema, runRowSchema, workflowNameSchema } from '../run/run';
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

/** Why a purge keeps runs that match its criteria. */
export type KeptReason = keyof typeof purgeText.kept;
const keptSchema = z.array(
	z.object({
		// its own keys
		reason: z.enum(Object.keys(purgeText.kept) as [KeptReason, ...KeptReason[]]),
		runs: z.number().int()
	})
);

/** A purge by its id, which is also the id of its run of the workflow `PURGE`. */
export const purgeIdSchema = runIdSchema;
const runsBySchema = z.record(z.string(), z.number().int());

/** What a preview counts; a purge keeps it as what was confirmed. */
export const purgeCountsSchema = z.object({
	/** How many runs it deletes: these and no others, whatever comes later. */
	total: z.number().int(),
	byStatus: runsBySchema,
	byWorkflow: runsBySchema,
	/** The Agents with the most of them, and how many Agents there are. */
	byAgent: z.array(z.object({ agent: z.string(), runs: z.number().int() })),
	agents: z.number().int(),
	/** When the oldest and the newest of them were created, Ms. */
	oldest: timestampSchema.nullable(),
	newest: timestampSchema.nullable(),
	/** What they take in the index, bytes; their histories beside the Agents come on top. */
	bytes: z.number().int(),
	/** How many runs match but are kept, and why. */
	protected: z.number().int(),
	kept: keptSchema,
	/** What is worth knowing about the criteria, in words. */
	notices: z.array(z.string())
});
export type PurgeCounts = z.infer<typeof purgeCountsSchema>;

/** What a purge would delete. The set is stored, so that exactly it can be started or exported. */
export const purgePreviewSchema = purgeCountsSchema.extend({
	id: purgeIdSchema,
	/** When it was counted, Ms. */
	asOf: timestampSchema,
	/** Until when it can be started, Ms. */
	expiresAt: timestampSchema,
	/** Does it need the approval of a second admin? */
	needsApproval: z.boolean(),
	sample: z.array(runRowSchema)
});
export type PurgePreview = z.infer<typeof purgePreviewSchema>;

/** What became of the engine's instances of the deleted runs. */
export const purgedInstancesSchema = z.object({
	deleted: z.number().int(),
	/** The engine no longer had them. */
	missing: z.number().int(),
	failed: z.number().int(),
	/** Some of the reasons, each once. */
	errors: z.array(z.string())
});
export type PurgedInstances = z.infer<typeof purgedInstancesSchema>;

export const PURGE_STATES = [
	'previewed',
	'starting',
	'waiting',
	'running',
	'paused',
	'done',
	'aborted',
	'rejected',
	'failed'
] as const;

/** A purge: what was confirmed, and how far it has come. */
export const purgeViewSchema = z.object({
	id: purgeIdSchema,
	state: z.enum(PURGE_STATES),
	criteria: purgeCriteriaSchema,
	by: z.string(),
	at: timestampSchema,
	/** The retention policy that it carries out. */
	policy: z.string().nullable(),
	counts: purgeCountsSchema,
	deleted: z.number().int(),
	/** Runs of the confirmed set that were kept, and why. */
	kept: keptSchema,
	/** Runs that are left because their Agent could not be reached or refused. */
	failed: z.array(z.object({ agent: z.string(), runs: z.number().int(), message: z.string() })),
	/** Null unless the engine's instances are deleted as well. */
	instances: purgedInstancesSchema.nullable(),
	perSecond: z.number().nullable(),
	/** How much longer it will take, Ms, while it runs. */
	leftMs: z.number().nullable(),
	endedAt: timestampSchema.nullable(),
	abortedBy: z.string().nullable()
});
export type PurgeView = z.infer<typeof purgeViewSchema>;
export type PurgeState = PurgeView['state'];

/** What is left of a deleted run. */
export const tombstoneSchema = z.object({
	workflow: workflowNameSchema,
	id: runIdSchema,
	generation: z.number().int(),
	at: timestampSchema,
	/** The person, or the key of the purge. */
	by: z.string(),
	/** Who started the purge, and the policy that it carried out. */
	person: z.string().nullable(),
	policy: z.string().nullable()
});

export type DeletedRun = z.infer<typeof tombstoneSchema>;

/** What `GET /tombstones` takes. */
export const tombstonesQuerySchema = z.strictObject({
	/** A person, or the key of a purge: `PURGE/wf_…`. */
	by: z.string().max(200).optional(),
	limit: limitSchema.default(50),
	cursor: z.string().max(1000).optional()
});
export type TombstonesQuery = z.output<typeof tombstonesQuerySchema>;
