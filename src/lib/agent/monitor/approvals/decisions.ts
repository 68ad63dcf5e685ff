// What people decide, on its way to the engine: read what the engine has, judge, write down, then
// deliver; and the same for what time decides.
import { z } from 'zod';
import {
	fieldErrors,
	ProblemError,
	runKey,
	type Approval,
	type DecisionInput,
	type FieldError,
	type Json,
	type JsonObject,
	type RunRef
} from '../../../protocol';
import { acted, type Actor, type ApprovalAct } from './approval-rules';
import type { ApprovalStore } from './approval-store';
import { deliverDecision } from './delivery';
import type { Engine } from '../history/engine';
import type { RunStore } from '../store/run-store';
import type { Tails } from '../history/tails';

export type DecisionsHost = {
	engine: Pick<Engine, 'sendEvent'>;
	runs: Pick<RunStore, 'get'>;
	approvals: ApprovalStore;
	tails: Pick<Tails, 'catchUp' | 'attach'>;
	now: () => number;
	/** There is something to report, and perhaps something to wake for. */
	flush: () => void;
};

export class Decisions {
	readonly #host: DecisionsHost;

	constructor(host: DecisionsHost) {
		this.#host = host;
	}

	/**
	 * Does something to an approval in somebody's name.
	 * @throws ProblemError `unknown-approval`, and why it cannot be done, or not by this person
	 */
	async act(approvalId: string, act: ApprovalAct, by: Actor): Promise<Approval> {
		const { approvals, tails, flush } = this.#host;
		const known = approvals.get(approvalId)?.approval;
		if (known?.status === 'pending') {
			await tails.catchUp({ workflow: known.workflow, id: known.runId });
		}
		const seen = known ? await digestOf(known) : '';
		const checks = {
			now: this.#host.now(),
			seen,
			formErrors: ({ form }: Approval, data: DecisionInput['data']) =>
				formErrors(form, data ?? null)
		};
		try {
			approvals.change(approvalId, checks.now, (stored) => acted(stored, act, by, checks));
		} finally {
			// A refused act may have found that time had decided already: that goes out all the same.
			flush();
			const stored = approvals.get(approvalId);
			if (stored) await this.#deliver(stored);
			flush();
		}
		return approvals.record(approvalId)?.approval ?? gone(approvalId);
	}

	/**
	 * Decides the one approval of a run that was open when this was called: a gate that opens while
	 * the history is read is not the one that was meant. @throws ProblemError `not-waiting`
	 */
	async decideOnly(ref: RunRef, decision: DecisionInput, agent: string): Promise<Approval> {
		const calledAt = this.#host.now();
		await this.#host.tails.catchUp(ref);
		const open = this.#host.approvals
			.of(ref)
			.find(({ approval }) => approval.status === 'pending' && approval.requestedAt <= calledAt);
		if (!open) throw new ProblemError('not-waiting', `${runKey(ref)} waits for no approval now.`);
		const from = { via: 'agent', ip: null, userAgent: null } as const;
		const by: Actor = { name: agent, email: null, roles: ['approver'], from };
		return this.act(open.approval.id, { type: 'decide', decision }, by);
	}

	/** Does what is due by now, and delivers what was decided: by people before a crash, or by time. */
	async wake(): Promise<void> {
		if (this.#host.approvals.advanceDue(this.#host.now()) > 0) this.#host.flush();
		for (const undelivered of this.#host.approvals.undelivered()) await this.#deliver(undelivered);
	}

	#deliver(stored: Parameters<typeof deliverDecision>[1]): Promise<void> {
		return deliverDecision(this.#host, stored);
	}
}

function gone(id: string): never {
	throw new ProblemError('unknown-approval', `There is no approval ${id} any more.`);
}

/** Of what a decision is about, as it was shown. */
async function digestOf({ title, description, facts, form }: Approval): Promise<string> {
	const text = JSON.stringify([title, description, facts, form]);
	const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
	const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0'));
	return `sha256:${hex.join('')}`;
}

/**
 * What a form (JSON Schema) finds wrong with a decision's data, field by field. What the schema
 * cannot say, the workflow checks when it gets the decision.
 */
function formErrors(form: JsonObject | null, data: Json): FieldError[] {
	if (form === null) return [];
	const checked = z.fromJSONSchema(form).safeParse(data);
	return checked.success ? [] : fieldErrors(checked.error, 'data');
}
