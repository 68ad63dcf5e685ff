// A database can be restored from an older state. Then Agents count on reports that are not known
// here any more, and everyone is asked to report everything again.
import { ProblemError } from '../../protocol';
import type { AgentRpc } from '../rpc/agent-client';
import type { Directory } from './agent-directory';
import type { Dispatcher } from './requests/dispatcher';
import { SELF } from './self';

/** How many Agents are asked what they have reported, once in each life of the Operations agent. */
const ASKED_FIRST = 8;

export type RestoreDetectorParts = {
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	directory: Directory;
	agents: AgentRpc;
	dispatcher: Dispatcher;
};

export class RestoreDetector {
	readonly #parts: RestoreDetectorParts;
	#isActive = false;
	#hasRequested = false;

	constructor(parts: RestoreDetectorParts) {
		this.#parts = parts;
	}

	/** Was everything requested in this life of the Agent? Once is enough: a restore begins a new life. */
	get hasRequestedReports(): boolean {
		return this.#hasRequested;
	}

	/** Somebody makes requests: from now on it matters whether this index is an old one. */
	noteActivity(): void {
		if (this.#isActive) return;
		this.#isActive = true;
		this.#parts.ctx.waitUntil(this.#detectRestore());
	}

	/** Asks every Agent to report everything. An Agent with nothing to report would not notice. */
	async requestReports(): Promise<void> {
		await this.#parts.dispatcher.dispatch(SELF, { type: 'fleet.reindex' });
		this.#hasRequested = true;
	}

	/**
	 * Asks a few Agents, since each call wakes one. Where none of these has reported since the restore,
	 * the next report of any Agent tells.
	 */
	async #detectRestore(): Promise<void> {
		const { directory, agents } = this.#parts;
		for (const { path, sequence } of directory.latest(ASKED_FIRST)) {
			if (path === agents.ownPath) continue;
			try {
				const known = await agents.callAgent<'acknowledged'>(path, { type: 'acknowledged' });
				if (known.sequence > sequence) return await this.requestReports();
			} catch (error) {
				if (!(error instanceof ProblemError)) throw error; // it is unavailable: others are asked
			}
		}
	}
}
