import { problemsText } from '../../messages/server/problems';
import { problemTitles } from '../../messages/server/problem-titles';
import { z } from 'zod';
import { fieldErrors, fieldErrorSchema, type FieldError } from './field-errors';
import { timestampSchema } from './json';

/** What went wrong, as RFC 9457 problem details, over HTTP and over the websocket alike. */
export const problemSchema = z.looseObject({
	type: z.string(),
	title: z.string(),
	status: z.number().int().min(400).max(599),
	detail: z.string(),
	errors: z.array(fieldErrorSchema).optional()
});
export type Problem = z.infer<typeof problemSchema>;

/** The HTTP status of each kind of problem; the kind is the end of the `type` URI. */
const STATUS_OF = {
	'malformed-json': 400,
	'malformed-url': 400,
	'invalid-input': 400,
	'invalid-params': 400,
	'invalid-data': 400,
	unauthenticated: 401,
	'not-configured': 403,
	forbidden: 403,
	'self-approval': 403,
	'foreign-origin': 403,
	'foreign-host': 403,
	'not-found': 404,
	'unknown-workflow': 404,
	'unknown-run': 404,
	'unknown-approval': 404,
	'unknown-agent': 404,
	'unknown-view': 404,
	'method-not-allowed': 405,
	'id-taken': 409,
	'wrong-state': 409,
	'outcome-unknown': 409,
	'already-decided': 409,
	'not-waiting': 409,
	claimed: 409,
	'link-used': 410,
	'link-expired': 410,
	'body-too-large': 413,
	'url-too-long': 414,
	'idempotency-key-reused': 422,
	'rate-limited': 429,
	'headers-too-large': 431,
	unavailable: 503,
	internal: 500
} as const satisfies Record<keyof typeof problemTitles, number>;
export type ProblemKind = keyof typeof STATUS_OF;

/** Builds a problem document. `extra` adds members of the problem's own, such as `decision`. */
export function problem(
	kind: ProblemKind,
	detail: string,
	extra: Record<string, unknown> & { errors?: FieldError[] } = {}
): Problem {
	const type = `urn:signalbox:problem:${kind}`;
	return { type, title: problemTitles[kind], status: STATUS_OF[kind], detail, ...extra };
}

/** The kind of a problem, as `ProblemKind` or a later version names it: the end of its type. */
export function problemKind({ type }: Problem): string {
	return type.slice(type.lastIndexOf(':') + 1);
}

/** In how many seconds a request that came too soon can be repeated; null for another problem. */
export function retryAfterOf({ retryAfterS }: Problem): number | null {
	return typeof retryAfterS === 'number' ? retryAfterS : null;
}

const deletionSchema = z.object({
	/** The person, or the key of a purge. */
	by: z.string(),
	at: timestampSchema,
	/** Who started the purge, and the retention policy that it carried out. */
	person: z.string().nullish(),
	policy: z.string().nullish()
});
export type Deletion = z.infer<typeof deletionSchema>;

/** The problem with a run that nobody has, or that somebody deleted: then with who and when. */
export function unknownRun(key: string, deletion: Deletion | null): ProblemError {
	if (!deletion) return new ProblemError('unknown-run', problemsText.runNotFound(key));
	const { by, at, person = null, policy = null } = deletion;
	const detail = problemsText.runDeleted(key, by, new Date(at).toISOString(), { person, policy });
	const origin = { ...(person !== null && { person }), ...(policy !== null && { policy }) };
	return new ProblemError('unknown-run', detail, { deleted: { by, at, ...origin } });
}

/** Who deleted the run that a problem says is unknown, and when; null where nobody did. */
export function deletionOf({ deleted }: Problem): Deletion | null {
	const parsed = deletionSchema.safeParse(deleted);
	return parsed.success ? parsed.data : null;
}

/** Turns a zod error into a problem that names each field. */
export function invalid(
	error: z.ZodError,
	kind: ProblemKind = 'invalid-input',
	root = ''
): Problem {
	const errors = fieldErrors(error, root);
	const detail = errors
		.map(({ path, message }) => (path ? `${path}: ${message}` : message))
		.join('; ');
	return problem(kind, detail, { errors });
}

/** The answer to any request: its value or what was wrong. */
export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

export const answerSchema = z.discriminatedUnion('ok', [
	z.object({ ok: z.literal(true), value: z.unknown() }),
	z.object({ ok: z.literal(false), problem: problemSchema })
]);

/** Carries a problem through code that throws. */
export class ProblemError extends Error {
	override readonly name = 'ProblemError';
	readonly problem: Problem;

	constructor(kind: ProblemKind, detail: string, extra?: Record<string, unknown>) {
		super(detail);
		this.problem = problem(kind, detail, extra);
	}
}

/** Runs `work` and answers with its value, or with the problem it threw. Other errors pass. */
export async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
	try {
		return { ok: true, value: await work() };
	} catch (error) {
		if (error instanceof ProblemError) return { ok: false, problem: error.problem };
		throw error;
	}
}

/** The value of an answer. Throws a {@link ProblemError}'s like when it is a problem. */
export function unwrapAnswer<T>(answered: Answer<T>): T {
	if (answered.ok) return answered.value;
	throw Object.assign(new ProblemError('internal', answered.problem.detail), {
		problem: answered.problem
	});
}
