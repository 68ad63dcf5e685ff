// Requests about the fleet as a whole: its Agents, audit, saved views and webhooks.
import {
	allowedHosts,
	outboundProblem,
	ProblemError,
	type fleetOperations,
	type viewOperations,
	type webhookOperations
} from '../../../protocol';
import type { AgentRpc } from '../../rpc/agent-client';
import type { ChangePublisher } from '../change-publisher';
import { VIEWS_CHANGE } from '../change-set';
import type { Fleet } from '../fleet';
import type { ViewCounter } from '../subscriptions/view-counter';
import type { Handlers } from './handlers';

export function fleetHandlers(
	fleet: Fleet,
	counts: ViewCounter,
	agents: AgentRpc,
	publisher: Pick<ChangePublisher, 'publishChanges'>,
	env: object
): Handlers<
	keyof typeof fleetOperations | keyof typeof viewOperations | keyof typeof webhookOperations
> {
	return {
		'agents.list': ({ query }, { seen }) => seen.agents(query),
		'audit.list': ({ query }) => fleet.audit.page(query),
		'audit.export': () => null, // the file comes as a stream
		'audit.verify': () => fleet.audit.verify(),
		'fleet.reindex': () => reindex(fleet, agents),
		'views.list': async (_input, { by, seen }) => ({
			views: await counts.countEach(fleet.views.of(by), seen)
		}),
		'view.save': ({ id, view }, { by }) => {
			fleet.terms(view.q); // refuses an invalid query
			const saved = fleet.views.save(id, view, by, Date.now());
			publisher.publishChanges(VIEWS_CHANGE);
			return saved;
		},
		'view.delete': ({ id }, { by }) => {
			fleet.views.delete(id, by);
			publisher.publishChanges(VIEWS_CHANGE);
			return { deleted: true };
		},
		'view.pin': ({ id, pinned }, { by }) => {
			const view = fleet.views.pin(id, pinned, by);
			publisher.publishChanges(VIEWS_CHANGE);
			return view;
		},
		'webhooks.list': () => fleet.webhooks.list().map((each) => fleet.redaction.maskWebhook(each)),
		'webhook.create': ({ webhook }, { by }) => {
			const message = outboundProblem(webhook.url, allowedHosts(env));
			if (message !== null) {
				const errors = [{ path: 'url', message }];
				throw new ProblemError('invalid-input', `url: ${message}`, { errors });
			}
			return fleet.redaction.maskWebhook(fleet.webhooks.create(webhook, by, Date.now()));
		},
		'webhook.delete': ({ id }) => {
			fleet.webhooks.delete(id);
			return null;
		}
	};
}

/** Asks every Agent that ever reported, and each asks its sub-agents, to report everything again. */
async function reindex(fleet: Fleet, agents: AgentRpc) {
	const known = fleet.directory.list();
	const roots = new Set(known.map(({ path }) => path.split('/sub/')[0] ?? path));
	const unreachable: string[] = [];
	let runs = 0;
	for (const path of roots) {
		try {
			runs += (await agents.callAgent<'report-all'>(path, { type: 'report-all' })).runs;
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
			unreachable.push(path);
		}
	}
	// A sub-agent that was deleted meanwhile answers so, which ends its runs.
	for (const { path } of known.filter((each) => !roots.has(each.path))) {
		try {
			await agents.callAgent<'acknowledged'>(path, { type: 'acknowledged' });
		} catch (error) {
			if (!(error instanceof ProblemError)) throw error;
		}
	}
	return { agents: fleet.directory.count(), runs, unreachable };
}
