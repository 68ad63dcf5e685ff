import { z } from 'zod';
import { formInputSchema } from '$lib/components/schema-form/form-state.svelte';

const draftSchema = z.object({
	form: formInputSchema,
	options: z.object({ agent: z.string(), id: z.string(), metadata: z.string() })
});

/** The input of a start form. */
export type StartInput = z.infer<typeof draftSchema>;

/** Keeps the input of one start form for as long as its tab is open, across reloads. */
export class StartDraft {
	#key: string;

	/** @param from the key of the run whose params are copied; empty for none */
	constructor(workflow: string, from: string) {
		this.#key = `signalbox:start:${workflow}:${from}`;
	}

	/** Null if none is kept or if it cannot be read. */
	read(): StartInput | null {
		try {
			const kept: unknown = JSON.parse(sessionStorage.getItem(this.#key) ?? 'null');
			return draftSchema.safeParse(kept).data ?? null;
		} catch {
			return null; // not JSON, so not ours
		}
	}

	/** Keeps the input; what is too large for the browser's storage is not kept. */
	write(input: StartInput): void {
		try {
			sessionStorage.setItem(this.#key, JSON.stringify(input));
		} catch (error) {
			console.warn(error);
			this.clear();
		}
	}

	clear(): void {
		sessionStorage.removeItem(this.#key);
	}
}
