// What people ask of approvals: found in the index, carried out by the Agent that keeps them.
import {
	capJson,
	ProblemError,
	toJson,
	type Answer,
	type Approval,
	type DecidedMany,
	type Identity,
	type Json,
	type Request,
	type RequestOf
} from '../../../protocol';
import type { Actor, ApprovalAction } from '../../rpc/agent-rpc';
import type { AgentRpc } from '../../rpc/agent-client';
import type { Fleet } from '../fleet';

/** Which door a request came in by. */
export type Door = 'page' | 'api';

export type ApprovalRequestsHost = {
	fleet: Fleet;
	agents: AgentRpc;
	/** Answers a request of its own, with roles checked and audit written. */
	answer: (by: Identity, request: unknown, door: Door) => Promise<Answer<unknown>>;
};

/** Facts longer than this are not copied to the audit, bytes. */
const AUDIT_FACTS_BYTES = 8_192;

/** The requests that act on one approval. */
export type ActingRequest = RequestOf<
	| 'approval.decide'
	| 'approval.undo'
	| 'approval.deliver-now'
	| 'approval.claim'
	| 'approval.release'
	| 'approval.hand-over'
>;

export class ApprovalRequests {
	readonly #host: ApprovalRequestsHost;

	constructor(host: ApprovalRequestsHost) {
		this.#host = host;
	}

	/** @throws ProblemError `unknown-approval` */
	get(id: string): Approval {
		const approval = this.#host.fleet.approvals.get(id);
		if (!approval) throw new ProblemError('unknown-approval', `There is no approval ${id}.`);
		return approval;
	}

	/** @throws ProblemError why it cannot be done, or not by this person */
	act(request: ActingRequest, by: Identity, door: Door): Promise<Approval> {
		const { id: approvalId } = request;
		const call = {
			type: 'approval',
			approvalId,
			act: actOf(request),
			by: actorOf(by, door)
		} as const;
		return this.#host.agents.callAgent<'approval'>(this.get(approvalId).agent.path, call);
	}

	/** Decides one after the other; each has its own result and its own entry in the audit. */
	async decideMany(
		{ ids, decision }: RequestOf<'approvals.decide-many'>,
		by: Identity,
		door: Door
	): Promise<DecidedMany> {
		const results: DecidedMany['results'] = [];
		for (const id of new Set(ids)) {
			const request = { type: 'approval.decide', id, decision };
			const answered = await this.#host.answer(by, request, door);
			results.push(
				answered.ok
					? { id, ok: true, approval: answered.value as Approval } // what `act` answers
					: { id, ok: false, problem: answered.problem }
			);
		}
		return { results };
	}

	/** What the audit keeps of an approval that somebody acted on: it may be purged with its run. */
	auditOf(request: Request, by: Identity, door: Door): Record<string, Json> {
		if (!isActing(request)) return {};
		const approval = this.#host.fleet.approvals.get(request.id);
		if (!approval) return { from: toJson(originOf(by, door)) };
		const { workflow, runId, generation, step, title, status, requestedBy, decisions } = approval;
		return toJson({
			from: originOf(by, door),
			approval: {
				...{ workflow, runId, generation, step, title, status, requestedBy },
				seen: decisions.at(-1)?.seen ?? null,
				facts: capJson(approval.facts, AUDIT_FACTS_BYTES)
			}
		}) as Record<string, Json>; // an object goes in, an object comes out
	}
}

const ACTING: ReadonlySet<string> = new Set<ActingRequest['type']>([
	'approval.decide',
	'approval.undo',
	'approval.deliver-now',
	'approval.claim',
	'approval.release',
	'approval.hand-over'
]);

/** Does it act on one approval? */
export function isActing(request: Request): request is ActingRequest {
	return ACTING.has(request.type);
}

function actOf(request: ActingRequest): ApprovalAction {
	switch (request.type) {
		case 'approval.decide':
			return { type: 'decide', decision: request.decision };
		case 'approval.undo':
			return { type: 'undo' };
		case 'approval.deliver-now':
			return { type: 'deliver-now' };
		case 'approval.claim':
			return { type: 'claim' };
		case 'approval.release':
			return { type: 'release' };
		case 'approval.hand-over':
			return { type: 'hand-over', to: request.to };
	}
}

function actorOf(by: Identity, door: Door): Actor {
	const { name, email, roles, groups } = by;
	return { name, email, roles, ...(groups ? { groups } : {}), from: originOf(by, door) };
}

function originOf({ from }: Identity, via: Door) {
	return { via, ip: from?.ip ?? null, userAgent: from?.userAgent ?? null };
}
