import type { approvalOperations } from '../../../protocol';
import type { ApprovalRequests } from '../approvals/approval-requests';
import type { Fleet } from '../fleet';
import type { Handlers } from './handlers';

export function approvalHandlers(
	fleet: Fleet,
	approvals: ApprovalRequests
): Handlers<keyof typeof approvalOperations> {
	return {
		'approvals.list': ({ query }, { seen }) => seen.inbox(query, Date.now()),
		'approvals.figures': ({ query }, { seen }) => seen.figures(query, Date.now()),
		'approvals.decide-many': (input, context) => approvals.decideMany(input, context),
		'approval.get': ({ id }) => approvals.get(id),
		'approval.decide': ({ id, decision }, context) =>
			approvals.act(id, { type: 'decide', decision }, context),
		'approval.undo': ({ id }, context) => approvals.act(id, { type: 'undo' }, context),
		'approval.deliver-now': ({ id }, context) =>
			approvals.act(id, { type: 'deliver-now' }, context),
		'approval.claim': ({ id }, context) => approvals.act(id, { type: 'claim' }, context),
		'approval.release': ({ id }, context) => approvals.act(id, { type: 'release' }, context),
		'approval.hand-over': ({ id, to }, context) =>
			approvals.act(id, { type: 'hand-over', to }, context),
		'approval.open-link': async ({ token }, { by, seen }) => ({
			approval: await fleet.links.use(token, by, {
				now: Date.now(),
				isSeen: (id) => seen.seesLinked(id)
			})
		})
	};
}
