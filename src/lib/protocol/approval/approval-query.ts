// What lists of approvals are asked for, and what is learnt from those that were decided.
import { z } from 'zod';
import {
	APPROVAL_STATUSES,
	approvalIdSchema,
	approvalSchema,
	approvalStatusSchema,
	decisionInputSchema,
	SEVERITIES
} from './approval';
import { timestampSchema } from '../wire/json';
import { problemSchema } from '../wire/problem';
import { limitSchema } from '../run/query';
import { runIdSchema, workflowNameSchema } from '../run/run';
import { runOutcomeSchema } from '../run/status';

/** One or more of these words: a list, or text with commas between them. */
function someOf<T extends string>(words: readonly T[]) {
	return z.union([z.string(), z.array(z.string())]).transform((given, context): T[] => {
		const wanted = (Array.isArray(given) ? given : given.split(',')).map((word) => word.trim());
		const known = wanted.flatMap((word) => words.find((each) => each === word) ?? []);
		if (known.length === wanted.length && known.length > 0) return [...new Set(known)];
		context.addIssue(`must be one or more of ${words.join(', ')}`);
		return z.NEVER;
	});
}

/**
 * Whose approvals: `mine` I have claimed, `group` one of my groups may decide, `unassigned` nobody
 * has claimed, `for-me` I can decide right now.
 */
export const ASSIGNEES = ['mine', 'group', 'unassigned', 'for-me'] as const;
export type Assignee = (typeof ASSIGNEES)[number];

/**
 * `deadline`: what ends first, first; what has no deadline after it, the oldest first. `decided`: what
 * was decided last, first.
 */
export const APPROVAL_ORDERS = ['deadline', 'oldest', 'newest', 'decided'] as const;
export type ApprovalOrder = (typeof APPROVAL_ORDERS)[number];

/** What `GET /approvals` takes. */
export const approvalQuerySchema = z.strictObject({
	status: someOf(APPROVAL_STATUSES).optional(),
	workflow: workflowNameSchema.optional(),
	assignee: z.enum(ASSIGNEES).optional(),
	severity: someOf(SEVERITIES).optional(),
	/**
	 * In the query language of runs. Text is part of the title, step, workflow, run's id, requester
	 * or description, in any case; fields and metadata are those of the run that waits.
	 */
	q: z.string().max(2000).optional(),
	/** Left out: by deadline when only what is pending is asked for, else the newest first. */
	order: z.enum(APPROVAL_ORDERS).optional(),
	limit: limitSchema.default(50),
	cursor: z.string().max(1000).optional()
});
export type ApprovalQuery = z.output<typeof approvalQuerySchema>;
export type ApprovalQueryInput = z.input<typeof approvalQuerySchema>;

/** A page of approvals; `total` counts all that match. */
export const approvalPageSchema = z.object({
	approvals: z.array(approvalSchema),
	total: z.number().int(),
	nextCursor: z.string().nullable()
});
export type ApprovalPage = z.infer<typeof approvalPageSchema>;

/** The same decision for several approvals, taken one by one. */
export const decideManySchema = z.strictObject({
	ids: z.array(approvalIdSchema).min(1).max(100),
	decision: decisionInputSchema
});
export type DecideMany = z.output<typeof decideManySchema>;

/** What became of each, in the order they were named. */
export const decidedManySchema = z.object({
	results: z.array(
		z.discriminatedUnion('ok', [
			z.object({ id: approvalIdSchema, ok: z.literal(true), approval: approvalSchema }),
			z.object({ id: approvalIdSchema, ok: z.literal(false), problem: problemSchema })
		])
	)
});
export type DecidedMany = z.infer<typeof decidedManySchema>;

/** An earlier decision on the same step of the same workflow. */
export const earlierDecisionSchema = z.object({
	id: approvalIdSchema,
	runId: runIdSchema,
	title: z.string(),
	status: approvalStatusSchema,
	/** Who decided last; null when nobody did. */
	by: z.string().nullable(),
	reason: z.string().nullable(),
	requestedAt: timestampSchema,
	decidedAt: timestampSchema,
	/** How its run ended; null while it has not. */
	outcome: runOutcomeSchema.nullable()
});
export type EarlierDecision = z.infer<typeof earlierDecisionSchema>;

/** How runs went on after a decision, counted from those that the index still has. */
export const afterwardsSchema = z.object({
	runs: z.number().int(),
	active: z.number().int(),
	byOutcome: z.partialRecord(runOutcomeSchema, z.number().int())
});
export type Afterwards = z.infer<typeof afterwardsSchema>;

/** What earlier requests of the same step tell about this one. */
export const precedentSchema = z.object({
	earlier: z.array(earlierDecisionSchema),
	afterApproval: afterwardsSchema,
	afterRejection: afterwardsSchema
});
export type Precedent = z.infer<typeof precedentSchema>;

/** What `GET /approvals/figures` takes. */
export const figuresQuerySchema = z.strictObject({
	workflow: workflowNameSchema.optional(),
	/** Of approvals that were decided since, Ms; the last 30 days when left out. */
	since: z.coerce.number().int().min(0).optional()
});
export type FiguresQuery = z.output<typeof figuresQuerySchema>;

const timesSchema = {
	/** Time from the request to the decision, Ms; null where there was none. */
	p50Ms: z.number().nullable(),
	p95Ms: z.number().nullable()
};
/** How fast and by whom approvals are decided, of those that the index still has. */
export const approvalFiguresSchema = z.object({
	since: timestampSchema,
	pending: z.object({ count: z.number().int(), oldestAt: timestampSchema.nullable() }),
	byWorkflow: z.array(
		z.object({
			workflow: workflowNameSchema,
			pending: z.number().int(),
			approved: z.number().int(),
			rejected: z.number().int(),
			/** Ended by their deadline, whatever came of it. */
			expired: z.number().int(),
			...timesSchema
		})
	),
	byApprover: z.array(
		z.object({
			by: z.string(),
			approved: z.number().int(),
			rejected: z.number().int(),
			...timesSchema
		})
	)
});
export type ApprovalFigures = z.infer<typeof approvalFiguresSchema>;
