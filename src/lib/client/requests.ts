import {
	operationOf,
	problem,
	type Answer,
	type OperationName,
	type RequestInput,
	type ResultOf
} from '$lib/protocol';
import { connectionText } from '$lib/messages/components/connection';
import { IdempotencyKeys } from './idempotency-keys';
import { readTolerantly } from './read-tolerantly';

/** Whatever can carry a request: the connection. */
export type Caller = { call(request: RequestInput): Promise<Answer<unknown>> };

/**
 * Everything that can be asked for, with results that are read and typed by the contract. A change
 * whose answer was lost, asked for again, is carried out once.
 */
export class Requests {
	readonly #caller: Caller;
	readonly #keys = new IdempotencyKeys();

	constructor(caller: Caller) {
		this.#caller = caller;
	}

	/** Asks, and reads the result by the operation's own schema. It never rejects. */
	async ask<N extends OperationName>(
		request: RequestInput & { type: N }
	): Promise<Answer<ResultOf<N>>> {
		const operation = operationOf<N>(request.type);
		if (!operation.changes) return this.#read<N>(request.type, await this.#caller.call(request));
		const idempotencyKey = this.#keys.begin(request);
		const answer = await this.#caller.call({ ...request, idempotencyKey });
		this.#keys.end(request, answer);
		return this.#read<N>(request.type, answer);
	}

	#read<N extends OperationName>(type: N, answer: Answer<unknown>): Answer<ResultOf<N>> {
		if (!answer.ok) return answer;
		const { value, issues } = readTolerantly(operationOf<N>(type).output, answer.value);
		if (issues.length > 0) {
			console.error(`Signalbox could not read all of the answer to ${type}:`, issues);
		}
		if (value !== undefined) return { ok: true, value };
		return { ok: false, problem: problem('internal', connectionText.unreadableAnswer) };
	}
}
