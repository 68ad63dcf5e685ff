import { runKey, type Identity, type PurgeCriteria } from '../../../protocol';
import type { AgentRpc } from '../../rpc/agent-client';
import type { Fleet } from '../fleet';
import type { Touched } from '../live/changes';
import { purgeTerms } from './purge-terms';

/** How many runs one step of a purge deletes. */
const BATCH = 200;

export type PurgesHost = {
	fleet: Fleet;
	agents: AgentRpc;
	changed: (touched: Touched) => void;
	/** Starts the PURGE workflow and answers with its run's id. */
	start: (criteria: PurgeCriteria, by: Identity) => Promise<string>;
};

/** Purges: counted first, then carried out batch by batch by the PURGE workflow. */
export class Purges {
	readonly #host: PurgesHost;

	constructor(host: PurgesHost) {
		this.#host = host;
	}

	/** Starts a purge; what is created after this moment was in no preview and is left alone. */
	async start(criteria: PurgeCriteria, by: Identity): Promise<string> {
		const createdBefore = Math.min(criteria.createdBefore ?? Number.MAX_SAFE_INTEGER, Date.now());
		return this.#host.start({ ...criteria, createdBefore }, by);
	}

	/** How many runs a purge is about to delete. */
	total(criteria: PurgeCriteria): number {
		return this.#host.fleet.runs.previewPurge(purgeTerms(criteria), Date.now()).total;
	}

	/** Deletes the next runs. `deleted` counts all of this purge, so a repeated step does no harm. */
	async next(id: string, criteria: PurgeCriteria): Promise<{ deleted: number; left: boolean }> {
		const { fleet, agents, changed } = this.#host;
		const by = runKey({ workflow: 'PURGE', id });
		const now = Date.now();
		const runs = fleet.runs.ended(purgeTerms(criteria), { createdAtMost: now, limit: BATCH, now });
		for (const [path, found] of Map.groupBy(runs, (run) => run.agent.path)) {
			const refs = found.map(({ workflow, id: runId }) => ({ workflow, id: runId }));
			await agents.callAgent<'forget'>(path, { type: 'forget', refs });
			changed(fleet.remove(refs, by, now));
		}
		return { deleted: fleet.removedBy(by), left: runs.length === BATCH };
	}
}
