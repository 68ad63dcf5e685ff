import type { Approval, DecisionInput, Problem } from '$lib/protocol';
import { FormState } from '../schema-form/form-state.svelte';

/** Takes a decision; answers with the problem when it was refused. */
export type Decide = (decision: DecisionInput) => Promise<Problem | null>;

/**
 * What somebody has written for a decision: the form's data and the words. It outlives every refusal,
 * so nothing is ever typed twice.
 */
export class DecisionDraft {
	/** The form of the decision's data; null when none is asked for. */
	readonly form: FormState | null;
	words = $state('');
	#missesReason = $state(false);
	#busy = $state<'approve' | 'reject' | null>(null);
	#problem = $state.raw<Problem | null>(null);

	constructor({ form, initial }: Pick<Approval, 'form' | 'initial'>) {
		this.form = form && new FormState(form, initial ?? undefined, 'data');
	}

	/** Was it to be rejected without saying why? */
	get missesReason(): boolean {
		return this.#missesReason && this.words.trim() === '';
	}

	/** Which decision is on its way. */
	get busy(): 'approve' | 'reject' | null {
		return this.#busy;
	}

	/** Why the last one was refused or did not get there. */
	get problem(): Problem | null {
		return this.#problem;
	}

	/** Takes the decision; says whether it was taken. What is wrong with it is said in place. */
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
		const reason = this.words.trim();
		this.#missesReason = !approved && reason === '';
		if (this.#missesReason) return null;
		const words = reason === '' ? {} : { reason };
		if (!approved || !this.form) return { approved, ...words };
		const data = this.form.read();
		return data === undefined ? null : { approved, ...words, data };
	}
}
