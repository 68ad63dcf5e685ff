// A database can be restored from an older state. Then Agents count on reports that are not known
// here any more, and everyone is asked to report everything again.
import { ProblemError } from '../../protocol';
import type { AgentRpc } from '../rpc/agent-client';
import type { Directory } from './agent-directory';

/** How many Agents are asked what they have reported, once in each life that is looked at. */
const ASKED_FIRST = 8;

export type RestoreNoticeHost = {
	directory: Directory;
	agents: AgentRpc;
	/** The Operations agent's own path. */
	own: () => string;
	/** Asks every Agent to report everything. */
	askEveryone: () => Promise<void>;
	background: (work: Promise<unknown>) => void;
};

export class RestoreNotice {
	readonly #host: RestoreNoticeHost;
	#isLookedAt = false;

	constructor(host: RestoreNoticeHost) {
		this.#host = host;
	}

	/** Somebody asks or looks: from then on it matters whether this index is an old one. */
	lookedAt(): void {
		if (this.#isLookedAt) return;
		this.#isLookedAt = true;
		this.#host.background(this.#notice());
	}

	/**
	 * A few Agents are asked, since each call wakes one; where none of these has reported since, the
	 * next report of any Agent tells.
	 */
	async #notice(): Promise<void> {
		const { directory, agents, own, askEveryone } = this.#host;
		for (const { path, sequence } of directory.latest(ASKED_FIRST)) {
			if (path === own()) continue;
			try {
				const known = await agents.callAgent<'acknowledged'>(path, { type: 'acknowledged' });
				if (known.sequence > sequence) return await askEveryone();
			} catch (error) {
				if (!(error instanceof ProblemError)) throw error; // it is away: others are asked
			}
		}
	}
}
