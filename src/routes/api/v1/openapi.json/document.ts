// The API's description. Bodies and answers come from the schemas that check them, so it cannot
// say anything else than what is done.
import { z } from 'zod';
import {
	adoptSchema,
	agentPageSchema,
	agentsQuerySchema,
	approvalFiguresSchema,
	aroundSchema,
	approvalQuerySchema,
	approvalSchema,
	auditEntrySchema,
	auditQuerySchema,
	bulkInputSchema,
	bulkPreviewSchema,
	bulkQuerySchema,
	bulkRetrySchema,
	bulkViewSchema,
	createdWebhookSchema,
	decidedManySchema,
	decideManySchema,
	decisionInputSchema,
	eventInputSchema,
	exportQuerySchema,
	figuresQuerySchema,
	handOverSchema,
	meSchema,
	problemSchema,
	purgeInputSchema,
	purgePreviewSchema,
	REQUEST_ROLES,
	restartSchema,
	runEventSchema,
	runPageSchema,
	runQuerySchema,
	runSchema,
	savedViewInputSchema,
	savedViewListSchema,
	savedViewSchema,
	startRunSchema,
	terminateSchema,
	webhookInputSchema,
	webhookSchema,
	workflowInfoSchema,
	type RequestType
} from '$lib/protocol';

const SCHEMAS = {
	Run: runSchema,
	AgentPage: agentPageSchema,
	RunPage: runPageSchema,
	RunEvent: runEventSchema,
	Approval: approvalSchema,
	Around: aroundSchema,
	Workflow: workflowInfoSchema,
	AuditEntry: auditEntrySchema,
	PurgePreview: purgePreviewSchema,
	BulkPreview: bulkPreviewSchema,
	BulkJob: bulkViewSchema,
	Me: meSchema,
	Problem: problemSchema,
	StartRun: startRunSchema,
	Terminate: terminateSchema,
	Restart: restartSchema,
	Adopt: adoptSchema,
	Event: eventInputSchema,
	ApprovalFigures: approvalFiguresSchema,
	Decision: decisionInputSchema,
	DecideMany: decideManySchema,
	DecidedMany: decidedManySchema,
	HandOver: handOverSchema,
	Webhook: webhookSchema,
	WebhookInput: webhookInputSchema,
	CreatedWebhook: createdWebhookSchema,
	Purge: purgeInputSchema,
	View: savedViewSchema,
	ViewList: savedViewListSchema,
	ViewInput: savedViewInputSchema,
	BulkAction: bulkInputSchema,
	BulkRetry: bulkRetrySchema
} satisfies Record<string, z.ZodType>;
type SchemaName = keyof typeof SCHEMAS;

type Call = {
	method: 'get' | 'post' | 'put' | 'delete';
	path: string;
	summary: string;
	/** What decides who may; null where nobody needs to be known. */
	request: RequestType | 'me' | null;
	query?: z.ZodType;
	body?: SchemaName;
	answers: Record<number, { description: string; schema?: object }>;
};

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` });
const listOf = (name: SchemaName) => ({ type: 'array', items: ref(name) });
const object = (properties: Record<string, object>) => ({
	type: 'object',
	properties,
	required: Object.keys(properties)
});
const cursor = { type: ['string', 'null'] };
const RUN = '/runs/{workflow}/{id}';
const run = { 200: { description: 'The run as it is after it', schema: ref('Run') } };
const approval = {
	200: { description: 'The approval as it is after it', schema: ref('Approval') }
};
const ACTS = {
	undo: 'Take back a decision of one’s own while it is held',
	'deliver-now': 'Let a held decision go at once',
	claim: 'Keep an approval for oneself',
	release: 'Give a kept approval up'
};
const eventsQuery = z.object({
	after: z.number().int().optional(),
	generation: z.number().int().optional(),
	/** A longer history is read on with `after`. */
	limit: z.number().int().max(10_000).optional()
});

const CALLS: Call[] = [
	{
		method: 'get',
		path: '/health',
		summary: 'Is it up?',
		request: null,
		answers: {
			200: {
				description: 'It is',
				schema: object({
					status: { type: 'string' },
					version: { type: 'string' },
					uptimeMs: { type: 'number' }
				})
			}
		}
	},
	{
		method: 'get',
		path: '/me',
		summary: 'Who am I?',
		request: 'me',
		answers: { 200: { description: 'Name, email, roles', schema: ref('Me') } }
	},
	{
		method: 'get',
		path: '/workflows',
		summary: 'The catalogue',
		request: 'workflows.list',
		answers: { 200: { description: 'Params as JSON Schema', schema: listOf('Workflow') } }
	},
	{
		method: 'get',
		path: '/runs',
		summary: 'A page of runs',
		request: 'runs.list',
		query: runQuerySchema,
		answers: { 200: { description: 'The page', schema: ref('RunPage') } }
	},
	{
		method: 'get',
		path: '/runs/export',
		summary: 'All runs that match, as CSV or as one JSON document a line',
		request: 'runs.export',
		query: exportQuerySchema,
		answers: { 200: { description: 'The file, written while it is read' } }
	},
	{
		method: 'post',
		path: '/runs',
		summary: 'Start a run',
		request: 'run.start',
		body: 'StartRun',
		answers: { 201: { description: 'The run', schema: ref('Run') } }
	},
	{
		method: 'get',
		path: RUN,
		summary: 'One run',
		request: 'run.get',
		answers: { 200: { description: 'The run', schema: ref('Run') } }
	},
	{
		method: 'get',
		path: `${RUN}/around`,
		summary: 'How long its workflow usually takes, and runs like it',
		request: 'run.around',
		answers: { 200: { description: 'What stands around it', schema: ref('Around') } }
	},
	{
		method: 'get',
		path: `${RUN}/audit`,
		summary: 'Who did what to it',
		request: 'run.audit',
		answers: {
			200: {
				description: 'Entries, newest first',
				schema: object({ entries: listOf('AuditEntry') })
			}
		}
	},
	{
		method: 'delete',
		path: RUN,
		summary: 'Delete the record of an ended run',
		request: 'run.delete',
		answers: { 204: { description: 'It is deleted' } }
	},
	{
		method: 'get',
		path: `${RUN}/events`,
		summary: 'Its history; live with `Accept: text/event-stream`',
		request: 'run.events',
		query: eventsQuery,
		answers: {
			200: {
				description:
					'Events as the engine gives them; `run-event` and `done` as server-sent events',
				schema: object({ events: listOf('RunEvent'), done: { type: 'boolean' } })
			}
		}
	},
	...(['pause', 'resume'] as const).map((action): Call => ({
		method: 'post',
		path: `${RUN}/${action}`,
		summary: `${action[0]?.toUpperCase()}${action.slice(1)} a run`,
		request: `run.${action}`,
		answers: run
	})),
	{
		method: 'post',
		path: `${RUN}/terminate`,
		summary: 'Terminate a run, at once or when `undoMs` have passed',
		request: 'run.terminate',
		body: 'Terminate',
		answers: run
	},
	{
		method: 'post',
		path: `${RUN}/restart`,
		summary:
			'Restart a run, from the beginning or from a step, at once or when `undoMs` have passed',
		request: 'run.restart',
		body: 'Restart',
		answers: run
	},
	{
		method: 'post',
		path: `${RUN}/undo`,
		summary: 'Undo a terminate or a restart that is held back',
		request: 'run.undo',
		answers: run
	},
	{
		method: 'post',
		path: `${RUN}/adopt`,
		summary: 'Begin to watch a run that was started outside its Agent',
		request: 'run.adopt',
		body: 'Adopt',
		answers: run
	},
	{
		method: 'post',
		path: `${RUN}/events`,
		summary: 'Send an event to a run that waits for it',
		request: 'run.send-event',
		body: 'Event',
		answers: run
	},
	{
		method: 'get',
		path: '/agents',
		summary: 'The Agents that have reported, with their runs by status',
		request: 'agents.list',
		query: agentsQuerySchema,
		answers: { 200: { description: 'Agents by path', schema: ref('AgentPage') } }
	},
	{
		method: 'get',
		path: '/approvals',
		summary: 'The queue; what waits, by deadline, then the oldest first',
		request: 'approvals.list',
		query: approvalQuerySchema,
		answers: {
			200: {
				description: 'A page of approvals',
				schema: object({
					approvals: listOf('Approval'),
					total: { type: 'integer' },
					nextCursor: cursor
				})
			}
		}
	},
	{
		method: 'get',
		path: '/approvals/figures',
		summary: 'How fast and by whom approvals are decided',
		request: 'approvals.figures',
		query: figuresQuerySchema,
		answers: { 200: { description: 'The figures', schema: ref('ApprovalFigures') } }
	},
	{
		method: 'post',
		path: '/approvals/decisions',
		summary: 'The same decision for several approvals, taken one by one',
		request: 'approvals.decide-many',
		body: 'DecideMany',
		answers: { 200: { description: 'What became of each', schema: ref('DecidedMany') } }
	},
	{
		method: 'get',
		path: '/approvals/{id}',
		summary: 'One approval',
		request: 'approval.get',
		answers: { 200: { description: 'The approval', schema: ref('Approval') } }
	},
	{
		method: 'post',
		path: '/approvals/{id}/decision',
		summary: 'Decide, once',
		request: 'approval.decide',
		body: 'Decision',
		answers: { 200: { description: 'The approval as decided', schema: ref('Approval') } }
	},
	...(['undo', 'deliver-now', 'claim', 'release'] as const).map((act): Call => ({
		method: 'post',
		path: `/approvals/{id}/${act}`,
		summary: ACTS[act],
		request: `approval.${act}`,
		answers: approval
	})),
	{
		method: 'post',
		path: '/approvals/{id}/hand-over',
		summary: 'Give an approval to somebody',
		request: 'approval.hand-over',
		body: 'HandOver',
		answers: approval
	},
	{
		method: 'get',
		path: '/links/{token}',
		summary: 'Follow a link to an approval, once; it decides nothing',
		request: 'approval.open-link',
		answers: {
			303: { description: 'To the page of the approval' },
			410: { description: 'It was used, or is too old', schema: ref('Problem') }
		}
	},
	{
		method: 'get',
		path: '/webhooks',
		summary: 'Who is told what becomes of approvals',
		request: 'webhooks.list',
		answers: { 200: { description: 'Without their secrets', schema: listOf('Webhook') } }
	},
	{
		method: 'post',
		path: '/webhooks',
		summary: 'Have an address told what becomes of approvals',
		request: 'webhook.create',
		body: 'WebhookInput',
		answers: {
			201: {
				description: 'The webhook, with its secret: told here and nowhere else',
				schema: ref('CreatedWebhook')
			}
		}
	},
	{
		method: 'delete',
		path: '/webhooks/{id}',
		summary: 'Tell an address no more',
		request: 'webhook.delete',
		answers: { 204: { description: 'It is deleted, and what was queued for it' } }
	},
	{
		method: 'post',
		path: '/purges',
		summary: 'Delete the records of ended runs, or say which ones it would be',
		request: 'purge.start',
		body: 'Purge',
		answers: {
			200: { description: 'What a dry run would delete', schema: ref('PurgePreview') },
			202: { description: 'The purge as a run', schema: ref('Run') }
		}
	},
	{
		method: 'post',
		path: '/bulk-actions',
		summary: 'Act on many runs, or say to which ones something could be done',
		request: 'bulk.start',
		body: 'BulkAction',
		answers: {
			200: { description: 'What a dry run counted', schema: ref('BulkPreview') },
			202: { description: 'The job as a run', schema: ref('Run') }
		}
	},
	{
		method: 'get',
		path: '/bulk-actions/{id}',
		summary: 'A job with a page of its runs, and what became of each',
		request: 'bulk.get',
		query: bulkQuerySchema,
		answers: { 200: { description: 'The job', schema: ref('BulkJob') } }
	},
	{
		method: 'post',
		path: '/bulk-actions/{id}/abort',
		summary: 'Stop a job before its next run',
		request: 'bulk.abort',
		answers: { 200: { description: 'The job as it stands', schema: ref('BulkJob') } }
	},
	{
		method: 'post',
		path: '/bulk-actions/{id}/retry',
		summary: 'Take up what failed in a job, or what it did not reach, in a new one',
		request: 'bulk.retry',
		body: 'BulkRetry',
		answers: { 202: { description: 'The new job as a run', schema: ref('Run') } }
	},
	{
		method: 'post',
		path: '/fleet/reindex',
		summary: 'Ask every known Agent to report all its runs again',
		request: 'fleet.reindex',
		answers: {
			200: {
				description: 'How many Agents and runs; which Agents did not answer',
				schema: object({
					agents: { type: 'integer' },
					runs: { type: 'integer' },
					unreachable: { type: 'array', items: { type: 'string' } }
				})
			}
		}
	},
	{
		method: 'get',
		path: '/views',
		summary: 'The saved views that one sees, with their counts',
		request: 'views.list',
		answers: {
			200: { description: 'All of them', schema: ref('ViewList') }
		}
	},
	{
		method: 'post',
		path: '/views',
		summary: 'Save a view; sharing it needs the role operator or admin',
		request: 'view.save',
		body: 'ViewInput',
		answers: { 201: { description: 'The view', schema: ref('View') } }
	},
	{
		method: 'put',
		path: '/views/{id}',
		summary: 'Change a view: all of it',
		request: 'view.save',
		body: 'ViewInput',
		answers: { 200: { description: 'The view as it is now', schema: ref('View') } }
	},
	{
		method: 'delete',
		path: '/views/{id}',
		summary: 'Delete a view',
		request: 'view.delete',
		answers: { 204: { description: 'It is deleted' } }
	},
	...(['put', 'delete'] as const).map((method): Call => ({
		method,
		path: '/views/{id}/pin',
		summary: method === 'put' ? 'Have a view at hand' : 'Have it at hand no more',
		request: 'view.pin',
		answers: { 200: { description: 'The view as it is now', schema: ref('View') } }
	})),
	{
		method: 'get',
		path: '/audit',
		summary: 'Who did what',
		request: 'audit.list',
		query: auditQuerySchema,
		answers: {
			200: {
				description: 'A page of entries, newest first',
				schema: object({ entries: listOf('AuditEntry'), nextCursor: cursor })
			}
		}
	}
];

function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
	const { $schema: _$schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
	return rest;
}

function parametersOf({ path, query }: Call): object[] {
	const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' }
	}));
	const properties = Object(query ? jsonSchema(query, 'input')['properties'] : {});
	const inQuery = Object.entries(properties).map(([name, schema]) => ({
		name,
		in: 'query',
		schema
	}));
	return [...inPath, ...inQuery];
}

function operationOf(call: Call): object {
	const { request, body, summary } = call;
	const roles = request && request !== 'me' ? REQUEST_ROLES[request] : [];
	const problem = { 'application/problem+json': { schema: ref('Problem') } };
	const answers = Object.entries(call.answers).map(([status, { description, schema }]) => [
		status,
		{ description, ...(schema ? { content: { 'application/json': { schema } } } : {}) }
	]);
	return {
		summary,
		...(roles.length > 0 ? { description: `Needs one of the roles: ${roles.join(', ')}.` } : {}),
		parameters: parametersOf(call),
		...(body ? { requestBody: { content: { 'application/json': { schema: ref(body) } } } } : {}),
		responses: {
			...Object.fromEntries(answers),
			default: { description: 'What is wrong, and what would be right', content: problem }
		}
	};
}

/** The OpenAPI 3.1 description of `/api/v1`. */
export function openApi(version: string, origin: string): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const call of CALLS) {
		paths[call.path] = { ...paths[call.path], [call.method]: operationOf(call) };
	}
	const schemas = Object.entries(SCHEMAS).map(([name, schema]) => [
		name,
		jsonSchema(schema, 'input')
	]);
	return {
		openapi: '3.1.0',
		info: {
			title: 'Signalbox',
			version,
			description: 'Runs, approvals and purges of workflows on Cloudflare Agents. Times are Ms.'
		},
		servers: [{ url: `${origin}/api/v1` }],
		paths,
		components: { schemas: Object.fromEntries(schemas) }
	};
}
