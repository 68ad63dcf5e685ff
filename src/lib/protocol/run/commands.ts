// What goes with a command, to one run or to many.
import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { restartPointSchema, undoMsSchema } from './undoable-command';
import { sentJsonSchema } from '../wire/redact';

/** Why somebody does it: kept in the audit. */
export const reasonSchema = z.string().trim().max(2000).optional();

/** The body of `POST …/terminate`. */
export const terminateSchema = z.strictObject({
	/** Undo what the steps have done first, where they registered how. */
	rollback: z.boolean().optional(),
	undoMs: undoMsSchema.optional(),
	reason: reasonSchema
});

/** The body of `POST …/restart`: from the beginning, or from a step of the history. */
export const restartSchema = z.strictObject({
	from: restartPointSchema.optional(),
	undoMs: undoMsSchema.optional(),
	reason: reasonSchema
});
export type Restart = z.infer<typeof restartSchema>;

/** The body of `POST …/events`. */
export const eventInputSchema = z.strictObject({
	type: z
		.string()
		.min(1)
		.max(100)
		.regex(/^[A-Za-z0-9_][A-Za-z0-9_-]*$/, fieldErrorsText.eventType),
	payload: sentJsonSchema.default(null)
});
export type EventInput = z.infer<typeof eventInputSchema>;
