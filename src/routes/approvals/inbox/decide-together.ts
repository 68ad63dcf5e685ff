import type { Requests } from '$lib/client';
import {
	problem,
	DECISION_UNDO_MS,
	type Approval,
	type DecisionInput,
	type Json,
	type Problem
} from '$lib/protocol';

/** What became of one of several that were decided together; no problem when it was decided. */
export type Together = { approval: Approval; problem: Problem | null };

/** As many as one request takes. */
const MOST_AT_ONCE = 100;

/**
 * Decides several, each on its own behind the scenes, those with a form with the values that it
 * proposes. One that is refused holds up none of the others.
 */
export async function decideTogether(
	requests: Requests,
	approvals: readonly Approval[],
	words: Pick<DecisionInput, 'approved' | 'reason'>
): Promise<Together[]> {
	const results = new Map<string, Problem | null>();
	for (const { data, ids } of batchesOf(approvals, words.approved)) {
		const decision = {
			...words,
			undoMs: DECISION_UNDO_MS,
			...(data === undefined ? {} : { data })
		};
		const answer = await requests.ask({ type: 'approvals.decide-many', ids, decision });
		for (const id of ids) results.set(id, answer.ok ? null : answer.problem);
		if (!answer.ok) continue;
		for (const result of answer.value.results) {
			if (!result.ok) results.set(result.id, result.problem);
		}
	}
	const unanswered = problem('internal', 'Nothing was said about this one.');
	return approvals.map((approval) => ({
		approval,
		problem: results.has(approval.id) ? (results.get(approval.id) ?? null) : unanswered
	}));
}

/** Requests that take the same data go together, as many at once as one request takes. */
export function batchesOf(
	approvals: readonly Approval[],
	approved: boolean
): { data: Json | undefined; ids: string[] }[] {
	const dataOf = ({ form, initial }: Approval) => (approved && form ? initial : undefined);
	const alike = Map.groupBy(approvals, (approval) => JSON.stringify(dataOf(approval)));
	return [...alike.values()].flatMap((members) => {
		const [first] = members;
		const ids = members.map(({ id }) => id);
		const parts = Math.ceil(ids.length / MOST_AT_ONCE);
		return Array.from({ length: parts }, (_, part) => ({
			data: first && dataOf(first),
			ids: ids.slice(part * MOST_AT_ONCE, (part + 1) * MOST_AT_ONCE)
		}));
	});
}
