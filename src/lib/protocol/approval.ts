import { z } from 'zod';
import { jsonObjectSchema, jsonSchema, timestampSchema } from './json';
import { agentRefSchema, runIdSchema, workflowNameSchema } from './run';

export const APPROVAL_STATUSES = [
	'pending',
	'approved',
	'rejected',
	'expired',
	'cancelled'
] as const;
export const approvalStatusSchema = z.enum(APPROVAL_STATUSES);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** What one person said about one open wait. */
export const decisionSchema = z.object({
	by: z.string(),
	at: timestampSchema,
	approved: z.boolean(),
	reason: z.string().nullable(),
	data: jsonSchema
});
export type Decision = z.infer<typeof decisionSchema>;

export const approvalIdSchema = z
	.string()
	.regex(/^ap_[A-Za-z0-9_-]{6,64}$/, 'must be an approval id');

/**
 * One wait of one run for a person's decision. Each wait has an approval of its own, so a decision
 * for one can never open the next.
 */
export const approvalSchema = z.object({
	id: approvalIdSchema,
	workflow: workflowNameSchema,
	runId: runIdSchema,
	generation: z.number().int().min(1),
	agent: agentRefSchema,
	/** The wait's name in the workflow's code. */
	step: z.string(),
	eventType: z.string(),
	title: z.string(),
	description: z.string().nullable(),
	facts: jsonObjectSchema,
	/** JSON Schema of the decision's data; null when none is asked for. */
	form: jsonObjectSchema.nullable(),
	status: approvalStatusSchema,
	requestedAt: timestampSchema,
	expiresAt: timestampSchema.nullable(),
	/** Who may decide: roles, emails or groups. */
	approvers: z.array(z.string()),
	quorum: z.number().int().min(1),
	decisions: z.array(decisionSchema)
});
export type Approval = z.infer<typeof approvalSchema>;

/** The body of `POST /approvals/{id}/decision`. To reject one says why. */
export const decisionInputSchema = z
	.strictObject({
		approved: z.boolean(),
		reason: z.string().trim().max(2000).optional(),
		data: jsonSchema.optional()
	})
	.refine((decision) => decision.approved || decision.reason, {
		path: ['reason'],
		message: 'a reason is required to reject'
	});
export type DecisionInput = z.infer<typeof decisionInputSchema>;

/** An approval on its way from its Agent to the index; see `RunRecord`. */
export const approvalRecordSchema = z.object({
	approval: approvalSchema,
	version: z.number().int().nonnegative()
});
export type ApprovalRecord = z.infer<typeof approvalRecordSchema>;
