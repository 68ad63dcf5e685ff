// What people ask of approvals: found in the index, carried out by the Agent that has them.
import { agentErrorText } from '../../../messages/server/agent-errors';
import {
	capJson,
	ProblemError,
	toJson,
	type Approval,
	type DecidedMany,
	type DecideMany,
	type Identity,
	type Json
} from '../../../protocol';
import type { Actor, ApprovalAction } from '../../rpc/agent-rpc';
import type { AgentRpc } from '../../rpc/agent-client';
import type { Fleet } from '../fleet';
import type { RequestContext, RequestSource } from '../requests/handlers';

/** Facts longer than this are not copied to the audit, bytes. */
const AUDIT_FACTS_BYTES = 8_192;

export class ApprovalRequests {
	readonly #fleet: Fleet;
	readonly #agents: AgentRpc;

	constructor(fleet: Fleet, agents: AgentRpc) {
		this.#fleet = fleet;
		this.#agents = agents;
	}

	/** @throws ProblemError `unknown-approval` */
	get(id: string): Approval {
		const approval = this.#fleet.approvals.get(id);
		if (!approval) throw new ProblemError('unknown-approval', agentErrorText.unknownApproval(id));
		return approval;
	}

	/** @throws ProblemError why it cannot be done, or not by this person */
	act(id: string, act: ApprovalAction, { by, source }: RequestContext): Promise<Approval> {
		const call = { type: 'approval', approvalId: id, act, by: actorOf(by, source) } as const;
		return this.#agents.callAgent<'approval'>(this.get(id).agent.path, call);
	}

	/** Decides one after the other; each has its own result and its own entry in the audit. */
	async decideMany({ ids, decision }: DecideMany, context: RequestContext): Promise<DecidedMany> {
		const results: DecidedMany['results'] = [];
		for (const id of new Set(ids)) {
			const answered = await context.dispatch({ type: 'approval.decide', id, decision });
			results.push(
				answered.ok
					? { id, ok: true, approval: answered.value }
					: { id, ok: false, problem: answered.problem }
			);
		}
		return { results };
	}

	/** What the audit keeps of an approval that somebody acted on: it may be purged with its run. */
	auditDetail(id: string, by: Identity, source: RequestSource): Record<string, Json> {
		const approval = this.#fleet.approvals.get(id);
		const from = toJson(requestOrigin(by, source));
		if (!approval) return { from };
		const { workflow, runId, generation, step, title, status, requestedBy, decisions } = approval;
		return {
			from,
			approval: toJson({
				...{ workflow, runId, generation, step, title, status, requestedBy },
				seen: decisions.at(-1)?.seen ?? null,
				facts: capJson(approval.facts, AUDIT_FACTS_BYTES)
			})
		};
	}
}

function actorOf(by: Identity, source: RequestSource): Actor {
	const { subject, name, email, roles, groups } = by;
	return {
		subject,
		name,
		email,
		roles,
		...(groups ? { groups } : {}),
		from: requestOrigin(by, source)
	};
}

/** Where a request came from, as far as the server knows. */
export function requestOrigin({ from }: Identity, via: RequestSource) {
	return { via, ip: from?.ip ?? null, userAgent: from?.userAgent ?? null };
}
