import {
	operationOf,
	problem,
	type Answer,
	type OperationName,
	type RequestInput,
	type ResultOf
} from '$lib/protocol';

/** Whatever can carry a request: the connection. */
export type Caller = { call(request: RequestInput): Promise<Answer<unknown>> };

/** Everything that can be asked for, with results that are read and typed by the contract. */
export class Requests {
	#caller: Caller;

	constructor(caller: Caller) {
		this.#caller = caller;
	}

	/** Asks, and reads the result by the operation's own schema. It never rejects. */
	async ask<N extends OperationName>(
		request: RequestInput & { type: N }
	): Promise<Answer<ResultOf<N>>> {
		const answer = await this.#caller.call(request);
		if (!answer.ok) return answer;
		const result = operationOf<N>(request.type).output.safeParse(answer.value);
		if (result.success) return { ok: true, value: result.data };
		console.error(`Signalbox could not read the answer to ${request.type}:`, result.error);
		return { ok: false, problem: problem('internal', 'The answer could not be read.') };
	}
}
