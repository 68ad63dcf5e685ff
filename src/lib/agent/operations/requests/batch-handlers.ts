// Purges and bulk actions: counted first, then carried out by a workflow of Signalbox's own.
import {
	BULK_WORKFLOW,
	type bulkOperations,
	type policyOperations,
	type purgeOperations,
	type Run
} from '../../../protocol';
import type { AgentRpc } from '../../rpc/agent-client';
import type { BulkJobs } from '../bulk/bulk-jobs';
import type { Fleet } from '../fleet';
import type { Policies } from '../purge/policies';
import type { Purges } from '../purge/purges';
import type { Handlers } from './handlers';

export function batchHandlers(
	fleet: Fleet,
	purges: Purges,
	policies: Policies,
	bulk: BulkJobs,
	agents: AgentRpc
): Handlers<
	keyof typeof purgeOperations | keyof typeof policyOperations | keyof typeof bulkOperations
> {
	/** A run of the Operations agent itself. */
	const ownRun = async (workflow: string, id: string): Promise<Run> => {
		const call = { type: 'run', ref: { workflow, id } } as const;
		return (await agents.callAgent<'run'>(agents.ownPath, call)).run;
	};
	return {
		'purge.preview': ({ criteria }, { by }) => purges.preview(criteria, by),
		'purge.start': async (input, { by }) => ownRun('PURGE', await purges.start(input, by)),
		'purges.list': ({ query }) => ({ purges: purges.list(query.limit) }),
		'purge.get': ({ id }) => purges.get(id),
		'purge.export': ({ id }) => {
			purges.exportable(id); // refuses what cannot be exported; the file comes as a stream
			return null;
		},
		'purge.pause': ({ id }) => purges.pause(id, 'pause'),
		'purge.resume': ({ id }) => purges.pause(id, 'resume'),
		'purge.abort': ({ id }, { by }) => purges.abort(id, by),
		'policies.list': () => policies.list(),
		'policy.preview': ({ policy }, { by }) => policies.preview(policy, by),
		'policy.save': ({ id, policy }, { by }) => policies.save(id, policy, by),
		'policy.delete': ({ id }) => policies.delete(id),
		'policy.run': async ({ id }) => {
			const purge = await policies.fireNow(id);
			return purge === null ? null : ownRun('PURGE', purge);
		},
		'tombstones.list': ({ query }) => fleet.tombstones(query),
		'bulk.preview': ({ job }, { by }) => bulk.preview(job, by),
		'bulk.start': async ({ job }, { by }) => ownRun(BULK_WORKFLOW, await bulk.start(job, by)),
		'bulk.get': ({ id, query }) => bulk.get(id, query),
		'bulk.abort': ({ id }, { by }) => bulk.abort(id, by),
		'bulk.retry': async ({ id, state }, { by }) =>
			ownRun(BULK_WORKFLOW, await bulk.retry(id, state, by))
	};
}
