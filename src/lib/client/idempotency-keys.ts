import type { Answer, OperationName, RequestInput } from '$lib/protocol';

/** A filled form or a decision is the same for as long as the server keeps its answer, Ms. */
const SAME_FOR_MS = 24 * 60 * 60 * 1_000;
/** Other commands, such as a restart, are meant anew after this time, Ms. */
const COMMAND_SAME_FOR_MS = 60_000;
const LONG_LIVED: ReadonlySet<OperationName> = new Set<OperationName>([
	'run.start',
	'approval.decide',
	'approvals.decide-many'
]);

/**
 * One key for each change that the page asks for, the same one until the server has answered: then
 * whoever presses a button twice, or again after the answer was lost, asks for one change.
 */
export class IdempotencyKeys {
	/** By what is asked for. `until` is on the monotonic clock, Ms. */
	readonly #unanswered = new Map<string, { key: string; until: number }>();

	/** The key to send with a change. */
	begin(request: RequestInput): string {
		const now = performance.now();
		for (const [content, { until }] of this.#unanswered) {
			if (until <= now) this.#unanswered.delete(content);
		}
		const content = JSON.stringify(request);
		const key = this.#unanswered.get(content)?.key ?? newKey();
		const forMs = LONG_LIVED.has(request.type) ? SAME_FOR_MS : COMMAND_SAME_FOR_MS;
		this.#unanswered.set(content, { key, until: now + forMs });
		return key;
	}

	/** Done or refused: the same request made again is another one. */
	end(request: RequestInput, answer: Answer<unknown>): void {
		const isLost = !answer.ok && answer.problem.status >= 500;
		if (!isLost) this.#unanswered.delete(JSON.stringify(request));
	}
}

/** `crypto.randomUUID` exists on secure pages only. */
function newKey(): string {
	const parts = crypto.getRandomValues(new Uint32Array(4));
	return [...parts].map((part) => part.toString(36)).join('-');
}
