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

/** Every kind of problem with its status and title; the kind is the end of the `type` URI. */
const KINDS = {
	'malformed-json': [400, 'The body is not JSON'],
	'malformed-url': [400, 'The URL is malformed'],
	'invalid-input': [400, 'The input does not fit'],
	'invalid-params': [400, 'The params do not fit the workflow'],
	'invalid-data': [400, 'The data does not fit the form'],
	unauthenticated: [401, 'Nobody is signed in'],
	'not-configured': [403, 'Sign-in is not configured'],
	forbidden: [403, 'Not allowed'],
	'self-approval': [403, 'Not for the one who asks'],
	'foreign-origin': [403, 'Request from a foreign origin'],
	'foreign-host': [403, 'Request for a foreign host'],
	'not-found': [404, 'Not found'],
	'unknown-workflow': [404, 'No such workflow'],
	'unknown-run': [404, 'No such run'],
	'unknown-approval': [404, 'No such approval'],
	'unknown-agent': [404, 'No such Agent'],
	'unknown-view': [404, 'No such view'],
	'method-not-allowed': [405, 'Method not allowed'],
	'id-taken': [409, 'The id is taken'],
	'wrong-state': [409, 'Not possible in this state'],
	'already-decided': [409, 'Already decided'],
	'not-waiting': [409, 'Nothing waits for this'],
	claimed: [409, 'Somebody else keeps it'],
	'link-used': [410, 'The link was used already'],
	'link-expired': [410, 'The link is too old'],
	'body-too-large': [413, 'The body is too large'],
	'url-too-long': [414, 'The URL is too long'],
	'headers-too-large': [431, 'The headers are too large'],
	unavailable: [503, 'Not available right now'],
	internal: [500, 'Something broke']
} as const satisfies Record<string, readonly [number, string]>;
export type ProblemKind = keyof typeof KINDS;

/** Builds a problem document. `extra` adds members of the problem's own, such as `decision`. */
export function problem(
	kind: ProblemKind,
	detail: string,
	extra: Record<string, unknown> & { errors?: FieldError[] } = {}
): Problem {
	const [status, title] = KINDS[kind];
	return { type: `urn:signalbox:problem:${kind}`, title, status, detail, ...extra };
}

const deletionSchema = z.object({ by: z.string(), at: timestampSchema });
export type Deletion = z.infer<typeof deletionSchema>;

/** The problem with a run that nobody has, or that somebody deleted: then with who and when. */
export function unknownRun(key: string, deletion: Deletion | null): ProblemError {
	if (!deletion) return new ProblemError('unknown-run', `There is no run ${key}.`);
	const { by, at } = deletion;
	const detail = `${key} was deleted by ${by} at ${new Date(at).toISOString()}.`;
	return new ProblemError('unknown-run', detail, { deleted: { by, at } });
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
export function valueOf<T>(answered: Answer<T>): T {
	if (answered.ok) return answered.value;
	throw Object.assign(new ProblemError('internal', answered.problem.detail), {
		problem: answered.problem
	});
}
