import { createContext } from 'svelte';
import type { Answer } from '$lib/protocol';

/** A short message about what was just done. */
export type Toast = {
	id: number;
	kind: 'done' | 'failed';
	title: string;
	detail: string | null;
};

const DONE_STAYS_MS = 4_000;
const FAILED_STAYS_MS = 12_000;
const AT_MOST = 4;

/** The toasts on screen; each disappears after a while. */
export class Toasts {
	#shown = $state.raw<readonly Toast[]>([]);
	#last = 0;

	get shown(): readonly Toast[] {
		return this.#shown;
	}

	done(title: string, detail: string | null = null): void {
		this.#add({ kind: 'done', title, detail }, DONE_STAYS_MS);
	}

	/** Stays longer than `done`. */
	failed(title: string, detail: string | null = null): void {
		this.#add({ kind: 'failed', title, detail }, FAILED_STAYS_MS);
	}

	/** Shows how a request ended: `done`, or the problem. */
	answered(answer: Answer<unknown>, done: string): void {
		if (answer.ok) this.done(done);
		else this.failed(answer.problem.title, answer.problem.detail);
	}

	dismiss(id: number): void {
		this.#shown = this.#shown.filter((toast) => toast.id !== id);
	}

	#add(toast: Omit<Toast, 'id'>, staysMs: number): void {
		const id = ++this.#last;
		this.#shown = [...this.#shown.slice(1 - AT_MOST), { ...toast, id }];
		setTimeout(() => this.dismiss(id), staysMs);
	}
}

/** The root layout sets it. */
export const [getToasts, setToasts] = createContext<Toasts>();
