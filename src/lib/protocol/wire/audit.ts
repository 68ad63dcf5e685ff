import { z } from 'zod';
import { jsonSchema, timestampSchema } from './json';

/** One thing that somebody did, or tried to do. */
export const auditEntrySchema = z.object({
	id: z.number().int(),
	at: timestampSchema,
	by: z.string(),
	/** The request's type: `run.pause`, `approval.decide`, … */
	action: z.string(),
	/** What it was done to: a run's key, an approval's id; null for the whole. */
	target: z.string().nullable(),
	detail: jsonSchema,
	/** `done`, `held` for what can be undone yet, or the kind of problem it was refused with. */
	result: z.string()
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;
