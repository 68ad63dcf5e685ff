// The API's description, derived from the contract: it cannot say anything else than what is done.
import { z } from 'zod';
import {
	agentPageSchema,
	approvalFiguresSchema,
	approvalSchema,
	aroundSchema,
	auditEntrySchema,
	bulkPreviewSchema,
	bulkViewSchema,
	createdWebhookSchema,
	decidedManySchema,
	decisionInputSchema,
	eventInputSchema,
	jsonSchema,
	OPERATION_NAMES,
	operationOf,
	OPERATIONS,
	problemSchema,
	purgePreviewSchema,
	routesOf,
	runEventSchema,
	runPageSchema,
	runSchema,
	savedViewInputSchema,
	savedViewListSchema,
	savedViewSchema,
	SERVER_ROUTES,
	takesIdempotencyKey,
	webhookInputSchema,
	webhookSchema,
	workflowInfoSchema,
	type HttpRoute,
	type OperationName,
	type Placement
} from '$lib/protocol';
import { operationsText } from '$lib/messages/server/operations';

/** Schemas that are described once, under these names. */
const NAMED: Record<string, z.ZodType> = {
	Run: runSchema,
	RunPage: runPageSchema,
	RunEvent: runEventSchema,
	Around: aroundSchema,
	AgentPage: agentPageSchema,
	Approval: approvalSchema,
	ApprovalFigures: approvalFiguresSchema,
	Decision: decisionInputSchema,
	DecidedMany: decidedManySchema,
	Event: eventInputSchema,
	Workflow: workflowInfoSchema,
	AuditEntry: auditEntrySchema,
	PurgePreview: purgePreviewSchema,
	BulkPreview: bulkPreviewSchema,
	BulkJob: bulkViewSchema,
	Webhook: webhookSchema,
	WebhookInput: webhookInputSchema,
	CreatedWebhook: createdWebhookSchema,
	View: savedViewSchema,
	ViewInput: savedViewInputSchema,
	ViewList: savedViewListSchema,
	Me: SERVER_ROUTES.me.output,
	Problem: problemSchema,
	Json: jsonSchema
};

const COMPONENTS = '#/components/schemas/';
const { answer, needsRole, apiDescription } = operationsText;

type JsonObject = Record<string, unknown>;
type Content = Record<string, { schema: object }>;
type Responses = Record<string, { description: string; content?: Content }>;
type Described = {
	operationId: string;
	requestBody?: { content: Content };
	responses: Responses;
} & JsonObject;

/** Names each schema of the API once, and writes all of them as JSON Schema. */
class SchemaWriter {
	readonly #registry = z.registry<{ id: string }>();
	readonly #names = new Set(Object.keys(NAMED));

	constructor() {
		for (const [id, schema] of Object.entries(NAMED)) this.#registry.add(schema, { id });
	}

	/** Refers to a schema, by the name that it has or gets. */
	refer(schema: z.ZodType, id: string): object {
		if (!this.#registry.has(schema)) {
			if (this.#names.has(id)) throw new Error(`Two schemas are called ${id}.`);
			this.#names.add(id);
			this.#registry.add(schema, { id });
		}
		return { $ref: `${COMPONENTS}${this.#registry.get(schema)?.id}` };
	}

	write(): Record<string, JsonObject> {
		const uri = (id: string) => `${COMPONENTS}${id}`;
		const options = { io: 'input', unrepresentable: 'any', uri } as const;
		const { schemas } = z.toJSONSchema(this.#registry, options);
		return Object.fromEntries(
			Object.entries(schemas).map(([id, { $schema: _schema, $id: _id, ...schema }]) => [id, schema])
		);
	}
}

/** The OpenAPI 3.1 description of `/api/v1`. */
export function openApi(version: string, origin: string) {
	const schemas = new SchemaWriter();
	const paths: Record<string, Record<string, Described>> = {};
	for (const [id, { path, summary, output }] of Object.entries(SERVER_ROUTES)) {
		if (summary === null) continue; // this document itself
		const responses = responsesOf(200, schemas.refer(output, pascal(id)));
		paths[path] = { get: { operationId: id, summary, responses } };
	}
	for (const name of OPERATION_NAMES) {
		for (const route of routesOf(name)) {
			const method = route.method.toLowerCase();
			const shared = paths[route.path]?.[method];
			const described = describe(name, route, schemas);
			paths[route.path] = {
				...paths[route.path],
				[method]: shared ? merged(shared, described) : described
			};
		}
	}
	return {
		openapi: '3.1.0',
		info: { title: 'Signalbox', version, description: apiDescription },
		servers: [{ url: `${origin}/api/v1` }],
		paths,
		components: { schemas: schemas.write() }
	};
}

/** Two operations of one method and path: the body's `dryRun` says which is meant. */
function merged(dry: Described, real: Described): Described {
	return { ...real, responses: { ...dry.responses, ...real.responses } };
}

function describe(name: OperationName, route: HttpRoute, schemas: SchemaWriter): Described {
	const { summary, roles, output } = operationOf(name);
	const hasContent = route.status < 204 && route.stream !== 'file';
	const result = hasContent ? schemas.refer(output, `${pascal(name)}Result`) : null;
	const body = bodySchema(name, route);
	const isOnly = routesOf(name).length === 1;
	// A body with `dryRun` is another one than that of the operation's other routes.
	const bodyName =
		isOnly || route.dryRun === undefined ? name : `${name}.${route.method.toLowerCase()}`;
	return {
		operationId: isOnly ? name : `${name}.${route.method.toLowerCase()}`,
		summary,
		description: needsRole(roles),
		parameters: [
			...pathParameters(route),
			...queryParameters(name, route),
			...(takesIdempotencyKey(name, route) ? [idempotencyKey] : [])
		],
		...(body && {
			requestBody: { content: json(schemas.refer(body, `${pascal(bodyName)}Input`)) }
		}),
		responses: { ...responsesOf(route.status, result), default: problemAnswer }
	};
}

const idempotencyKey = {
	name: 'Idempotency-Key',
	in: 'header',
	description: operationsText.idempotencyKey,
	schema: { type: 'string', minLength: 1, maxLength: 255 }
};

const json = (schema: object): Content => ({ 'application/json': { schema } });

const problemAnswer = {
	description: answer.problem,
	content: { 'application/problem+json': { schema: { $ref: `${COMPONENTS}Problem` } } }
};

function responsesOf(status: HttpRoute['status'], result: object | null): Responses {
	return { [status]: { description: answer[status], ...(result && { content: json(result) }) } };
}

function pathParameters({ path }: HttpRoute): object[] {
	return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
		name,
		in: 'path',
		required: true,
		schema: { type: 'string' }
	}));
}

function queryParameters(name: OperationName, route: HttpRoute): object[] {
	const query = schemaAt(name, route, route.query);
	if (!query) return [];
	const written: JsonObject = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' });
	return Object.entries(Object(written['properties'])).map(([key, schema]) => ({
		name: key,
		in: 'query',
		schema
	}));
}

/** What a body holds; `dryRun` belongs to it where it picks between two operations. */
function bodySchema(name: OperationName, route: HttpRoute): z.ZodType | null {
	const schema = schemaAt(name, route, route.body);
	if (!schema || route.dryRun === undefined) return schema;
	return z.intersection(schema, z.object({ dryRun: z.boolean().default(false) }));
}

/** The schema of what goes to a place in the input; null where nothing does. */
function schemaAt(name: OperationName, route: HttpRoute, at?: Placement): z.ZodType | null {
	if (!at) return null;
	const shape: Record<string, z.ZodType> = OPERATIONS[name].input.shape;
	if ('member' in at) return shape[at.member] ?? null;
	const members = Object.entries(shape).filter(
		([key]) => key !== 'dryRun' && !route.path.includes(`{${key}}`)
	);
	return z.object(Object.fromEntries(members));
}

/** `run.send-event` as `RunSendEvent`. */
function pascal(name: string): string {
	return name.replace(/(?:^|[.-])(\w)/g, (_, letter: string) => letter.toUpperCase());
}
