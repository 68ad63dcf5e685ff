import type { Requests } from '$lib/client';
import { missingApprovalsText } from '$lib/components/approvals/may-decide';
import { approvalsPageText } from '$lib/messages/pages/approvals-page';
import type { Toasts } from '$lib/components/ui/toasts.svelte';
import {
	DECISION_UNDO_MS,
	type Answer,
	type Approval,
	type DecisionInput,
	type Problem
} from '$lib/protocol';

/** Commands of the approval pages. Results appear as toasts unless a method returns the problem. */
export class ApprovalCommands {
	#requests: Requests;
	#toasts: Toasts;

	constructor(requests: Requests, toasts: Toasts) {
		this.#requests = requests;
		this.#toasts = toasts;
	}

	/** Decides with an undo window. Returns the problem if the server refuses. */
	async decide({ id }: Approval, decision: DecisionInput): Promise<Problem | null> {
		const answer = await this.#requests.ask({
			type: 'approval.decide',
			id,
			decision: { ...decision, undoMs: DECISION_UNDO_MS }
		});
		if (!answer.ok) return answer.problem;
		if (answer.value.status === 'pending') {
			this.#toasts.done(approvalsPageText.recorded, missingApprovalsText(answer.value));
		}
		return null;
	}

	/** Decides without a dialog, so a refusal appears as a toast. */
	async decideAtOnce(approval: Approval, decision: DecisionInput): Promise<void> {
		const refused = await this.decide(approval, decision);
		if (refused)
			this.#toasts.failed(refused.title, approvalsPageText.refused(approval.title, refused.detail));
	}

	async undo({ id }: Approval): Promise<void> {
		this.#showResult(
			await this.#requests.ask({ type: 'approval.undo', id }),
			approvalsPageText.undone
		);
	}

	async deliverNow({ id }: Approval): Promise<void> {
		this.#showResult(
			await this.#requests.ask({ type: 'approval.deliver-now', id }),
			approvalsPageText.delivered
		);
	}

	async claim({ id }: Approval): Promise<void> {
		this.#showResult(
			await this.#requests.ask({ type: 'approval.claim', id }),
			approvalsPageText.claimed
		);
	}

	async release({ id }: Approval): Promise<void> {
		this.#showResult(
			await this.#requests.ask({ type: 'approval.release', id }),
			approvalsPageText.released
		);
	}

	async handOver({ id }: Approval, to: string): Promise<Problem | null> {
		const answer = await this.#requests.ask({ type: 'approval.hand-over', id, to });
		if (answer.ok) this.#toasts.done(approvalsPageText.handedOver(to));
		return answer.ok ? null : answer.problem;
	}

	#showResult(answer: Answer<unknown>, done: string): void {
		this.#toasts.answered(answer, done);
	}
}
