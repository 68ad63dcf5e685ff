import { z } from 'zod';
import { fieldErrorsText } from '../../messages/server/field-errors';
import { decisionOriginSchema } from '../approval/approval';
import { limitSchema } from '../run/query';
import { subjectSchema } from './subject';
import { jsonSchema, timestampSchema } from './json';

/** The action of somebody who writes an Agent's synced state; all others are operations or an Agent's own. */
export const STATE_WRITE = 'agent.set-state';

/** One thing that somebody did, or tried to do. */
export const auditEntrySchema = z.object({
	id: z.number().int(),
	at: timestampSchema,
	/** The display name. */
	by: z.string(),
	/** Who it was; null in entries from before there were subjects. */
	subject: subjectSchema.nullish(),
	/** The request's type: `run.pause`, `approval.decide`, … */
	action: z.string(),
	/** What it was done to: a run's key, an approval's id; null for the whole. */
	target: z.string().nullable(),
	detail: jsonSchema,
	/**
	 * `done`, `held` for what can be undone yet, `pending` while it is carried out, `interrupted` when a
	 * crash left it open, `failed`, or the kind of problem it was refused with.
	 */
	result: z.string(),
	/** Why, in the words of who did it. */
	reason: z.string().nullish(),
	/** Where it came from; null in entries of Agents and in those from before this was kept. */
	from: decisionOriginSchema.nullish(),
	/** What the target was before it, and after it: a run's status, an approval's, a whole view. */
	before: jsonSchema.nullish(),
	after: jsonSchema.nullish()
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** A time, Ms, or as ISO text; a date is its beginning in UTC. */
const timeSchema = z.union([
	z.coerce.number<string | number>().int().min(0),
	z
		.string()
		.refine((text) => !Number.isNaN(Date.parse(text)), fieldErrorsText.time)
		.transform((text) => Date.parse(text))
]);

/** Which entries; all that is given must hold. */
const auditFilter = {
	/** A person's display name or subject. */
	by: z.string().max(200).optional(),
	action: z.string().max(100).optional(),
	target: z.string().max(300).optional(),
	result: z.string().max(100).optional(),
	/** Words that stand anywhere in an entry, in any order. */
	text: z.string().max(500).optional(),
	/** From this time on, and before that one. */
	from: timeSchema.optional(),
	to: timeSchema.optional()
};

/** What `GET /audit/export` takes. */
export const auditExportSchema = z.strictObject({
	...auditFilter,
	format: z.enum(['csv', 'ndjson'], fieldErrorsText.format).default('ndjson')
});
export type AuditExport = z.output<typeof auditExportSchema>;

/** What `GET /audit` takes. */
export const auditQuerySchema = z.strictObject({
	...auditFilter,
	limit: limitSchema.default(50),
	cursor: z.string().max(1000).optional()
});
export type AuditQuery = z.output<typeof auditQuerySchema>;

/** Whether the audit is as it was written. */
export const auditVerificationSchema = z.object({
	ok: z.boolean(),
	entries: z.number().int(),
	/** Entries from before there was a hash chain. They cannot be verified. */
	unchained: z.number().int(),
	/** The first entry that was changed, added or removed outside Signalbox. */
	brokenAt: z.number().int().nullable(),
	/** The hash of the newest record: note it to notice later if the newest entries are removed. */
	head: z.string().nullable()
});
export type AuditVerification = z.infer<typeof auditVerificationSchema>;
