import type { Approval, DecisionInput, Problem } from '$lib/protocol';
import { FormState } from '../schema-form/form-state.svelte';

/** Sends a decision; resolves to the problem if it was refused. */
export type Decide = (decision: DecisionInput) => Promise<Problem | null>;

/** The input of a decision. It survives every refusal, so that nothing has to be typed twice. */
export class DecisionDraft {
	/** Null when the workflow asks for no data. */
	readonly form: FormState | null;
	/** The comment or the reason. */
	comment = $state('');
	#missesReason = $state(false);
	#busy = $state<'approve' | 'reject' | null>(null);
	#problem = $state.raw<Problem | null>(null);

	constructor({ form, initial }: Pick<Approval, 'form' | 'initial'>) {
		this.form = form && new FormState(form, initial ?? undefined, 'data');
	}

	get isReasonMissing(): boolean {
		return this.#missesReason && this.comment.trim() === '';
	}

	/** The decision that is being sent. */
	get busy(): 'approve' | 'reject' | null {
		return this.#busy;
	}

	/** Why the last one was refused or not sent. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** Sends the decision; resolves to whether it was accepted. Errors appear at their fields. */
	async decide(approved: boolean, send: Decide): Promise<boolean> {
		if (this.#busy) return false;
		const decision = this.#read(approved);
		if (!decision) return false;
		this.#busy = approved ? 'approve' : 'reject';
		this.#problem = await send(decision).finally(() => (this.#busy = null));
		if (this.#problem) this.form?.refuse(this.#problem.errors ?? []);
		return this.#problem === null;
	}

	#read(approved: boolean): DecisionInput | null {
		const reason = this.comment.trim();
		this.#missesReason = !approved && reason === '';
		if (this.#missesReason) return null;
		const comment = reason === '' ? {} : { reason };
		if (!approved || !this.form) return { approved, ...comment };
		const data = this.form.read();
		return data === undefined ? null : { approved, ...comment, data };
	}
}
