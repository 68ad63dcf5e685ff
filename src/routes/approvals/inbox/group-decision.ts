import type { Requests } from '$lib/client';
import { approvalsPageText } from '$lib/messages/pages/approvals-page';
import {
	problem,
	DECISION_UNDO_MS,
	type Approval,
	type DecisionInput,
	type Json,
	type Problem
} from '$lib/protocol';

/** The result for one approval of a group; `problem` is null if it was decided. */
export type GroupDecisionResult = { approval: Approval; problem: Problem | null };

/** `approvals.decide-many` accepts this many ids. */
const BATCH_SIZE = 100;

/**
 * Decides a group. Each approval has its own result: one that is refused does not affect the
 * others. Approvals with a form are approved with the form's initial values.
 */
export async function decideGroup(
	requests: Requests,
	approvals: readonly Approval[],
	input: Pick<DecisionInput, 'approved' | 'reason'>
): Promise<GroupDecisionResult[]> {
	const results = new Map<string, Problem | null>();
	for (const { data, ids } of batchApprovals(approvals, input.approved)) {
		const decision = {
			...input,
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
	const unanswered = problem('internal', approvalsPageText.noResult);
	return approvals.map((approval) => ({
		approval,
		problem: results.has(approval.id) ? (results.get(approval.id) ?? null) : unanswered
	}));
}

/** Splits a group into requests: approvals that take the same data share one, up to its limit. */
export function batchApprovals(
	approvals: readonly Approval[],
	approved: boolean
): { data: Json | undefined; ids: string[] }[] {
	const dataOf = ({ form, initial }: Approval) => (approved && form ? initial : undefined);
	const groups = Map.groupBy(approvals, (approval) => JSON.stringify(dataOf(approval)));
	return [...groups.values()].flatMap((members) => {
		const [first] = members;
		const ids = members.map(({ id }) => id);
		const batches = Math.ceil(ids.length / BATCH_SIZE);
		return Array.from({ length: batches }, (_, batch) => ({
			data: first && dataOf(first),
			ids: ids.slice(batch * BATCH_SIZE, (batch + 1) * BATCH_SIZE)
		}));
	});
}
