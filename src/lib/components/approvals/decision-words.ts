import { decisionSchema, type Decision, type Problem } from '../../protocol';

/** The decision that was there first, as the problem of a refused one names it. */
export function earlierDecision(problem: Problem): Decision | null {
	const parsed = decisionSchema.safeParse(problem.decision);
	return parsed.success ? parsed.data : null;
}
