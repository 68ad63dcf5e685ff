import {
	invalid,
	isDeeperThan,
	MAX_JSON_DEPTH,
	operationOf,
	problem,
	routesOf,
	type Answer,
	type InputOf,
	type OperationName,
	type Problem
} from '../../../protocol';
import { requestsText } from '../../../messages/server/requests';

/** The input as the contract reads it, or what is wrong with it. */
export function validated<N extends OperationName>(
	name: N,
	given: Record<string, unknown>
): Answer<InputOf<N>> {
	if (isDeeperThan(given, MAX_JSON_DEPTH)) {
		const detail = requestsText.tooDeep(MAX_JSON_DEPTH);
		return { ok: false, problem: problem('invalid-input', detail) };
	}
	const parsed = operationOf(name).input.safeParse(given);
	if (parsed.success) return { ok: true, value: parsed.data };
	return { ok: false, problem: withoutEnvelope(name, invalid(parsed.error)) };
}

/** Names fields as a caller over HTTP wrote them, without the member that its route puts them in. */
export function withoutEnvelope(name: OperationName, failure: Problem): Problem {
	const envelopes = routesOf(name)
		.flatMap(({ query, body }) => [query, body])
		.flatMap((placed) => (placed && 'member' in placed ? [`${placed.member}.`] : []));
	const errors = failure.errors?.map(({ path, message }) => {
		const envelope = envelopes.find((each) => path.startsWith(each)) ?? '';
		return { path: path.slice(envelope.length), message };
	});
	if (!errors) return failure;
	const detail = errors.map(({ path, message }) => (path ? `${path}: ${message}` : message));
	return { ...failure, errors, detail: detail.join('; ') };
}
