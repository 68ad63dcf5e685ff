import type { Requests } from '$lib/client';
import type { Toasts } from '$lib/components/toasts.svelte';
import type { Approval, DecisionInput, Problem } from '$lib/protocol';

/** Takes a decision and says that it was taken; answers with the problem when it was refused. */
export async function decide(
	{ requests, toasts }: { requests: Requests; toasts: Toasts },
	approval: Approval,
	decision: DecisionInput
): Promise<Problem | null> {
	const answer = await requests.ask({ type: 'approval.decide', id: approval.id, decision });
	if (!answer.ok) return answer.problem;
	toasts.done(decision.approved ? 'Approved' : 'Rejected', approval.title);
	return null;
}
