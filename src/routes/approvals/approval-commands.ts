import type { Requests } from '$lib/client';
import { missingWords } from '$lib/components/approvals/may-decide';
import type { Toasts } from '$lib/components/ui/toasts.svelte';
import {
	DECISION_UNDO_MS,
	type Answer,
	type Approval,
	type DecisionInput,
	type Problem
} from '$lib/protocol';

/** What people do to approvals on a page; each answers with the problem when it was refused. */
export class ApprovalCommands {
	#requests: Requests;
	#toasts: Toasts;

	constructor(requests: Requests, toasts: Toasts) {
		this.#requests = requests;
		this.#toasts = toasts;
	}

	/** Decides, and has the server hold it back for as long as it can be undone. */
	async decide({ id }: Approval, decision: DecisionInput): Promise<Problem | null> {
		const answer = await this.#requests.ask({
			type: 'approval.decide',
			id,
			decision: { ...decision, undoMs: DECISION_UNDO_MS }
		});
		if (!answer.ok) return answer.problem;
		if (answer.value.status === 'pending') {
			this.#toasts.done('Your approval is noted', missingWords(answer.value));
		}
		return null;
	}

	/** Decides without more words; a refusal is told beside the page. */
	async decideAtOnce(approval: Approval, decision: DecisionInput): Promise<void> {
		const refused = await this.decide(approval, decision);
		if (refused) this.#toasts.failed(refused.title, `${approval.title}: ${refused.detail}`);
	}

	async undo({ id }: Approval): Promise<void> {
		this.#say(await this.#requests.ask({ type: 'approval.undo', id }), 'Undone: it waits again');
	}

	async deliverNow({ id }: Approval): Promise<void> {
		this.#say(await this.#requests.ask({ type: 'approval.deliver-now', id }), 'Delivered');
	}

	async claim({ id }: Approval): Promise<void> {
		this.#say(await this.#requests.ask({ type: 'approval.claim', id }), 'You keep it now');
	}

	async release({ id }: Approval): Promise<void> {
		this.#say(await this.#requests.ask({ type: 'approval.release', id }), 'Released');
	}

	async handOver({ id }: Approval, to: string): Promise<Problem | null> {
		const answer = await this.#requests.ask({ type: 'approval.hand-over', id, to });
		if (answer.ok) this.#toasts.done(`${to} keeps it now`);
		return answer.ok ? null : answer.problem;
	}

	#say(answer: Answer<unknown>, done: string): void {
		this.#toasts.answered(answer, done);
	}
}
