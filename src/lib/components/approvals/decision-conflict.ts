import { decisionSchema, type Decision, type Problem } from '../../protocol';

/** The decision that was first, as the problem of a refused one names it; null for other problems. */
export function conflictingDecision(problem: Problem): Decision | null {
	const parsed = decisionSchema.safeParse(problem.decision);
	return parsed.success ? parsed.data : null;
}
