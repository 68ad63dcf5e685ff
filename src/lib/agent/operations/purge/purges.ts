import { runKey, type Identity, type PurgeCriteria } from '../../../protocol';
import { forgetRuns, type AgentRpc } from '../../rpc/agent-client';
import type { Fleet } from '../fleet';
import type { MonitoredAgent } from '../../monitored-types';
import type { ChangePublisher } from '../change-publisher';
import { purgeTerms } from './purge-terms';

/** How many runs one step of a purge deletes. */
const BATCH = 200;

export type PurgesParts = {
	fleet: Fleet;
	agents: AgentRpc;
	agent: Pick<MonitoredAgent, 'runWorkflow'>;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
};

/** Purges: counted first, then carried out in batches by the PURGE workflow. */
export class Purges {
	readonly #parts: PurgesParts;

	constructor(parts: PurgesParts) {
		this.#parts = parts;
	}

	/**
	 * Starts the PURGE workflow and returns its run's id. Runs that were created or ended after the
	 * preview, or from now on, are kept: no preview has counted them.
	 */
	async startPurge(criteria: PurgeCriteria, by: Identity): Promise<string> {
		const asOf = Math.min(criteria.asOf ?? Number.MAX_SAFE_INTEGER, Date.now());
		const options = {
			startedBy: by.name,
			startedBySubject: by.subject,
			metadata: { by: by.name }
		};
		const params = { criteria: { ...criteria, asOf } };
		return this.#parts.agent.runWorkflow('PURGE', params, options);
	}

	/** How many runs a purge is about to delete. */
	countRuns(criteria: PurgeCriteria): number {
		const asOf = criteria.asOf ?? Date.now();
		return this.#parts.fleet.runs.previewPurge(purgeTerms(criteria), asOf).total;
	}

	/** Deletes the next runs. `deleted` counts all of this purge, so a repeated step does no harm. */
	async deleteNext(
		id: string,
		criteria: PurgeCriteria
	): Promise<{ deleted: number; left: boolean }> {
		const { fleet, agents, publisher } = this.#parts;
		const by = runKey({ workflow: 'PURGE', id });
		const now = Date.now();
		const asOf = criteria.asOf ?? now;
		const runs = fleet.runs.ended(purgeTerms(criteria), { asOf, limit: BATCH });
		for (const [path, found] of Map.groupBy(runs, (run) => run.agent.path)) {
			const refs = found.map(({ workflow, id: runId }) => ({ workflow, id: runId }));
			await forgetRuns(agents, path, refs);
			publisher.publishChanges(fleet.remove(refs, by, now));
		}
		return { deleted: fleet.removedBy(by), left: runs.length === BATCH };
	}
}
