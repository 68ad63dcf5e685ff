import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { undoMsSchema } from '../run/undoable-command';
import { subjectSchema } from '../wire/subject';
import { jsonObjectSchema, jsonSchema, timestampSchema } from '../wire/json';
import { sentJsonSchema } from '../wire/redact';
import { agentRefSchema, runIdSchema, workflowNameSchema } from '../run/run';

export const APPROVAL_STATUSES = [
	'pending',
	'approved',
	'rejected',
	'expired',
	'cancelled',
	/** An event that Signalbox cannot read ended the wait. */
	'decided-outside'
] as const;
export const approvalStatusSchema = z.enum(APPROVAL_STATUSES);
export type ApprovalStatus = z.infer<typeof approvalStatusSchema>;

/** How much is at stake, the least first. */
export const SEVERITIES = ['low', 'normal', 'high', 'critical'] as const;
export const severitySchema = z.enum(SEVERITIES);
export type Severity = z.infer<typeof severitySchema>;

/** What happens when nobody decides in time; `fail` ends the wait as expired. */
export const onTimeoutSchema = z.enum(['reject', 'approve', 'fail']);
export type OnTimeout = z.infer<typeof onTimeoutSchema>;

/** Where a decision came from, as far as the server knows. */
export const decisionOriginSchema = z.object({
	/** `agent` is code of the Agent, `deadline` nobody: time ran out. */
	via: z.enum(['page', 'api', 'agent', 'deadline']),
	ip: z.string().nullable(),
	userAgent: z.string().nullable()
});
export type DecisionOrigin = z.infer<typeof decisionOriginSchema>;

/** Stands in `by` where time decided. */
export const DEADLINE_PERSON = 'signalbox';

/** What one person said about one open wait. */
export const decisionSchema = z.object({
	/** The display name. */
	by: z.string(),
	/** Who it was; left out by versions that knew names only. */
	subject: subjectSchema.optional(),
	at: timestampSchema,
	approved: z.boolean(),
	reason: z.string().nullable(),
	data: jsonSchema,
	email: z.string().nullish(),
	/** What an Agent's own call sends to the workflow, as the SDK sends it. */
	payload: jsonSchema.optional(),
	from: decisionOriginSchema.optional(),
	/** What was shown: `sha256:` and the digest of title, description, facts and form. */
	seen: z.string().optional(),
	/** Taken back before it was delivered: it counts no more. */
	undone: z.object({ at: timestampSchema, by: z.string() }).optional()
});
export type Decision = z.infer<typeof decisionSchema>;

export const approvalIdSchema = z
	.string()
	.regex(/^ap_[A-Za-z0-9_-]{6,64}$/, fieldErrorsText.approvalId);

/** What a workflow asks for with `requestApproval`; a plain wait has the defaults. */
const askedSchema = z.object({
	severity: severitySchema.default('normal'),
	/** Values to begin the form with. */
	initial: jsonSchema.default(null),
	/** Who asks: whom the workflow names, else who started the run. */
	requestedBy: z.string().nullable().default(null),
	/** The subject of who started the run, where that is who asks. */
	requestedBySubject: subjectSchema.nullish(),
	/** May who asks decide, too? */
	allowRequester: z.boolean().default(true),
	/** Null where the engine's own wait ends, if it does. */
	onTimeout: onTimeoutSchema.nullable().default(null),
	/** When more people may decide, and who: roles, emails or `group:` names. */
	escalateAt: timestampSchema.nullable().default(null),
	escalateTo: z.array(z.string()).default([])
});

/** What has become of it so far. */
const standingSchema = z.object({
	escalatedAt: timestampSchema.nullable().default(null),
	/** When its deadline had come near, and that was told. */
	warnedAt: timestampSchema.nullable().default(null),
	/** Who keeps it for themselves, by name, and since when. */
	claimedBy: z.string().nullable().default(null),
	claimedBySubject: subjectSchema.nullish(),
	claimedAt: timestampSchema.nullable().default(null),
	/** When it left `pending`. */
	decidedAt: timestampSchema.nullable().default(null),
	/** Decided, and held back until then: the decision can be undone. */
	deliverAt: timestampSchema.nullable().default(null)
});

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
	/** Markdown. */
	description: z.string().nullable(),
	facts: jsonObjectSchema,
	/** JSON Schema of the decision's data; null when none is asked for. */
	form: jsonObjectSchema.nullable(),
	status: approvalStatusSchema,
	requestedAt: timestampSchema,
	expiresAt: timestampSchema.nullable(),
	/** Who may decide: roles, emails or groups (`group:finance`). */
	approvers: z.array(z.string()),
	/** How many different people have to approve. */
	quorum: z.number().int().min(1),
	decisions: z.array(decisionSchema),
	...askedSchema.shape,
	...standingSchema.shape
});
export type Approval = z.infer<typeof approvalSchema>;

/** How long a page holds a decision back, Ms. */
export const DECISION_UNDO_MS = 8_000;
/** The largest data of a decision, bytes of JSON. */
export const MOST_DATA_BYTES = 65_536;

/** The body of `POST /approvals/{id}/decision`. A reason is required to reject. */
export const decisionInputSchema = z
	.strictObject({
		approved: z.boolean(),
		reason: z.string().trim().max(2000).optional(),
		data: sentJsonSchema.optional(),
		/** Holds the decision back for so long, Ms: until then it can be undone. Left out: not at all. */
		undoMs: undoMsSchema.optional()
	})
	.refine((decision) => decision.approved || decision.reason, {
		path: ['reason'],
		message: fieldErrorsText.reasonToReject
	});
export type DecisionInput = z.infer<typeof decisionInputSchema>;

/** An approval on its way from its Agent to the index; see `RunRecord`. */
export const approvalRecordSchema = z.object({
	approval: approvalSchema,
	version: z.number().int().nonnegative()
});
export type ApprovalRecord = z.infer<typeof approvalRecordSchema>;
