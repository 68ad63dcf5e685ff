// What an Agent keeps of a run: its history, folded, and the facts beside it. Both are stored and
// read back by later versions, so each has a schema: a field that a version adds says what it is
// in rows that were written before (`prefault`).
import { z } from 'zod';
import { subjectSchema } from '../wire/subject';
import { jsonObjectSchema, timestampSchema, type Json } from '../wire/json';
import { agentRefSchema, failedRollbackSchema, runErrorSchema, runRefSchema } from './run';
import { runOutcomeSchema } from './status';

/** A value that `JSON.parse` gave: JSON for certain, and perhaps too long to walk at each read. */
const parsedJson = z.custom<Json>((value) => value !== undefined);
const time = timestampSchema.nullable().prefault(null);

/** A step that has begun and not ended. `retryAt` is set between two attempts. */
const openStepSchema = z.object({
	name: z.string(),
	startedAt: timestampSchema,
	attempt: z.number(),
	retryAt: timestampSchema.nullable(),
	/** Why its last attempt failed, once there is no other. */
	error: runErrorSchema.nullable().optional()
});
const openSleepSchema = z.object({
	name: z.string(),
	since: timestampSchema,
	dueAt: timestampSchema,
	/** When it was due before pauses shifted it. */
	plannedAt: timestampSchema.optional()
});
const openWaitSchema = z.object({
	name: z.string(),
	eventType: z.string(),
	since: timestampSchema
});

/** What a run's history says so far. Names are the engine's (`flaky-1`); times are Ms. */
export const runHistorySchema = z.object({
	/** The id of the last event folded; 0 before the first. */
	cursor: z.number().int(),
	phase: z.enum(['queued', 'running', 'waitingForPause', 'paused', 'rollingBack', 'ended']),
	/** Since when it is paused; null while it is not. */
	pausedAt: time,
	end: z
		.object({ status: z.enum(['complete', 'errored', 'terminated']), outcome: runOutcomeSchema })
		.nullable(),
	/** Undefined until the history says it. */
	params: parsedJson.optional(),
	output: parsedJson,
	error: runErrorSchema.nullable(),
	queuedAt: time,
	startedAt: time,
	updatedAt: time,
	finishedAt: time,
	retries: z.number().int(),
	/** The user's step, sleep or wait that was entered last. */
	step: z.string().nullable(),
	steps: z.array(openStepSchema),
	sleeps: z.array(openSleepSchema),
	waits: z.array(openWaitSchema),
	/** The approval wait that timed out last: what tells `expired` from `failed`. */
	timedOut: z.string().nullable().prefault(null),
	/** The event type of the wait that timed out last, approval or not. */
	timedOutEvent: z.string().nullable().prefault(null),
	/** The user's steps that failed, newest last: one of them may end the run. */
	failures: z.array(z.object({ step: z.string(), error: runErrorSchema.nullable() })).prefault([]),
	failedRollback: failedRollbackSchema.nullable().prefault(null),
	/** The time of the previous generation's last event: what a restart keeps is not later. */
	keptUntil: time,
	/** When this generation began itself, after the events that a restart from a step kept. */
	restartedAt: time
});
export type RunHistory = z.infer<typeof runHistorySchema>;

/** What an Agent knows of a run beside its history. */
export const runFactsSchema = z.object({
	ref: runRefSchema,
	generation: z.number().int().min(1),
	agent: agentRefSchema,
	parent: runRefSchema.nullable(),
	metadata: jsonObjectSchema,
	params: parsedJson,
	progress: parsedJson,
	/** By when the shown progress was said, by the workflow's own clock; 0 before any was. */
	progressAt: z.number().optional(),
	startedBy: z.string().nullable(),
	startedBySubject: subjectSchema.optional(),
	createdAt: timestampSchema,
	/** See `Run.approvalEvents`. */
	approvalEvents: z.array(z.string()).optional(),
	/** When something beside the history changed last (progress, metadata). */
	touchedAt: timestampSchema,
	/** The engine knows no such instance any more (or never did); the history is all there is. */
	lost: z.boolean().prefault(false),
	/** The Worker has no workflow binding of this name now. */
	missingBinding: z.boolean().optional()
});
export type RunFacts = z.infer<typeof runFactsSchema>;
