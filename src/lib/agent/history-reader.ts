// Reads histories for Agents, in invocations of its own. A subscription's last `next()` stays open
// until something happens, and disposing it does not end it: held by an Agent, it would keep that
// Agent from hibernating for as long as a run sleeps. Here it ends with the invocation, which ends
// when the Agent lets go of what it was given.
import { RpcTarget, WorkerEntrypoint } from 'cloudflare:workers';
import { Engine } from './monitor/history/engine';
import {
	HistoryReading,
	type HistoryRead,
	type HistorySubscription
} from './monitor/history/history-reading';

/** The Worker exports it; Agents find it as `ctx.exports.HistoryReader`. */
export class HistoryReader extends WorkerEntrypoint<Env> {
	/** Opens the history of an instance after the event `after`; to be disposed of. */
	async open(workflow: string, id: string, after: number): Promise<RemoteReading> {
		const subscription = await new Engine(this.env).subscribeDirectly({ workflow, id }, after);
		return new RemoteReading(subscription);
	}
}

/** A {@link HistoryReading} for whoever holds a stub of it. */
export class RemoteReading extends RpcTarget {
	readonly #reading: HistoryReading;

	constructor(subscription: HistorySubscription) {
		super();
		this.#reading = new HistoryReading(subscription);
	}

	/** See {@link HistoryReading.read}. */
	async read(waitMs: number): Promise<HistoryRead> {
		return this.#reading.read(waitMs);
	}

	[Symbol.dispose](): void {
		this.#reading[Symbol.dispose]();
	}
}
