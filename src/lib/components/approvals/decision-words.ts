import { decisionSchema, type Decision, type DecisionOrigin, type Problem } from '../../protocol';

/** The decision that was there first, as the problem of a refused one names it. */
export function earlierDecision(problem: Problem): Decision | null {
	const parsed = decisionSchema.safeParse(problem.decision);
	return parsed.success ? parsed.data : null;
}

const VIA: Record<DecisionOrigin['via'], string | null> = {
	page: 'on the page',
	api: 'over the HTTP API',
	agent: "by the Agent's code",
	deadline: null
};

/** Where a decision came from, as far as the server knows; null when it does not. */
export function originWords({ from }: Decision): string | null {
	if (!from) return null;
	const via = VIA[from.via];
	if (via === null) return null;
	return from.ip ? `${via}, from ${from.ip}` : via;
}
