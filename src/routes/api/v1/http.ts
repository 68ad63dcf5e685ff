// Reads HTTP requests of the API, and writes its answers.
import {
	isDeeperThan,
	MAX_JSON_DEPTH,
	MAX_MESSAGE_BYTES,
	parseExactJson,
	problem,
	retryAfterOf,
	type Answer,
	type HttpRoute,
	type Placement,
	type Problem,
	type ProblemKind
} from '$lib/protocol';
import { requestsText } from '$lib/messages/server/requests';

/** Answers are true only now. */
export const NO_STORE = { 'cache-control': 'no-store' };

/** Answers with a problem document (RFC 9457). */
export function problemResponse(failure: Problem, headers: Record<string, string> = {}): Response {
	const retryAfterS = retryAfterOf(failure);
	return Response.json(failure, {
		status: failure.status,
		headers: {
			'content-type': 'application/problem+json',
			...NO_STORE,
			...(retryAfterS !== null && { 'retry-after': String(retryAfterS) }),
			...headers
		}
	});
}

/** Answers with the result of an operation, as its route says. */
export function resultResponse({ status, location }: HttpRoute, result: unknown): Response {
	const headers = { ...NO_STORE, ...(location && { location: filled(location, result) }) };
	return status === 204 || status === 303
		? new Response(null, { status, headers })
		: Response.json(result, { status, headers });
}

/** Fills the parameters of a location with members of `values`. */
export function filled(location: string, values: unknown): string {
	return location.replace(/\{(\w+)\}/g, (_, name: string) =>
		encodeURIComponent(String(Object(values)[name]))
	);
}

/** Reads a JSON body; an empty one is an empty object. */
export async function readBody(
	request: Request,
	maxBytes = MAX_MESSAGE_BYTES
): Promise<Answer<unknown>> {
	const tooLarge = () => failed('body-too-large', requestsText.bodyTooLarge(maxBytes));
	if (Number(request.headers.get('content-length') ?? 0) > maxBytes) return tooLarge();
	const bytes = await request.arrayBuffer();
	if (bytes.byteLength > maxBytes) return tooLarge();
	const text = new TextDecoder().decode(bytes);
	try {
		const parsed = parseExactJson(text.trim() === '' ? '{}' : text);
		if (!parsed.ok) {
			const detail = parsed.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
			return failed('invalid-input', detail, { errors: parsed.errors });
		}
		const { value } = parsed;
		// An Agent would refuse it too, but RPC cannot carry it there.
		return isDeeperThan(value, MAX_JSON_DEPTH)
			? failed('invalid-input', requestsText.tooDeep(MAX_JSON_DEPTH))
			: { ok: true, value };
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		return failed('malformed-json', requestsText.malformedJson(reason));
	}
}

function failed(kind: ProblemKind, detail: string, extra?: Record<string, unknown>) {
	return { ok: false as const, problem: problem(kind, detail, extra) };
}

/**
 * The members of an operation's input that the query string and the body hold.
 *
 * @param bodyDefaults members of the body that it may leave out
 */
export function inputOf(
	{ query, body, dryRun }: HttpRoute,
	given: { query: URLSearchParams; body: unknown; bodyDefaults: object }
): Record<string, unknown> {
	const content = isObject(given.body) ? { ...given.bodyDefaults, ...given.body } : given.body;
	const input = { ...placed(query, membersOfQuery(given.query)) };
	if (dryRun === undefined || !isObject(content)) return { ...input, ...placed(body, content) };
	const { dryRun: isDry, ...rest } = content;
	return { ...input, ...placed(body, rest), ...(isDry !== undefined && { dryRun: isDry }) };
}

function placed(at: Placement | undefined, value: unknown): Record<string, unknown> {
	if (!at) return {};
	return 'member' in at ? { [at.member]: value } : membersOf(value);
}

/** The members of what ought to be an object; anything else has none of the expected ones. */
function membersOf(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : { body: value };
}

function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A key given twice is a list, which the schema refuses. */
function membersOfQuery(query: URLSearchParams): Record<string, unknown> {
	return Object.fromEntries(
		[...new Set(query.keys())].map((key) => {
			const values = query.getAll(key);
			return [key, values.length > 1 ? values : values[0]];
		})
	);
}
