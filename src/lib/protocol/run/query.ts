import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { runRowSchema, runSchema } from './run';

/** What runs can be sorted by. */
export const RUN_ORDER_FIELDS = [
	'created',
	'updated',
	'finished',
	'duration',
	'status',
	'workflow'
] as const;
export type RunOrderField = (typeof RUN_ORDER_FIELDS)[number];
export type RunOrder = { field: RunOrderField; direction: 'asc' | 'desc' };

/** `created:desc`, `duration:asc`, …; the direction alone means by creation. */
export const runOrderSchema = z.string().transform((text, context): RunOrder => {
	const [field = '', direction = 'desc', ...rest] =
		text === 'asc' || text === 'desc' ? ['created', text] : text.split(':');
	const known = RUN_ORDER_FIELDS.find((name) => name === field);
	if (known && rest.length === 0 && (direction === 'asc' || direction === 'desc'))
		return { field: known, direction };
	context.addIssue(fieldErrorsText.order(RUN_ORDER_FIELDS));
	return z.NEVER;
});

/** Newest first. */
export const DEFAULT_ORDER = 'created:desc';

export const limitSchema = z.coerce
	.number('must be a whole number from 1 to 100')
	.int('must be a whole number from 1 to 100')
	.min(1, fieldErrorsText.limit)
	.max(100, fieldErrorsText.limit);

/** What a list of runs is asked for. `q` is text of the query language. */
export const runQuerySchema = z.strictObject({
	q: z.string().max(2000, fieldErrorsText.tooLong(2000)).default(''),
	limit: limitSchema.default(50),
	cursor: z.string().max(1000).optional(),
	order: runOrderSchema.prefault(DEFAULT_ORDER)
});
export type RunQuery = z.output<typeof runQuerySchema>;
export type RunQueryInput = z.input<typeof runQuerySchema>;

/**
 * A range of a long list, by place instead of cursor. With `from`, a `head` that was sent before,
 * the list begins at that row: what enters above it is counted and moves nothing.
 */
export const runWindowSchema = z.strictObject({
	offset: z.number().int().min(0).default(0),
	from: z.string().max(1000).optional()
});
export type RunWindow = z.output<typeof runWindowSchema>;

/** A page of runs. `total` counts up to a bound; `totalExact` says whether it was reached. */
export const runPageSchema = z.object({
	runs: z.array(runSchema),
	total: z.number().int(),
	totalExact: z.boolean(),
	nextCursor: z.string().nullable()
});
export type RunPage = z.infer<typeof runPageSchema>;

export const runRowsSchema = z.array(runRowSchema);
