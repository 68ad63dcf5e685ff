// Everything that can be asked of Signalbox, whichever door it comes in by. One schema and one
// table of roles serve the websocket and the HTTP API alike.
import { z } from 'zod';
import { agentsQuerySchema } from './agent-counts';
import { approvalIdSchema, decisionInputSchema } from '../approval/approval';
import {
	approvalQuerySchema,
	decideManySchema,
	figuresQuerySchema
} from '../approval/approval-query';
import { bulkJobSchema, bulkQuerySchema, bulkRetrySchema } from '../run/bulk';
import { eventInputSchema, restartSchema, terminateSchema } from '../run/commands';
import { type Identity, type Role, ROLES } from './identity';
import { jsonObjectSchema, jsonSchema } from './json';
import { problem, type Problem } from './problem';
import { purgeCriteriaSchema } from './purge';
import { limitSchema, runQuerySchema, runWindowSchema } from '../run/query';
import { QUERY_FIELDS } from '../query-language';
import {
	agentPathSchema,
	namedRunsSchema,
	runIdSchema,
	runRefSchema,
	workflowNameSchema
} from '../run/run';
import { webhookIdSchema, webhookInputSchema } from './webhook';
import { savedViewInputSchema, viewIdSchema } from './saved-view';

/** The body of `POST /runs`. */
export const startRunSchema = z.strictObject({
	workflow: workflowNameSchema,
	agent: agentPathSchema.optional(),
	params: jsonSchema.default({}),
	metadata: jsonObjectSchema.optional(),
	id: runIdSchema.optional()
});
export type StartRun = z.infer<typeof startRunSchema>;

/** The body of `POST …/adopt`: whose run it is to be; the workflow's default Agent otherwise. */
export const adoptSchema = z.strictObject({ agent: agentPathSchema.optional() });

const page = { limit: limitSchema.default(50), cursor: z.string().max(1000).optional() };

/** What `GET /audit` takes. */
export const auditQuerySchema = z.strictObject({
	by: z.string().max(200).optional(),
	action: z.string().max(100).optional(),
	target: z.string().max(300).optional(),
	...page
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

/** Words to complete while a query is typed: a field's values, a metadata key's, or the keys. */
export const suggestSchema = z.strictObject({
	of: z.union([
		z.strictObject({ field: z.enum(QUERY_FIELDS) }),
		z.strictObject({ metadata: z.string().min(1).max(200) }),
		z.literal('metadata-keys')
	]),
	prefix: z.string().max(200).default(''),
	limit: limitSchema.default(20)
});
export const suggestionSchema = z.object({ value: z.string(), runs: z.number().int() });
export type RunSuggestion = z.infer<typeof suggestionSchema>;

/** What `GET /runs/export` takes: all runs that match, in one file, or those that are named. */
export const exportQuerySchema = z.strictObject({
	q: runQuerySchema.shape.q,
	runs: namedRunsSchema.optional(),
	order: runQuerySchema.shape.order,
	format: z.enum(['csv', 'ndjson'], 'must be csv or ndjson').default('ndjson')
});
export type ExportQuery = z.output<typeof exportQuerySchema>;

/** The body of `POST …/hand-over`: who is to keep the approval from now on, by name or email. */
export const handOverSchema = z.strictObject({ to: z.string().trim().min(1).max(200) });

const onRun = runRefSchema.shape;
const onApproval = { id: approvalIdSchema };
const request = <T extends string, S extends z.core.$ZodLooseShape>(type: T, shape: S) =>
	z.object({ type: z.literal(type), ...shape });

export const requestSchema = z.discriminatedUnion('type', [
	request('workflows.list', {}),
	request('runs.list', { query: runQuerySchema, window: runWindowSchema.optional() }),
	request('runs.suggest', suggestSchema.shape),
	request('runs.export', { query: exportQuerySchema }),
	request('run.get', onRun),
	request('run.events', {
		...onRun,
		after: z.coerce.number().int().min(0).default(0),
		generation: z.coerce.number().int().min(1).optional(),
		limit: z.coerce.number().int().min(1).max(10_000).default(10_000)
	}),
	request('run.around', onRun),
	request('run.audit', onRun),
	request('run.start', startRunSchema.shape),
	request('run.adopt', { ...onRun, ...adoptSchema.shape }),
	request('run.pause', onRun),
	request('run.resume', onRun),
	request('run.terminate', { ...onRun, ...terminateSchema.shape }),
	request('run.restart', { ...onRun, ...restartSchema.shape }),
	request('run.undo', onRun),
	request('run.send-event', { ...onRun, event: eventInputSchema }),
	request('run.delete', onRun),
	request('agents.list', { query: agentsQuerySchema }),
	request('approvals.list', { query: approvalQuerySchema }),
	request('approval.get', onApproval),
	request('approval.decide', { ...onApproval, decision: decisionInputSchema }),
	request('approval.undo', onApproval),
	request('approval.deliver-now', onApproval),
	request('approval.claim', onApproval),
	request('approval.release', onApproval),
	request('approval.hand-over', { ...onApproval, ...handOverSchema.shape }),
	request('approvals.decide-many', decideManySchema.shape),
	request('approvals.figures', { query: figuresQuerySchema }),
	request('approval.open-link', { token: z.string().max(300) }),
	request('webhooks.list', {}),
	request('webhook.create', { webhook: webhookInputSchema }),
	request('webhook.delete', { id: webhookIdSchema }),
	request('purge.preview', { criteria: purgeCriteriaSchema }),
	request('purge.start', { criteria: purgeCriteriaSchema }),
	request('bulk.preview', { job: bulkJobSchema }),
	request('bulk.start', { job: bulkJobSchema }),
	request('bulk.get', { id: runIdSchema, query: bulkQuerySchema }),
	request('bulk.abort', { id: runIdSchema }),
	request('bulk.retry', { id: runIdSchema, ...bulkRetrySchema.shape }),
	request('audit.list', { query: auditQuerySchema }),
	request('views.list', {}),
	request('view.save', { id: viewIdSchema.optional(), view: savedViewInputSchema }),
	request('view.delete', { id: viewIdSchema }),
	request('view.pin', { id: viewIdSchema, pinned: z.boolean() }),
	request('fleet.reindex', {})
]);
export type Request = z.output<typeof requestSchema>;
export type RequestInput = z.input<typeof requestSchema>;
export type RequestType = Request['type'];
/** The request of one type. */
export type RequestOf<T extends RequestType> = Extract<Request, { type: T }>;

/** Who may ask for what: anyone with one of these roles. */
export const REQUEST_ROLES: Record<RequestType, readonly Role[]> = {
	'workflows.list': ROLES,
	'runs.list': ROLES,
	'runs.suggest': ROLES,
	'runs.export': ROLES,
	'run.get': ROLES,
	'run.events': ROLES,
	'run.around': ROLES,
	'run.audit': ROLES,
	'run.start': ['operator'],
	'run.adopt': ['operator'],
	'run.pause': ['operator'],
	'run.resume': ['operator'],
	'run.terminate': ['operator'],
	'run.restart': ['operator'],
	'run.undo': ['operator'],
	'run.send-event': ['operator'],
	'run.delete': ['admin'],
	'agents.list': ROLES,
	'approvals.list': ROLES,
	'approval.get': ROLES,
	'approval.decide': ['approver'],
	'approval.undo': ['approver'],
	'approval.deliver-now': ['approver'],
	'approval.claim': ['approver'],
	'approval.release': ['approver', 'admin'],
	'approval.hand-over': ['approver', 'admin'],
	'approvals.decide-many': ['approver'],
	'approvals.figures': ROLES,
	'approval.open-link': ROLES,
	'webhooks.list': ['admin'],
	'webhook.create': ['admin'],
	'webhook.delete': ['admin'],
	'purge.preview': ['admin'],
	'purge.start': ['admin'],
	// Beside one of these, a job needs the role of its own action.
	'bulk.preview': ['operator', 'admin'],
	'bulk.start': ['operator', 'admin'],
	'bulk.get': ROLES,
	'bulk.abort': ['operator', 'admin'],
	'bulk.retry': ['operator', 'admin'],
	'audit.list': ['admin'],
	'views.list': ROLES,
	// Sharing one needs a role more: see `SHARING_ROLES`.
	'view.save': ROLES,
	'view.delete': ROLES,
	'view.pin': ROLES,
	'fleet.reindex': ['admin']
};

/** Requests that change something: each is written to the audit, done or refused. */
export const CHANGING: Record<RequestType, boolean> = {
	'workflows.list': false,
	'runs.list': false,
	'runs.suggest': false,
	'runs.export': false,
	'run.get': false,
	'run.events': false,
	'run.around': false,
	'run.audit': false,
	'run.start': true,
	'run.adopt': true,
	'run.pause': true,
	'run.resume': true,
	'run.terminate': true,
	'run.restart': true,
	'run.undo': true,
	'run.send-event': true,
	'run.delete': true,
	'agents.list': false,
	'approvals.list': false,
	'approval.get': false,
	'approval.decide': true,
	'approval.undo': true,
	'approval.deliver-now': true,
	'approval.claim': true,
	'approval.release': true,
	'approval.hand-over': true,
	'approvals.decide-many': true,
	'approvals.figures': false,
	'approval.open-link': true,
	'webhooks.list': false,
	'webhook.create': true,
	'webhook.delete': true,
	'purge.preview': false,
	'purge.start': true,
	'bulk.preview': false,
	'bulk.start': true,
	'bulk.get': false,
	'bulk.abort': true,
	'bulk.retry': true,
	'audit.list': false,
	'views.list': false,
	'view.save': true,
	'view.delete': true,
	'view.pin': true,
	'fleet.reindex': true
};

/** May somebody with these roles ask for this? */
export function mayRequest(type: RequestType, roles: readonly Role[]): boolean {
	return REQUEST_ROLES[type].some((role) => roles.includes(role));
}

/** The problem that a person without the role gets; null for one who may. */
export function refusal(type: RequestType, identity: Identity): Problem | null {
	if (mayRequest(type, identity.roles)) return null;
	const needed = REQUEST_ROLES[type].join(' or ');
	const held = identity.roles.length > 0 ? identity.roles.join(', ') : 'none';
	return problem('forbidden', `${type} needs the role ${needed}; ${identity.name} has: ${held}.`);
}
