import {
	operationOf,
	problem,
	type Answer,
	type OperationName,
	type RequestInput,
	type ResultOf
} from '$lib/protocol';

import { connectionText } from '$lib/messages/components/connection';
import { readTolerantly } from './read-tolerantly';

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
		const { value, issues } = readTolerantly(operationOf<N>(request.type).output, answer.value);
		if (issues.length > 0) {
			console.error(`Signalbox could not read all of the answer to ${request.type}:`, issues);
		}
		if (value !== undefined) return { ok: true, value };
		return { ok: false, problem: problem('internal', connectionText.unreadableAnswer) };
	}
}
