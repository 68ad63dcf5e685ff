import { fieldErrorsText } from '../../messages/server/field-errors';
import { z } from 'zod';
import { operationsText } from '../../messages/server/operations';
import { QUERY_FIELDS } from '../query-language';
import { aroundSchema } from '../run/around';
import { metadataSchema } from '../run/metadata';
import { eventInputSchema, restartSchema, terminateSchema } from '../run/commands';
import { runEventSchema } from '../run/events';
import { limitSchema, runPageSchema, runQuerySchema, runWindowSchema } from '../run/query';
import {
	newAgentPathSchema,
	namedRunsSchema,
	runIdSchema,
	runKey,
	runRefSchema,
	runSchema,
	workflowNameSchema,
	type RunRef
} from '../run/run';
import { auditEntrySchema } from '../wire/audit';
import { workflowInfoSchema } from '../wire/catalogue';
import { ROLES } from '../wire/identity';
import { sentJsonSchema } from '../wire/redact';
import { change, del, get, MEMBERS, post, put, read } from './operation';

const { summary, pageOnly } = operationsText;

/** The body of `POST /runs`. */
export const startRunSchema = z.strictObject({
	workflow: workflowNameSchema,
	agent: newAgentPathSchema.optional(),
	params: sentJsonSchema.default({}),
	metadata: metadataSchema.optional(),
	id: runIdSchema.optional()
});
export type StartRun = z.infer<typeof startRunSchema>;

/** The body of `POST …/adopt`: the Agent that gets the run; the workflow's default one otherwise. */
export const adoptSchema = z.strictObject({ agent: newAgentPathSchema.optional() });

/**
 * Words to complete while a query is typed: a field's values, a metadata key's, the keys, or the
 * values of any key.
 */
const suggestSchema = z.object({
	of: z.union([
		z.strictObject({ field: z.enum(QUERY_FIELDS) }),
		z.strictObject({ metadata: z.string().min(1).max(200) }),
		z.literal('metadata-keys'),
		z.literal('metadata-values')
	]),
	prefix: z.string().max(200).default(''),
	limit: limitSchema.default(20)
});
const suggestionSchema = z.object({
	value: z.string(),
	runs: z.number().int(),
	/** Of a value of any key: its key. */
	key: z.string().optional()
});
export type RunSuggestion = z.infer<typeof suggestionSchema>;

/** What `GET /runs/export` takes: all runs that match, in one file, or those that are named. */
export const exportQuerySchema = z.strictObject({
	q: runQuerySchema.shape.q,
	runs: namedRunsSchema.optional(),
	order: runQuerySchema.shape.order,
	format: z.enum(['csv', 'ndjson'], fieldErrorsText.format).default('ndjson')
});
export type ExportQuery = z.output<typeof exportQuerySchema>;

const onRun = z.object(runRefSchema.shape);
const RUN = '/runs/{workflow}/{id}';
const operator = ['operator'] as const;
const target = (run: RunRef) => runKey(run);
const reason = (input: { reason?: string | undefined }) => input.reason;

export const runOperations = {
	'workflows.list': read({
		summary: summary['workflows.list'],
		roles: ROLES,
		place: 'visible',
		input: z.object({}),
		output: z.array(workflowInfoSchema),
		http: [get('/workflows')]
	}),
	'runs.list': read({
		summary: summary['runs.list'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ query: runQuerySchema, window: runWindowSchema.optional() }),
		output: runPageSchema,
		http: [get('/runs', { query: { member: 'query' } })]
	}),
	'runs.suggest': read({
		summary: summary['runs.suggest'],
		roles: ROLES,
		place: 'visible',
		input: suggestSchema,
		output: z.array(suggestionSchema),
		http: { none: pageOnly }
	}),
	'runs.export': read({
		summary: summary['runs.export'],
		roles: ROLES,
		place: 'visible',
		input: z.object({ query: exportQuerySchema }),
		output: z.null(), // the file comes as a stream
		http: [get('/runs/export', { query: { member: 'query' }, stream: 'file' })]
	}),
	'run.get': read({
		summary: summary['run.get'],
		roles: ROLES,
		place: 'run',
		input: onRun,
		output: runSchema,
		http: [get(RUN)]
	}),
	'run.events': read({
		summary: summary['run.events'],
		roles: ROLES,
		place: 'run',
		input: onRun.extend({
			after: z.coerce.number().int().min(0).default(0),
			generation: z.coerce.number().int().min(1).optional(),
			/** A longer history is read on with `after`. */
			limit: z.coerce.number().int().min(1).max(10_000).default(10_000)
		}),
		output: z.object({ events: z.array(runEventSchema), done: z.boolean() }),
		http: [get(`${RUN}/events`, { query: MEMBERS, stream: 'events' })]
	}),
	'run.around': read({
		summary: summary['run.around'],
		roles: ROLES,
		place: 'run',
		input: onRun,
		output: aroundSchema,
		http: [get(`${RUN}/around`)]
	}),
	'run.audit': read({
		summary: summary['run.audit'],
		roles: ROLES,
		place: 'run',
		input: onRun,
		output: z.object({ entries: z.array(auditEntrySchema) }),
		http: [get(`${RUN}/audit`)]
	}),
	'run.start': change({
		summary: summary['run.start'],
		roles: operator,
		place: 'new-run',
		input: z.object(startRunSchema.shape),
		output: runSchema,
		// A run that was not started has no name.
		audit: { target: (_input, run) => run && runKey(run) },
		http: [post('/runs', { status: 201, body: MEMBERS, location: '/api/v1/runs/{workflow}/{id}' })]
	}),
	'run.adopt': change({
		summary: summary['run.adopt'],
		roles: operator,
		place: 'new-run',
		input: onRun.extend(adoptSchema.shape),
		output: runSchema,
		audit: { target },
		http: [post(`${RUN}/adopt`, { body: MEMBERS })]
	}),
	'run.pause': change({
		summary: summary['run.pause'],
		roles: operator,
		place: 'run',
		input: onRun,
		output: runSchema,
		audit: { target },
		http: [post(`${RUN}/pause`)]
	}),
	'run.resume': change({
		summary: summary['run.resume'],
		roles: operator,
		place: 'run',
		input: onRun,
		output: runSchema,
		audit: { target },
		http: [post(`${RUN}/resume`)]
	}),
	'run.terminate': change({
		summary: summary['run.terminate'],
		roles: operator,
		place: 'run',
		input: onRun.extend(terminateSchema.shape),
		output: runSchema,
		audit: { target, reason },
		http: [post(`${RUN}/terminate`, { body: MEMBERS })]
	}),
	'run.restart': change({
		summary: summary['run.restart'],
		roles: operator,
		place: 'run',
		input: onRun.extend(restartSchema.shape),
		output: runSchema,
		audit: { target, reason },
		http: [post(`${RUN}/restart`, { body: MEMBERS })]
	}),
	'run.undo': change({
		summary: summary['run.undo'],
		roles: operator,
		place: 'run',
		input: onRun,
		output: runSchema,
		audit: { target },
		http: [post(`${RUN}/undo`)]
	}),
	'run.send-event': change({
		summary: summary['run.send-event'],
		roles: operator,
		place: 'run',
		input: onRun.extend({ event: eventInputSchema }),
		output: runSchema,
		audit: { target },
		http: [post(`${RUN}/events`, { body: { member: 'event' } })]
	}),
	'run.pin': change({
		summary: summary['run.pin'],
		roles: ['operator', 'admin'],
		place: 'run',
		input: onRun.extend({ pinned: z.boolean() }),
		output: runSchema,
		audit: { target },
		http: [
			put(`${RUN}/pin`, { fixed: { pinned: true } }),
			del(`${RUN}/pin`, { status: 200, fixed: { pinned: false } })
		]
	}),
	'run.delete': change({
		summary: summary['run.delete'],
		roles: ['admin'],
		place: 'run',
		input: onRun,
		output: z.object({ deleted: z.literal(true) }),
		audit: { target },
		http: [del(RUN)]
	})
};
