// Retention policies: saved, previewed, and fired on time. A firing is a purge whose id follows from
// the policy and the time, so that a repeated one is the same.
import {
	policyAgeMs,
	ProblemError,
	SUGGESTED_POLICY,
	type Identity,
	type LastFiring,
	type Policy,
	type PolicyInput,
	type PolicyPreview
} from '../../../protocol';
import { policiesText } from '../../../messages/server/purge';
import type { AlarmTarget, Alarms } from '../../monitor/alarms';
import type { ChangePublisher } from '../change-publisher';
import { AUDIT_CHANGE } from '../change-set';
import type { Fleet } from '../fleet';
import { nextTimes } from './cron';
import type { PolicyStore } from './policy-store';
import type { PurgeAuthor, Purges } from './purges';

const MOST_POLICIES = 50;
/** So many of its next times are shown. */
const NEXT_SHOWN = 5;

export type PoliciesParts = {
	fleet: Fleet;
	store: PolicyStore;
	purges: Purges;
	alarms: Pick<Alarms, 'setAlarm'>;
	publisher: Pick<ChangePublisher, 'publishChanges'>;
};

export class Policies implements AlarmTarget {
	readonly #parts: PoliciesParts;

	constructor(parts: PoliciesParts) {
		this.#parts = parts;
	}

	/** The alarm outlives the Agent's memory; the tables may not exist yet. */
	start(): void {
		this.#parts.store.migrate();
	}

	/** Fires what is due. No alarm is set while no policy is on. */
	async runDueWork(): Promise<void> {
		await this.fireDue(Date.now());
		await this.planNext();
	}

	async planNext(): Promise<void> {
		await this.#parts.alarms.setAlarm(this.#parts.store.nextAt());
	}

	list(): { policies: Policy[]; suggested: PolicyInput } {
		const policies = this.#parts.store.list().map((policy) => this.#withResults(policy));
		return { policies, suggested: SUGGESTED_POLICY };
	}

	/** How many policies had something go wrong the last time. */
	failing(): number {
		return this.list().policies.filter(({ last }) => last?.error != null).length;
	}

	/** What a policy would delete today. @throws ProblemError `invalid-input` */
	preview(policy: PolicyInput, by: Identity): PolicyPreview {
		const next = nextTimes(policy, Date.now(), NEXT_SHOWN);
		const author = { name: by.name, subject: by.subject };
		return { preview: this.#purge(policy, author), next };
	}

	/** @throws ProblemError `invalid-input`, `not-found`, `wrong-state` */
	async save(id: string | undefined, policy: PolicyInput, by: Identity): Promise<Policy> {
		const { fleet, store } = this.#parts;
		fleet.terms(policy.q); // refuses an invalid query
		const now = Date.now();
		const [next = null] = nextTimes(policy, now, 1);
		if (id !== undefined) this.#policy(id);
		const others = store.list().filter((other) => other.id !== id);
		if (others.some(({ name }) => name === policy.name)) {
			const errors = [{ path: 'name', message: policiesText.nameTaken(policy.name) }];
			throw new ProblemError('invalid-input', policiesText.nameTaken(policy.name), { errors });
		}
		if (others.length >= MOST_POLICIES) {
			throw new ProblemError('wrong-state', policiesText.tooMany(MOST_POLICIES));
		}
		const own = id ?? `rp_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;
		store.save(own, policy, by.name, now, policy.enabled ? next : null);
		await this.planNext();
		this.#parts.publisher.publishChanges(AUDIT_CHANGE);
		return this.#withResults(this.#policy(own));
	}

	/** @throws ProblemError `not-found` */
	async delete(id: string): Promise<{ deleted: true }> {
		this.#policy(id);
		this.#parts.store.delete(id);
		await this.planNext();
		this.#parts.publisher.publishChanges(AUDIT_CHANGE);
		return { deleted: true };
	}

	/** Fires a policy now; its schedule stays. Returns its purge; null when there is nothing to delete. */
	async fireNow(id: string): Promise<string | null> {
		const policy = this.#policy(id);
		const now = Date.now();
		const last = await this.#fire(policy, now);
		this.#parts.store.fired(id, last, policy.nextAt);
		if (last.error !== null) throw new ProblemError('wrong-state', last.error);
		return last.purge;
	}

	/** Fires every policy that is due, once, however late it is. */
	async fireDue(now: number): Promise<void> {
		const { store, publisher } = this.#parts;
		for (const policy of store.due(now)) {
			const last = await this.#fire(policy, policy.nextAt ?? now);
			// Of the policy as it is now: somebody may have changed it meanwhile.
			const present = store.get(policy.id);
			if (!present) continue;
			const isChanged = present.nextAt !== policy.nextAt;
			store.fired(policy.id, last, isChanged ? present.nextAt : nextOf(present, now));
			publisher.publishChanges(AUDIT_CHANGE);
		}
	}

	/** @param time when it was due, Ms: the purge of this time has this name */
	async #fire(policy: Policy, time: number): Promise<LastFiring> {
		const { purges } = this.#parts;
		const nothing = { at: Date.now(), purge: null, deleted: 0, kept: 0, failed: 0, error: null };
		try {
			const id = `${policy.id}-${time}`;
			const known = purges.find(id);
			const before = policy.last?.purge;
			if (!known && before != null && purges.find(before)?.isGoingOn) {
				return { ...nothing, purge: before, error: policiesText.stillRunning(before) };
			}
			const author = {
				name: policiesText.author(policy.name),
				subject: `policy:${policy.id}`,
				policy: policy.name
			};
			const { total } = known ?? this.#purge(policy, author, id);
			if (total === 0) return nothing;
			if (!known || known.isPreview) {
				await purges.start({ preview: id, total, instances: policy.instances }, author);
			}
			return { ...nothing, purge: id };
		} catch (error) {
			return { ...nothing, error: error instanceof Error ? error.message : String(error) };
		}
	}

	#purge(policy: PolicyInput, author: PurgeAuthor, id?: string) {
		const q = policy.q.trim() === '' ? '*' : policy.q;
		return this.#parts.purges.preview({ q }, author, { id, minAgeMs: policyAgeMs(policy) });
	}

	#policy(id: string): Policy {
		const policy = this.#parts.store.get(id);
		if (policy) return policy;
		throw new ProblemError('not-found', policiesText.unknown(id));
	}

	/** With what the purge of its last time has done by now. */
	#withResults(policy: Policy): Policy {
		const { last } = policy;
		const found = last?.purge == null ? null : this.#parts.purges.find(last.purge);
		if (!last || !found) return policy;
		const { view } = found;
		const sum = (list: readonly { runs: number }[]) =>
			list.reduce((all, { runs }) => all + runs, 0);
		const error =
			view.state === 'rejected'
				? policiesText.rejected
				: view.state === 'failed'
					? policiesText.purgeFailed
					: view.failed.length > 0
						? policiesText.left(view.failed.length)
						: null;
		const results = { deleted: view.deleted, kept: sum(view.kept), failed: sum(view.failed) };
		return { ...policy, last: { ...last, ...results, error: last.error ?? error } };
	}
}

/** The time after this one; null where a schedule that was valid has none any more. */
function nextOf(policy: Policy, now: number): number | null {
	if (!policy.enabled) return null;
	try {
		return nextTimes(policy, now, 1)[0] ?? null;
	} catch (error) {
		if (error instanceof ProblemError) return null;
		throw error;
	}
}
