// Bindings that are missing, and what the doctor finds.
import { z } from 'zod';
import { maintenanceText } from '../../messages/server/maintenance';
import { agentPathSchema, runRefSchema } from '../run/run';

const countsSchema = z.object({ active: z.number().int(), ended: z.number().int() });

/** A move of runs from a binding's former name to the present one. Times are Ms. */
export const bindingMigrationSchema = z.object({
	from: z.string(),
	to: z.string(),
	by: z.string(),
	at: z.number(),
	finishedAt: z.number().nullable(),
	/** Agents that have such runs, and those whose runs have not moved yet. */
	agents: z.number().int(),
	left: z.number().int(),
	/** Agents whose turn failed, and why; another request tries again. */
	failed: z.array(z.object({ agent: z.string(), detail: z.string() }))
});
export type BindingMigration = z.output<typeof bindingMigrationSchema>;

export const bindingsSchema = z.object({
	/** Every workflow name that a run has, or that has a binding. */
	bindings: z.array(z.object({ workflow: z.string(), isBound: z.boolean(), runs: countsSchema })),
	/** Newest first. */
	migrations: z.array(bindingMigrationSchema)
});
export type BindingList = z.output<typeof bindingsSchema>;

export const bindingPreviewSchema = z.object({
	from: z.string(),
	to: z.string(),
	runs: countsSchema,
	/** Pending ones; decisions that were not delivered go to the engine once the runs have moved. */
	pendingApprovals: z.number().int(),
	agents: z.array(z.object({ agent: z.string(), runs: z.number().int() })),
	/** Runs that exist under both names, which stay as they are. */
	conflicts: z.array(z.string())
});
export type BindingPreview = z.output<typeof bindingPreviewSchema>;

/** What the doctor can put right by itself. */
export const DOCTOR_FIXES = ['track-runs', 'report-all', 'delete-records'] as const;

export const FINDING_KINDS = [
	'lost-runs',
	'untracked-runs',
	'agent-unreachable',
	'agent-gone',
	'lagging-outbox',
	'set-aside',
	'missing-binding'
] as const;

export const findingSchema = z.object({
	kind: z.enum(FINDING_KINDS),
	/** How many runs, records or changes it is about. */
	count: z.number().int(),
	detail: z.string(),
	agent: z.string().nullable(),
	workflow: z.string().nullable(),
	/** A few of them. */
	runs: z.array(runRefSchema),
	/** What puts it right: one of the doctor's own fixes, or a request of its own. */
	fix: z.enum([...DOCTOR_FIXES, 'reindex', 'migrate-binding']).nullable()
});
export type Finding = z.output<typeof findingSchema>;

export const doctorReportSchema = z.object({
	at: z.number(),
	findings: z.array(findingSchema),
	/** Agents that are known, and those that were asked. */
	agents: z.object({ known: z.number().int(), asked: z.number().int() }),
	tables: z.array(z.object({ table: z.string(), rows: z.number().int() })),
	/** The size of the index's database and its limit, bytes. */
	storage: z.object({ used: z.number(), limit: z.number() }),
	/** What watching costs by the runs of the last 30 days, US dollars a month. */
	cost: z.object({ runs: z.number().int(), rows: z.number(), usd: z.number() })
});
export type DoctorReport = z.output<typeof doctorReportSchema>;

export const doctorFixSchema = z
	.strictObject({ fix: z.enum(DOCTOR_FIXES), agent: agentPathSchema.optional() })
	.refine(({ fix, agent }) => fix === 'delete-records' || agent !== undefined, {
		path: ['agent'],
		message: maintenanceText.agentMissing
	});
