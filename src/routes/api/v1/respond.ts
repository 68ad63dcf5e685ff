// What every route of the API does: read the request, ask the Operations agent, answer.
import type { RequestEvent } from '@sveltejs/kit';
import type { OperationsAgent } from '$lib/agent';
import { problem, type Answer, type Problem, type RequestInput } from '$lib/protocol';

/** The largest body that is read, bytes. */
const MAX_BODY = 1_048_576;

/** Answers with a problem document (RFC 9457). */
export function problemResponse(failure: Problem): Response {
	return Response.json(failure, {
		status: failure.status,
		headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' }
	});
}

/** What the API asks of the Operations agent, as RPC carries it. */
type Operations = Pick<OperationsAgent, 'handle' | 'stream' | 'exportRuns'>;

/** The Operations agent of this workspace. */
export function operations(event: RequestEvent): Operations {
	const env = event.platform?.env;
	if (!env)
		throw new Error('The API runs in the Worker only; in `vite dev` it is passed on to it.');
	// RPC's own types do not get through `unknown` members; these two calls pass plain data.
	return env.OperationsAgent.getByName(env.WORKSPACE);
}

/** A request as it was written by the caller: what is wrong with it, the Operations agent says. */
export type Asked = { type: RequestInput['type'] } & Record<string, unknown>;

/** Asks and hands the answer to `reply`; a problem is answered as a document. */
export async function ask(
	event: RequestEvent,
	request: Asked,
	reply: (value: unknown) => Response = (value) => Response.json(value, noStore)
): Promise<Response> {
	const { me } = event.locals;
	if (!me) return problemResponse(problem('unauthenticated', 'Nobody is signed in.'));
	try {
		const answered = await operations(event).handle(me, request);
		return answered.ok ? reply(answered.value) : problemResponse(answered.problem);
	} catch (error) {
		if (!isAway(error)) throw error;
		const detail =
			'The Operations agent was interrupted: whether this was done shows when it is back.';
		return problemResponse(problem('unavailable', detail));
	}
}

/** Did the platform take the Durable Object away under the call, or refuse to let it begin? */
function isAway(error: unknown): boolean {
	const signs = ['durableObjectReset', 'retryable', 'overloaded'];
	return error instanceof Error && signs.some((sign) => Reflect.get(error, sign) === true);
}

/** Answers must not be kept: they are true only now. */
export const noStore = { headers: { 'cache-control': 'no-store' } };

/** Asks with the body as `name`, or with its members when there is no name. */
export async function askWithBody(
	event: RequestEvent,
	compose: (body: unknown) => Asked,
	reply?: (value: unknown) => Response,
	maxBody?: number
): Promise<Response> {
	const body = await readBody(event.request, maxBody);
	return body.ok ? ask(event, compose(body.value), reply) : problemResponse(body.problem);
}

/** The members of a body that ought to be an object; anything else has none of them. */
export function members(body: unknown): Record<string, unknown> {
	return typeof body === 'object' && body !== null && !Array.isArray(body)
		? (body as Record<string, unknown>) // an object, checked just now
		: { body };
}

/** Reads a JSON body, of at most 1 MB unless told otherwise; an empty one is an empty object. */
export async function readBody(request: Request, maxBody = MAX_BODY): Promise<Answer<unknown>> {
	const tooLarge = () => ({
		ok: false as const,
		problem: problem(
			'body-too-large',
			`A body may have ${maxBody.toLocaleString('en')} bytes at most.`
		)
	});
	if (Number(request.headers.get('content-length') ?? 0) > maxBody) return tooLarge();
	const bytes = await request.arrayBuffer();
	if (bytes.byteLength > maxBody) return tooLarge();
	const text = new TextDecoder().decode(bytes);
	try {
		return { ok: true, value: text.trim() === '' ? {} : JSON.parse(text) };
	} catch (error) {
		const why = error instanceof Error ? error.message : String(error);
		return { ok: false, problem: problem('malformed-json', `The body is not JSON: ${why}`) };
	}
}

/** The query string as an object; a key given twice is a list, which the schema refuses. */
export function queryOf(event: RequestEvent): Record<string, unknown> {
	const { searchParams } = event.url;
	return Object.fromEntries(
		[...new Set(searchParams.keys())].map((key) => {
			const values = searchParams.getAll(key);
			return [key, values.length > 1 ? values : values[0]];
		})
	);
}
