// Reads histories for Agents, in invocations of its own. A subscription's last `next()` stays open
// until something happens, and disposing it does not end it: held by an Agent, it would keep that
// Agent from hibernating for as long as a run sleeps. Here it ends with the invocation.
import { WorkerEntrypoint } from 'cloudflare:workers';
import { Engine } from './monitor/engine';
import { readHistory, type HistoryRead } from './monitor/history-poll';

/** The Worker exports it; Agents find it as `ctx.exports.HistoryReader`. */
export class HistoryReader extends WorkerEntrypoint<Env> {
	/** See {@link readHistory}. */
	async read(
		workflow: string,
		id: string,
		after: number,
		known: boolean,
		waitMs: number,
		gatherMs: number
	): Promise<HistoryRead> {
		const subscription = await new Engine(this.env).subscribeDirectly({ workflow, id }, after);
		return readHistory(subscription, known, waitMs, gatherMs);
	}
}
