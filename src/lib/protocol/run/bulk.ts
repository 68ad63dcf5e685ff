// Acting on many runs at once: a job names an action and the runs it is for.
import { fieldErrorsText } from '../../messages/server/field-errors';
import { bulkReasonsText } from '../../messages/server/bulk-reasons';
import { z } from 'zod';
import { eventInputSchema, reasonSchema } from './commands';
import { restartPointSchema } from './undoable-command';
import { timestampSchema } from '../wire/json';
import { limitSchema } from './query';
import { runIdSchema, runRefSchema, runRowSchema, workflowNameSchema } from './run';
import { runStatusSchema } from './status';

/** The binding of the workflow that carries jobs out. */
export const BULK_WORKFLOW = 'BULK';

/** How much a job takes: runs that match a query, and runs that are named one by one. */
export const BULK_LIMITS = { runs: 100_000, named: 10_000 } as const;

export const BULK_ACTIONS = [
	'pause',
	'resume',
	'terminate',
	'restart',
	'send-event',
	'delete'
] as const;
export type BulkAction = (typeof BULK_ACTIONS)[number];

/** Which runs: all that a query finds, or these. */
export const bulkSelectSchema = z
	.strictObject({
		q: z
			.string()
			.max(2000, fieldErrorsText.tooLong(2000))
			.refine((text) => text.trim() !== '', fieldErrorsText.emptyQuery)
			.optional(),
		/** Runs created after this time are left alone, and relative times go by it: a preview's. */
		asOf: timestampSchema.optional(),
		runs: z
			.array(runRefSchema)
			.min(1, fieldErrorsText.noRuns)
			.max(BULK_LIMITS.named, fieldErrorsText.tooManyRuns(BULK_LIMITS.named))
			.optional()
	})
	.refine(({ q, runs }) => (q === undefined) !== (runs === undefined), {
		message: fieldErrorsText.queryOrRuns
	});
export type BulkSelect = z.output<typeof bulkSelectSchema>;

const select = { select: bulkSelectSchema, reason: reasonSchema };
const plain = z.strictObject({
	action: z.enum(['pause', 'resume', 'terminate', 'delete']),
	...select
});
const restart = z.strictObject({
	action: z.literal('restart'),
	from: restartPointSchema.optional(),
	...select
});
const sendEvent = z.strictObject({
	action: z.literal('send-event'),
	event: eventInputSchema,
	...select
});
const unknownAction = { error: `must be one of ${BULK_ACTIONS.join(', ')}` };

/** What is to be done, and to which runs. */
export const bulkJobSchema = z.discriminatedUnion(
	'action',
	[plain, restart, sendEvent],
	unknownAction
);
export type BulkJob = z.output<typeof bulkJobSchema>;
/** What is to be done, without the runs. */
export type BulkActionInput = BulkJob extends infer J
	? J extends BulkJob
		? Omit<J, 'select'>
		: never
	: never;

/** Why nothing is done to a run of a job, in words: of one run, and of several. */
export type BulkReason = keyof typeof bulkReasonsText;
export const bulkReasonSchema = z.enum(
	Object.keys(bulkReasonsText) as [BulkReason, ...BulkReason[]] // its own keys
);

const reasonsSchema = z.array(z.object({ reason: bulkReasonSchema, runs: z.number().int() }));

/** What a job would do, counted by the index. */
export const bulkPreviewSchema = z.object({
	/** Runs that are selected. */
	total: z.number().int(),
	eligible: z.number().int(),
	/** The eligible ones by their status. */
	byStatus: z.partialRecord(runStatusSchema, z.number().int()),
	/** The others by why not, the most frequent first. */
	reasons: reasonsSchema,
	/** Some of the eligible ones, the oldest first. */
	sample: z.array(runRowSchema),
	/** To start the job for what was counted, and for no run that came later, Ms. */
	asOf: timestampSchema
});
export type BulkPreview = z.infer<typeof bulkPreviewSchema>;

/** What became of a run of a job. `doing`: it is being asked for right now. */
export const BULK_ITEM_STATES = ['pending', 'doing', 'done', 'skipped', 'failed'] as const;
export type BulkItemState = (typeof BULK_ITEM_STATES)[number];

export const bulkItemSchema = z.object({
	workflow: workflowNameSchema,
	id: runIdSchema,
	state: z.enum(BULK_ITEM_STATES),
	reason: bulkReasonSchema.nullable(),
	/** What went wrong, in the problem's own words. */
	detail: z.string().nullable(),
	at: timestampSchema.nullable(),
	/** The later job that takes it up again. */
	retriedIn: z.string().nullable()
});
export type BulkItem = z.infer<typeof bulkItemSchema>;

export const bulkCountsSchema = z.record(z.enum(BULK_ITEM_STATES), z.number().int());
export type BulkCounts = z.infer<typeof bulkCountsSchema>;

/** A job and a page of its runs. */
export const bulkViewSchema = z.object({
	id: runIdSchema,
	action: z.enum(BULK_ACTIONS),
	/** What it was started for: a query, or so many runs that were named. */
	q: z.string().nullable(),
	by: z.string(),
	at: timestampSchema,
	retryOf: z.string().nullable(),
	aborted: z.object({ by: z.string(), at: timestampSchema }).nullable(),
	/** The status of its run. */
	status: runStatusSchema,
	counts: bulkCountsSchema,
	reasons: reasonsSchema,
	/** Failed and not taken up again by a later job. */
	retryable: z.number().int(),
	items: z.array(bulkItemSchema),
	nextCursor: z.string().nullable()
});
export type BulkView = z.infer<typeof bulkViewSchema>;

/** What `GET /bulk-actions/{id}` takes. */
export const bulkQuerySchema = z.strictObject({
	state: z.enum(['pending', 'done', 'skipped', 'failed']).optional(),
	limit: limitSchema.default(50),
	cursor: z.string().max(1000).optional()
});
export type BulkQuery = z.output<typeof bulkQuerySchema>;

/** The body of `POST /bulk-actions/{id}/retry`: the failed ones, or those that were not reached. */
export const bulkRetrySchema = z.strictObject({
	state: z.enum(['failed', 'pending']).default('failed')
});

/** What a run of `BULK` is given: what to do, and to how many runs. */
export const bulkParamsSchema = z.strictObject({
	action: z.enum(BULK_ACTIONS),
	from: restartPointSchema.optional(),
	event: eventInputSchema.optional(),
	reason: reasonSchema,
	/** What was asked for: a query, or null for runs that were named. */
	q: z.string().nullable(),
	/** How many were selected, and to how many of them there was something to do. */
	runs: z.number().int(),
	eligible: z.number().int(),
	/** The job whose failed runs this one takes up. */
	retryOf: z.string().nullable()
});
export type BulkParams = z.infer<typeof bulkParamsSchema>;
