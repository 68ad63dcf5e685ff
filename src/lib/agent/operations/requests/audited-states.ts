import {
	approvalIdSchema,
	policyIdSchema,
	standingDecisions,
	toJson,
	webhookIdSchema,
	type Identity,
	type Json
} from '../../../protocol';
import type { Fleet } from '../fleet';
import type { PolicyStore } from '../purge/policy-store';

/** What the audit says of a target before a change and after it. */
export class AuditedStates {
	readonly #fleet: Fleet;
	readonly #policies: Pick<PolicyStore, 'get'>;

	constructor(fleet: Fleet, policies: Pick<PolicyStore, 'get'>) {
		this.#fleet = fleet;
		this.#policies = policies;
	}

	/** @param target a run's key, or the id of an approval, a webhook, a policy or a view; null when there is none */
	stateOf(target: string | null, by: Identity): Json {
		if (target === null) return null;
		if (target.includes('/')) return this.runState(target);
		if (approvalIdSchema.safeParse(target).success) return this.#approvalState(target);
		if (webhookIdSchema.safeParse(target).success) return this.#webhookState(target);
		if (policyIdSchema.safeParse(target).success) return this.#policyState(target);
		const view = this.#fleet.views.of(by).find(({ id }) => id === target);
		return view ? toJson({ name: view.name, q: view.q, shared: view.shared }) : null;
	}

	runState(key: string): Json {
		const run = this.#fleet.runs.get(key)?.run;
		if (!run) return null;
		const { status, outcome, generation, step } = run;
		return { status, outcome, generation, step };
	}

	#approvalState(id: string): Json {
		const approval = this.#fleet.approvals.get(id);
		if (!approval) return null;
		const { status, claimedBy, deliverAt } = approval;
		return { status, claimedBy, deliverAt, decisions: standingDecisions(approval).length };
	}

	#policyState(id: string): Json {
		const policy = this.#policies.get(id);
		if (!policy) return null;
		const { name, q, age, schedule, zone, enabled, instances } = policy;
		return { name, q, age, schedule, zone, enabled, instances };
	}

	#webhookState(id: string): Json {
		const webhook = this.#fleet.webhooks.get(id);
		if (!webhook) return null;
		const { events, workflow, severity, format } = webhook;
		// The path of an address can be a secret.
		return { url: new URL(webhook.url).origin, events, workflow, severity, format };
	}
}
