import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { subjectSchema } from '../wire/subject';
import { jsonObjectSchema, jsonSchema, timestampSchema } from '../wire/json';
import { cutError, ROW_ERROR_BYTES } from './cut-error';
import { runOutcomeSchema, runStatusSchema } from './status';

/** A workflow binding's name, as in wrangler's `workflows[].binding`. */
export const workflowNameSchema = z
	.string()
	.regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, fieldErrorsText.workflow);

/** The engine's rule for instance ids: 1 to 100 of letters, digits, `-` and `_`, no `-` first. */
export const runIdSchema = z
	.string()
	.regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/, fieldErrorsText.runId);

/** Names one run: the workflow's binding and the instance's id. */
export const runRefSchema = z.object({ workflow: workflowNameSchema, id: runIdSchema });
export type RunRef = z.infer<typeof runRefSchema>;

/** The key of a run in maps and tables. Neither part can hold a `/`. */
export function runKey({ workflow, id }: RunRef): string {
	return `${workflow}/${id}`;
}

/** Runs by their keys, with commas between: `REFUND/a,REFUND/b`. */
export const namedRunsSchema = z
	.string()
	.max(20_000, fieldErrorsText.tooLong(20_000))
	.transform((text, context): RunRef[] => {
		const keys = [...new Set(text.split(','))];
		return keys.flatMap((key) => {
			const [workflow, id, ...more] = key.split('/');
			const ref = runRefSchema.safeParse({ workflow, id });
			if (ref.success && more.length === 0) return [ref.data];
			context.addIssue(fieldErrorsText.runKeys(key.slice(0, 60)));
			return [];
		});
	});

/** An Agent's address, kebab-cased as in its URL: `store-agent/berlin/sub/aisle-agent/7`. */
export const agentPathSchema = z
	.string()
	.max(2000)
	.regex(/^[a-z0-9-]+\/[^/\s]+(\/sub\/[a-z0-9-]+\/[^/\s]+)*$/, fieldErrorsText.agentPath)
	.refine(isDecodable, fieldErrorsText.notUriEncoded);

function isDecodable(path: string): boolean {
	try {
		decodeURIComponent(path);
		return true;
	} catch {
		return false; // a stray % or bytes that are no UTF-8
	}
}

/** Can a URL lead to an Agent? Segments `.` and `..` are resolved away, encoded or not (WHATWG URL). */
export function isAddressable(path: string): boolean {
	return !path.split('/').some((segment) => /^(\.|%2e){1,2}$/i.test(segment));
}

/** The Agent of a new run: one that can be reached by its path. */
export const newAgentPathSchema = agentPathSchema.refine(
	isAddressable,
	fieldErrorsText.agentNotAddressable
);

/** The Agent that started a run. */
export const agentRefSchema = z.object({
	class: z.string(),
	name: z.string(),
	path: agentPathSchema
});
export type AgentRef = z.infer<typeof agentRefSchema>;

/** What an open sleep or wait is waiting for; `dueAt` is null where the history does not say. */
export const waitingForSchema = z.object({
	kind: z.enum(['event', 'sleep']),
	name: z.string(),
	eventType: z.string().optional(),
	since: timestampSchema,
	dueAt: timestampSchema.nullable()
});
export type WaitingFor = z.infer<typeof waitingForSchema>;

export const runErrorSchema = z.object({
	name: z.string(),
	message: z.string(),
	stack: z.string().optional()
});
export type RunError = z.infer<typeof runErrorSchema>;

/** The rollback handler that failed, by its step's name, so that what it should undo is not undone. */
export const failedRollbackSchema = z.object({
	step: z.string(),
	error: runErrorSchema.nullable()
});
export type FailedRollback = z.infer<typeof failedRollbackSchema>;

/** Who pinned a run, and when (Ms): neither a purge nor a retention policy deletes it. */
export const pinSchema = z.object({ by: z.string(), at: timestampSchema });
export type Pin = z.infer<typeof pinSchema>;

/** The longest subject, characters. */
export const MAX_SUBJECT_TEXT = 200;

/** A run as everyone outside sees it. Times are milliseconds since the epoch. */
export const runSchema = z.object({
	workflow: workflowNameSchema,
	id: runIdSchema,
	/** Counts restarts of the same id: 1, 2, … */
	generation: z.number().int().min(1),
	agent: agentRefSchema,
	/** What it is about, in a few words; left out where nothing tells. */
	subject: z.string().max(MAX_SUBJECT_TEXT).optional(),
	parent: runRefSchema.nullable(),
	status: runStatusSchema,
	outcome: runOutcomeSchema.nullable(),
	metadata: jsonObjectSchema,
	params: jsonSchema,
	progress: jsonSchema,
	/** The step, sleep or wait it stands at, as named in the workflow's code. */
	step: z.string().nullable(),
	/** The display name of who started it. */
	startedBy: z.string().nullable(),
	startedBySubject: subjectSchema.optional(),
	error: runErrorSchema.nullable(),
	output: jsonSchema,
	createdAt: timestampSchema,
	startedAt: timestampSchema.nullable(),
	updatedAt: timestampSchema,
	finishedAt: timestampSchema.nullable(),
	/** When this generation began itself: a restart from a step keeps what was before. */
	restartedAt: timestampSchema.optional(),
	failedRollback: failedRollbackSchema.optional(),
	/** Attempts that failed and were tried again. */
	retries: z.number().int().nonnegative(),
	waitingFor: waitingForSchema.nullable(),
	/** The Worker has no binding for its workflow: it can be neither read nor controlled. */
	missingBinding: z.literal(true).optional(),
	/** Somebody pinned it. The index knows; an Agent does not. */
	pinned: pinSchema.optional(),
	/** Event types whose waits are approvals, beside the default ones: those of its catalogue entry. */
	approvalEvents: z.array(z.string()).optional()
});
export type Run = z.infer<typeof runSchema>;

/** A run as a list row carries it: without the two values that can be large. */
export const runRowSchema = runSchema.omit({ params: true, output: true });
export type RunRow = z.infer<typeof runRowSchema>;

/** The run with no more than the beginning of a long error, as lists carry it. */
export function withRowError(run: Run): Run {
	return run.error ? { ...run, error: cutError(run.error, ROW_ERROR_BYTES) } : run;
}

/** Drops from a run what a list row does not show, and all but the beginning of a long error. */
export function toRunRow(run: Run): RunRow {
	const { params: _params, output: _output, ...row } = withRowError(run);
	return row;
}

/**
 * A run on its way from its Agent to the index. `version` grows with every change of the run, so
 * an older or repeated record is recognised and dropped.
 */
export const runRecordSchema = z.object({
	run: runSchema,
	version: z.number().int().nonnegative(),
	/** False when the history was read from `status()` because `subscribe` failed. */
	exact: z.boolean()
});
export type RunRecord = z.infer<typeof runRecordSchema>;
