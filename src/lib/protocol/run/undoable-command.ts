// A command that its Agent holds back for a moment, so that it can be undone until then. It is not
// part of the run: nothing has happened to that yet.
import { z } from 'zod';
import { timestampSchema } from '../wire/json';

/** The longest that a command is held back, Ms. */
export const MOST_UNDO_MS = 60_000;

/** How long the page has a command held back, Ms. */
export const UNDO_MS = 5_000;

/** How long a command can be undone before it is carried out, Ms; 0 or absent for at once. */
export const undoMsSchema = z.number().int().min(0).max(MOST_UNDO_MS);

/** A step of the history from which a run is restarted. */
export const restartPointSchema = z.strictObject({
	name: z.string().min(1).max(256),
	count: z.number().int().min(1).optional(),
	type: z.enum(['do', 'sleep', 'waitForEvent']).optional()
});
export type RestartPoint = z.infer<typeof restartPointSchema>;

/** A command that is held back, by whom, and when it is carried out unless somebody undoes it. */
export const undoableCommandSchema = z.object({
	action: z.enum(['terminate', 'restart']),
	from: restartPointSchema.nullable(),
	/** Is a terminate to undo what the run's steps did, where they registered how? */
	rollback: z.boolean().default(false),
	by: z.string(),
	at: timestampSchema,
	dueAt: timestampSchema
});
export type UndoableCommand = z.infer<typeof undoableCommandSchema>;
