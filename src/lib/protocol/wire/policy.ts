// Retention policies: which ended runs are deleted by themselves, after how long, and when.
import { z } from 'zod';
import { fieldErrorsText } from '../../messages/server/field-errors';
import { policiesText } from '../../messages/server/purge';
import { parseDuration, writeDuration } from '../query-language/quantities';
import { timestampSchema } from './json';
import { purgeIdSchema, purgePreviewSchema } from './purge';

/** No policy deletes what ended more recently, Ms: somebody may still be looking at it. */
const LEAST_AGE_MS = 3_600_000;

export const policyIdSchema = z.string().regex(/^rp_[a-z0-9]{6,40}$/);

/** The body of `POST /policies` and `PUT /policies/{id}`. */
export const policyInputSchema = z.strictObject({
	name: z
		.string()
		.trim()
		.regex(/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,59}$/u, policiesText.name),
	/** A query of the run list; empty for every ended run that is old enough. */
	q: z.string().max(2000, fieldErrorsText.tooLong(2000)).default(''),
	/** How long ago a run must have ended: `30d`. */
	age: z
		.string()
		.trim()
		.refine(
			(text) => (parseDuration(text) ?? 0) >= LEAST_AGE_MS,
			policiesText.age(writeDuration(LEAST_AGE_MS))
		),
	/** A cron expression of five fields, in `zone`. */
	schedule: z.string().trim().min(1).max(100),
	/** An IANA time zone. */
	zone: z.string().trim().min(1).max(64).default('UTC'),
	enabled: z.boolean().default(true),
	/** Deletes the engine's instances as well. */
	instances: z.boolean().default(false)
});
export type PolicyInput = z.output<typeof policyInputSchema>;

/** What became of a policy's last time. */
const lastFiringSchema = z.object({
	at: timestampSchema,
	/** Its purge; null when there was nothing to delete, or it could not begin. */
	purge: purgeIdSchema.nullable(),
	deleted: z.number().int(),
	kept: z.number().int(),
	failed: z.number().int(),
	/** What went wrong, in words. */
	error: z.string().nullable()
});
export type LastFiring = z.infer<typeof lastFiringSchema>;

export const policySchema = policyInputSchema.extend({
	id: policyIdSchema,
	/** Who saved it last. */
	by: z.string(),
	createdAt: timestampSchema,
	updatedAt: timestampSchema,
	/** When it fires next, Ms; null while it is off. */
	nextAt: timestampSchema.nullable(),
	last: lastFiringSchema.nullable()
});
export type Policy = z.infer<typeof policySchema>;

/** What `GET /policies` answers. */
export const policyListSchema = z.object({
	policies: z.array(policySchema),
	/** A policy that most teams want. It is offered, and does nothing until somebody saves it. */
	suggested: policyInputSchema
});

/** What a policy would delete today, and when it would fire next, Ms. */
export const policyPreviewSchema = z.object({
	preview: purgePreviewSchema,
	next: z.array(timestampSchema)
});
export type PolicyPreview = z.infer<typeof policyPreviewSchema>;

/** How long a policy waits after the end of a run, Ms. */
export function policyAgeMs({ age }: Pick<PolicyInput, 'age'>): number {
	return Math.max(parseDuration(age) ?? 0, LEAST_AGE_MS);
}

export const SUGGESTED_POLICY: PolicyInput = {
	name: policiesText.suggestedName,
	q: 'status:complete',
	age: '30d',
	schedule: '0 3 * * *',
	zone: 'UTC',
	enabled: true,
	instances: false
};
