// The HTTP API: one route for all operations, which the contract describes.
import type { RequestEvent } from '@sveltejs/kit';
import type { OperationsAgent } from '$lib/agent';
import {
	API_ROOT,
	IDEMPOTENCY_HEADER,
	isExport,
	matchRoute,
	OPERATIONS,
	pickByDryRun,
	problem,
	reasonsRequired,
	refusalAnywhere,
	SIGNALBOX_VERSION,
	takesIdempotencyKey,
	type ExportName,
	type Me,
	type OperationName,
	type Problem,
	type RoutedOperation,
	type RouteMatch,
	type ServerRoute
} from '$lib/protocol';
import { requestsText } from '$lib/messages/server/requests';
import { filled, inputOf, NO_STORE, problemResponse, readBody, resultResponse } from '../http';
import { openApi } from '../openapi';
import type { RequestHandler } from './$types';

/** What the API asks of the Operations agent, as RPC carries it. */
type Operations = Pick<OperationsAgent, 'handle' | 'stream' | 'exportFile'>;

/** When this isolate answered first, Ms. */
let upSince = 0;

export const fallback: RequestHandler = async (event) => {
	const { pathname } = event.url;
	const { method } = event.request;
	const match: RouteMatch = pathname.startsWith(`${API_ROOT}/`)
		? matchRoute(method, pathname.slice(API_ROOT.length))
		: { kind: 'unknown-path' };
	switch (match.kind) {
		case 'malformed-path':
			return problemResponse(problem('malformed-url', requestsText.malformedPath));
		case 'unknown-path':
			return problemResponse(problem('not-found', requestsText.unknownPath(method, pathname)));
		case 'wrong-method': {
			const detail = requestsText.wrongMethod(method, pathname, match.allow);
			const allow = match.allow.join(', ');
			return problemResponse(problem('method-not-allowed', detail), { allow });
		}
		case 'server':
			return serverResponse(event, match.route);
		case 'operation':
			return operationResponse(event, match);
	}
};

function serverResponse({ locals, platform, url }: RequestEvent, route: ServerRoute): Response {
	switch (route) {
		case 'health': {
			upSince ||= Date.now();
			const health = { status: 'ok', version: SIGNALBOX_VERSION, uptimeMs: Date.now() - upSince };
			return Response.json(health, { headers: NO_STORE });
		}
		case 'me': {
			if (!locals.me) return problemResponse(notSignedIn());
			const { from: _from, ...me } = locals.me;
			const reasonRequired = reasonsRequired(platform?.env ?? {});
			const own = { ...me, ...(reasonRequired.length > 0 && { reasonRequired }) };
			return Response.json(own, { headers: NO_STORE });
		}
		case 'openapi':
			return Response.json(openApi(SIGNALBOX_VERSION, url.origin));
	}
}

async function operationResponse(
	event: RequestEvent,
	{ operations, params }: Extract<RouteMatch, { kind: 'operation' }>
): Promise<Response> {
	const { me } = event.locals;
	const { method } = event.request;
	if (!me) return problemResponse(notSignedIn());
	const hasBody = method === 'POST' || method === 'PUT';
	const maxBytes = operations[0]?.route.maxBodyBytes;
	const body = hasBody
		? await readBody(event.request, maxBytes)
		: ({ ok: true, value: {} } as const);
	const picked = pickByDryRun(operations, body.ok ? body.value : {});
	if (!picked) throw new Error(`No operation of ${event.url.pathname} takes this body.`);
	const { name, route } = picked;
	// Looking whether something is there must not change it, nor begin a stream.
	if (method === 'HEAD' && (OPERATIONS[name].changes || route.stream)) {
		return new Response(null, { headers: NO_STORE });
	}
	if (!body.ok) {
		// Somebody who may not ask is told so, and it is audited, whatever the body is.
		return refusalAnywhere(name, me)
			? respond(event, me, picked, params)
			: problemResponse(body.problem);
	}
	const input = {
		...resumption(event, picked),
		...inputOf(route, {
			query: event.url.searchParams,
			body: body.value,
			bodyDefaults: bodyDefaults(event, name)
		}),
		...params,
		...route.fixed
	};
	return respond(event, me, picked, input);
}

/** Asks the Operations agent. */
async function respond(
	event: RequestEvent,
	me: Me,
	{ name, route }: RoutedOperation,
	input: Record<string, unknown>
): Promise<Response> {
	try {
		const accept = event.request.headers.get('accept') ?? '';
		if (isExport(name)) return await fileResponse(event, me, name, input);
		if (route.stream === 'events' && accept.includes('text/event-stream')) {
			return await eventsResponse(event, me, input);
		}
		const answered = await operationsAgent(event).handle(me, {
			...input,
			type: name,
			idempotencyKey: idempotencyKeyOf(event, { name, route })
		});
		if (answered.ok) return resultResponse(route, answered.value);
		return accept.includes('text/html') && route.problemLocation
			? browserResponse(route.problemLocation, answered.problem)
			: problemResponse(answered.problem);
	} catch (error) {
		if (!isAway(error)) throw error;
		return problemResponse(problem('unavailable', requestsText.interrupted));
	}
}

async function eventsResponse(event: RequestEvent, me: Me, input: object): Promise<Response> {
	const streamed = await operationsAgent(event).stream(me, input);
	if (!streamed.ok) return problemResponse(streamed.problem);
	return new Response(streamed.value, {
		headers: { 'content-type': 'text/event-stream', ...NO_STORE }
	});
}

async function fileResponse(
	event: RequestEvent,
	me: Me,
	name: ExportName,
	input: object
): Promise<Response> {
	const exported = await operationsAgent(event).exportFile(me, name, input);
	if (!exported.ok) return problemResponse(exported.problem);
	const [file] = name.split('.');
	const isCsv = event.url.searchParams.get('format') === 'csv';
	return new Response(exported.value, {
		headers: {
			'content-type': isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
			'content-disposition': `attachment; filename="${file}.${isCsv ? 'csv' : 'ndjson'}"`,
			...NO_STORE
		}
	});
}

function browserResponse(location: string, { type }: Problem): Response {
	const kind = type.split(':').at(-1);
	return new Response(null, {
		status: 303,
		headers: { location: filled(location, { kind }), ...NO_STORE }
	});
}

/** A client that lost its stream says which event came last. */
function resumption({ request }: RequestEvent, { route }: RoutedOperation): object {
	const after = route.stream === 'events' ? request.headers.get('last-event-id') : null;
	return after === null ? {} : { after };
}

function idempotencyKeyOf({ request }: RequestEvent, { name, route }: RoutedOperation) {
	if (!takesIdempotencyKey(name, route)) return undefined;
	return request.headers.get(IDEMPOTENCY_HEADER) ?? undefined;
}

/** Links in what a webhook is sent lead to where it was created, unless the body says otherwise. */
function bodyDefaults({ url }: RequestEvent, name: OperationName): object {
	return name === 'webhook.create' ? { base: url.origin } : {};
}

/** The Operations agent of this workspace. */
function operationsAgent({ platform }: RequestEvent): Operations {
	const env = platform?.env;
	if (!env) throw new Error(requestsText.noPlatform);
	// RPC's own types do not get through `unknown` members; these calls pass plain data.
	return env.OperationsAgent.getByName(env.WORKSPACE);
}

/** Did the platform take the Durable Object away under the call, or refuse to let it begin? */
function isAway(error: unknown): boolean {
	const signs = ['durableObjectReset', 'retryable', 'overloaded'];
	return error instanceof Error && signs.some((sign) => Reflect.get(error, sign) === true);
}

function notSignedIn(): Problem {
	return problem('unauthenticated', requestsText.notSignedIn);
}
