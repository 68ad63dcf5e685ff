// The websocket between the browser and the Operations agent. A connection says what it looks at
// (`watch`) and gets a snapshot, then changes. On reconnect it asks again: a snapshot is always
// right, so nothing needs to be remembered on either side.
import { z } from 'zod';
import { agentCountsSchema, agentPageSchema, agentsQuerySchema } from './agent-counts';
import { approvalIdSchema, approvalSchema } from '../approval/approval';
import { auditEntrySchema, auditQuerySchema } from './audit';
import { runEventSchema } from '../run/events';
import { undoableCommandSchema } from '../run/undoable-command';
import { timestampSchema } from './json';
import { problemSchema } from './problem';
import { progressPointSchema } from '../run/progress';
import {
	approvalPageSchema,
	approvalQuerySchema,
	precedentSchema
} from '../approval/approval-query';
import type { OperationName } from '../contract';
import { runQuerySchema, runWindowSchema } from '../run/query';
import { runRefSchema, runRowSchema, runSchema } from '../run/run';
import { savedViewSchema, viewCountsSchema } from './saved-view';
import { RUN_STATUSES, runStatusSchema } from '../run/status';

/** The text frame that asks for a heartbeat, and the one that answers it. */
export const HEARTBEAT = { ask: 'signalbox:ping', answer: 'signalbox:pong' } as const;

const shownWindowSchema = z.object({
	offset: z.number().int(),
	/** How many matching runs stand before `from`; counted up to a bound. */
	before: z.number().int(),
	beforeExact: z.boolean(),
	/** Marks the first row of the list, so that it can be begun there again; null for an empty one. */
	head: z.string().nullable()
});
export type ShownWindow = z.infer<typeof shownWindowSchema>;

/** Runs by status that the query finds when its own `status` terms are left out. */
const byStatusSchema = z.partialRecord(runStatusSchema, z.number().int());
export type RunsByStatus = z.infer<typeof byStatusSchema>;

/** What a connection can look at. */
export const viewSchema = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('runs'), query: runQuerySchema, window: runWindowSchema.optional() }),
	z.object({ kind: z.literal('run'), ...runRefSchema.shape }),
	z.object({ kind: z.literal('approvals'), query: approvalQuerySchema }),
	z.object({ kind: z.literal('approval'), id: approvalIdSchema }),
	z.object({ kind: z.literal('activity') }),
	z.object({ kind: z.literal('audit'), query: auditQuerySchema }),
	z.object({
		kind: z.literal('views'),
		/** Counts of all views, or only of those whose count stands in the navigation. */
		counts: z.enum(['badges', 'all']).default('badges'),
		/** Another number asks anew: time goes on, and with it what relative times find. */
		round: z.number().int().default(0)
	}),
	/** The Agents of the fleet with their runs by status. */
	z.object({ kind: z.literal('agents'), query: agentsQuerySchema.prefault({}) }),
	/** Who did what to one run. */
	z.object({ kind: z.literal('run-audit'), ...runRefSchema.shape }),
	/** The summary of what this person sees: the synced state is of the whole workspace. */
	z.object({ kind: z.literal('summary') })
]);
export type View = z.output<typeof viewSchema>;
export type ViewInput = z.input<typeof viewSchema>;
export type ViewKind = View['kind'];

/** Looking at something needs a role that may ask for it. */
export const VIEW_REQUESTS: Record<ViewKind, OperationName> = {
	runs: 'runs.list',
	run: 'run.get',
	approvals: 'approvals.list',
	approval: 'approval.get',
	activity: 'runs.list',
	audit: 'audit.list',
	views: 'views.list',
	'run-audit': 'run.audit',
	agents: 'agents.list',
	summary: 'runs.list'
};

const watchId = z.string().min(1).max(64);
const ackSchema = z.string().min(1).max(64);

/** Compared when a page connects: one that was loaded from an older server must be loaded again. */
export const SIGNALBOX_VERSION = '0.1.0';
const helloSchema = z.object({ type: z.literal('hello'), version: z.string().max(100) });

/** What a browser sends beside calls. */
export const clientFrameSchema = z.discriminatedUnion('type', [
	helloSchema,
	z.object({ type: z.literal('watch'), watch: watchId, view: viewSchema }),
	z.object({ type: z.literal('unwatch'), watch: watchId }),
	/** Everything up to the change that asked for it has been read. */
	z.object({ type: z.literal('ack'), ack: ackSchema })
]);
export type ClientFrame = z.output<typeof clientFrameSchema>;
export type ClientFrameInput = z.input<typeof clientFrameSchema>;

/** Which subscription a frame asks for, whether or not the rest of it can be read. */
export const watchNameSchema = z.object({ type: z.literal('watch'), watch: watchId });

/** Runs that began and ended in one minute. `minute` is its start in Ms. */
export const activityMinuteSchema = z.object({
	minute: timestampSchema,
	started: z.number().int(),
	completed: z.number().int(),
	failed: z.number().int()
});
export type ActivityMinute = z.infer<typeof activityMinuteSchema>;

/** The Operations agent's synced state: the small summary that everyone needs. */
export const summarySchema = z.object({
	counts: z.partialRecord(runStatusSchema, z.number().int()),
	pendingApprovals: z.number().int(),
	/** Agents that have reported a run. */
	agents: z.number().int(),
	at: timestampSchema
});
export type Summary = z.infer<typeof summarySchema>;

/** What a watch is sent: all of it first, then changes by key. */
export const changeSchema = z.discriminatedUnion('kind', [
	/** A page of runs, whole. */
	z.object({
		kind: z.literal('runs'),
		rows: z.array(runRowSchema),
		total: z.number().int(),
		totalExact: z.boolean(),
		nextCursor: z.string().nullable(),
		window: shownWindowSchema.optional(),
		byStatus: byStatusSchema.optional()
	}),
	/** Rows that changed or entered; `keys` is the page's new order when that changed too. */
	z.object({
		kind: z.literal('runs-changed'),
		rows: z.array(runRowSchema),
		keys: z.array(z.string()).optional(),
		total: z.number().int(),
		totalExact: z.boolean(),
		nextCursor: z.string().nullable(),
		window: shownWindowSchema.optional(),
		byStatus: byStatusSchema.optional()
	}),
	/** Counts that took longer than the rows, which went ahead. */
	z.object({
		kind: z.literal('runs-counted'),
		byStatus: byStatusSchema,
		total: z.number().int()
	}),
	/** A run, its history so far and its children. `exact` is false for a coarse history. */
	z.object({
		kind: z.literal('run'),
		run: runSchema,
		exact: z.boolean(),
		events: z.array(runEventSchema),
		/** Every run that it led to, parents before their children. */
		children: z.array(runRowSchema),
		/** The runs that led to it, its parent first. */
		ancestors: z.array(runRowSchema).default([]),
		approvals: z.array(approvalSchema),
		/** The command that can still be undone; absent while its Agent cannot be asked. */
		held: undoableCommandSchema.nullable().optional(),
		/** The numbers it reported, those after the ones sent before; absent as above. */
		trail: z.array(progressPointSchema).optional()
	}),
	/** What changed of a run; events are those after the ones sent before. */
	z.object({
		kind: z.literal('run-changed'),
		run: runSchema,
		exact: z.boolean(),
		events: z.array(runEventSchema),
		children: z.array(runRowSchema).optional(),
		ancestors: z.array(runRowSchema).optional(),
		approvals: z.array(approvalSchema).optional(),
		held: undoableCommandSchema.nullable().optional(),
		/** The numbers it reported, those after the ones sent before; absent as above. */
		trail: z.array(progressPointSchema).optional()
	}),
	/** The run was deleted while it was looked at. */
	z.object({ kind: z.literal('run-gone') }),
	z.object({ kind: z.literal('approvals'), ...approvalPageSchema.shape }),
	/** One approval, its run, who else looks at it, and what earlier ones tell. */
	z.object({
		kind: z.literal('approval'),
		approval: approvalSchema,
		run: runRowSchema.nullable(),
		/** Names of the others who look at it now. */
		watchers: z.array(z.string()),
		precedent: precedentSchema
	}),
	/** The last hour, oldest minute first; minutes in which nothing happened are left out. */
	z.object({ kind: z.literal('activity'), minutes: z.array(activityMinuteSchema) }),
	z.object({ kind: z.literal('audit'), entries: z.array(auditEntrySchema) }),
	z.object({ kind: z.literal('summary'), summary: summarySchema }),
	z.object({ kind: z.literal('agents'), ...agentPageSchema.shape }),
	/** Agents of those sent before whose counts changed. */
	z.object({ kind: z.literal('agents-changed'), agents: z.array(agentCountsSchema) }),
	/** The views that somebody sees, and the counts that are known so far. */
	z.object({ kind: z.literal('views'), views: z.array(savedViewSchema), counts: viewCountsSchema }),
	/** All counts that are known by now; the views are as before. */
	z.object({ kind: z.literal('views-counted'), counts: viewCountsSchema }),
	/** The watch cannot be served, now or any more. */
	z.object({ kind: z.literal('refused'), problem: problemSchema })
]);
export type Change = z.output<typeof changeSchema>;
export type ChangeKind = Change['kind'];
export type ChangeOf<K extends ChangeKind> = Extract<Change, { kind: K }>;

/** The frame around a change, which says whose it is even where the change cannot be read. */
export const changeFrameSchema = z.object({
	type: z.literal('change'),
	watch: watchId,
	at: timestampSchema,
	/** To be sent back once it was read: a connection that acknowledges nothing gets no more. */
	ack: ackSchema.optional()
});

/** What the Operations agent sends. `at` is the server's clock, by which durations tick. */
export const serverFrameSchema = z.discriminatedUnion('type', [
	changeFrameSchema.extend({ change: changeSchema }),
	/** Answers the client's `hello`. */
	helloSchema.extend({ at: timestampSchema }),
	z.object({ type: z.literal('error'), at: timestampSchema, problem: problemSchema })
]);
export type ServerFrame = z.output<typeof serverFrameSchema>;

/** How many runs there are in all. */
export function totalRuns(summary: Summary): number {
	return RUN_STATUSES.reduce((sum, status) => sum + (summary.counts[status] ?? 0), 0);
}
