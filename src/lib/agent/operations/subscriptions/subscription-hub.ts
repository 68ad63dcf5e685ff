// Pushes changes to those who subscribed to them. Changes gather while a push is being made, so
// however fast reports come, each connection gets at most one push a frame, and fewer while changes
// come without an end (`push-throttle.ts`).
import type { Connection } from 'agents';
import { problem, ProblemError, type Change, type Problem, type View } from '../../../protocol';
import { agentErrorText } from '../../../messages/server/agent-errors';
import { subscriptionsText } from '../../../messages/server/subscriptions';
import type { ClientConnections } from '../../clients/connection-identities';
import type { ChangeListener } from '../change-publisher';
import type { Fleet } from '../fleet';
import { mergeChanges, PRESENCE_CHANGE, runChange, type ChangeSet } from '../change-set';
import { createSubscription } from './create-subscription';
import { DeferredCounts } from './deferred-counts';
import { FLOW_LIMITS, FlowControl, type FlowLimits } from './flow-control';
import { PushThrottle } from './push-throttle';
import { SharedTimer } from './shared-timer';
import { refusedChange } from './subscription';
import type { SubscriptionSources } from './subscription-sources';
import type { ActiveSubscription, SubscriptionRegistry } from './subscription-registry';
import type { SubscriptionStore } from './subscription-store';
import type { SummarySync } from './summary-sync';
import { VisibleFleet } from '../visible-fleet';

/** How many subscriptions one connection may have. */
export const MAX_SUBSCRIPTIONS = 32;

export type SubscriptionHubParts = Omit<
	SubscriptionSources,
	'fleet' | 'savedViews' | 'audit' | 'registry'
> & {
	fleet: Fleet;
	ctx: Pick<DurableObjectState, 'waitUntil'>;
	connections: ClientConnections;
	registry: SubscriptionRegistry;
	store: SubscriptionStore;
	summary: Pick<SummarySync, 'scheduleSummary'>;
	flowLimits?: FlowLimits;
};

export class SubscriptionHub implements ChangeListener {
	readonly #parts: SubscriptionHubParts;
	readonly #throttle = new PushThrottle();
	/** When time alone changes what each subscription shows. */
	readonly #timer = new SharedTimer<ActiveSubscription>((due) => this.#pushTimedChanges(due));
	readonly #counts = new DeferredCounts<ActiveSubscription>((active) => this.#pushCounts(active));
	readonly #flow: FlowControl;
	#gathered: ChangeSet | null = null;
	#pushTimer: ReturnType<typeof setTimeout> | undefined;
	#isPushing = false;

	constructor(parts: SubscriptionHubParts) {
		this.#parts = parts;
		this.#flow = new FlowControl(
			{
				onCaughtUp: (id) => this.#resumeAll(id),
				onClosed: (id) => this.endConnection({ id })
			},
			parts.flowLimits ?? FLOW_LIMITS
		);
	}

	/** Takes up the subscriptions of sockets that stayed open while the Agent was evicted. */
	restoreSubscriptions(): void {
		const open = this.#openConnections();
		for (const { connection, id, view } of this.#parts.store.read((each) => open.has(each))) {
			const found = open.get(connection);
			if (found) this.#begin(found, id, view);
		}
	}

	/** @throws ProblemError `invalid-input` when the connection has too many subscriptions */
	subscribe(connection: Connection, id: string, view: View): void {
		const own = this.#parts.registry.of(connection.id);
		if (own.length >= MAX_SUBSCRIPTIONS && !own.some((active) => active.id === id)) {
			throw new ProblemError('invalid-input', subscriptionsText.tooMany(MAX_SUBSCRIPTIONS));
		}
		this.#begin(connection, id, view);
		this.#parts.store.saveSoon(connection.id);
	}

	unsubscribe(connection: { id: string }, id: string): void {
		this.#end(this.#parts.registry.find(connection.id, id));
		this.#parts.store.saveSoon(connection.id);
	}

	/** Answers a subscription that its connection may not have, and ends the one of that name. */
	refuseSubscription(connection: Connection, id: string, why: Problem): void {
		this.unsubscribe(connection, id);
		this.#flow.sendChange(connection, id, refusedChange(why));
	}

	/** The connection has read what it was sent up to a push. */
	acknowledge(connection: Connection, ack: string): void {
		this.#flow.acknowledge(connection, ack);
	}

	/** The connection is closed. */
	endConnection({ id }: { id: string }): void {
		this.#endAll(id);
		this.#flow.endConnection(id);
		this.#parts.store.saveSoon(id);
	}

	/**
	 * Pushes changes at once or with the next frame. The clock is read beside the timer: timers stand
	 * still while a thread has work that is ready, and locally all Agents and workflows share one.
	 */
	handleChanges(changes: ChangeSet): void {
		this.#gathered = this.#gathered ? mergeChanges(this.#gathered, changes) : changes;
		if (this.#isPushing) return;
		const wait = this.#throttle.waitMs(Date.now());
		if (wait > 0) {
			this.#pushTimer ??= setTimeout(() => this.#push(), wait);
			return;
		}
		this.#isPushing = true;
		queueMicrotask(() => this.#push());
	}

	#push(): void {
		const began = Date.now();
		const changes = this.#gathered;
		clearTimeout(this.#pushTimer);
		this.#pushTimer = undefined;
		this.#isPushing = false;
		this.#gathered = null;
		if (!changes) return;
		const { registry, pages, summary } = this.#parts;
		const open = this.#openConnections();
		let subscriptions = 0;
		pages.clear();
		for (const id of registry.connections()) {
			const connection = open.get(id);
			if (!connection) {
				this.#endAll(id);
				continue;
			}
			for (const active of registry.of(id)) {
				active.connection = connection;
				this.#advance(active, changes, began);
				subscriptions += 1;
			}
		}
		pages.clear();
		summary.scheduleSummary();
		this.#throttle.recordPush({ began, ended: Date.now(), subscriptions });
	}

	/** Time has changed what these show, though nothing was reported. */
	#pushTimedChanges(due: readonly ActiveSubscription[]): void {
		const now = Date.now();
		const { pages } = this.#parts;
		pages.clear();
		for (const active of due) {
			if (this.#postpones(active)) continue;
			try {
				this.#deliver(active, active.subscription.changeByTime?.(now) ?? null, now);
			} catch (error) {
				this.#deliver(active, refusedChangeFor(error), now);
			}
		}
		pages.clear();
	}

	#begin(connection: Connection, id: string, view: View): void {
		const { registry, connections, readers, counter, pages } = this.#parts;
		const { audit, views: savedViews } = this.#parts.fleet;
		const by = connections.identityOf(connection);
		if (!by) {
			const why = problem('unauthenticated', agentErrorText.unauthenticated);
			return this.refuseSubscription(connection, id, why);
		}
		const fleet = new VisibleFleet(this.#parts.fleet, by);
		const sources = { fleet, savedViews, audit, readers, counter, pages, registry };
		const subscription = createSubscription(view, sources);
		this.#end(registry.find(connection.id, id));
		const active: ActiveSubscription = {
			...{ connection, id, view, subscription, isBusy: false, pending: null, refusal: null }
		};
		registry.add(active);
		if (view.kind === 'approval') this.handleChanges(PRESENCE_CHANGE);
		pages.clear();
		this.#advance(active, 'all', Date.now());
	}

	#end(active: ActiveSubscription | undefined): void {
		if (!active) return;
		this.#timer.set(active, null);
		this.#counts.delete(active);
		this.#parts.registry.remove(active);
		if (active.view.kind === 'approval') this.handleChanges(PRESENCE_CHANGE);
	}

	#endAll(connection: string): void {
		for (const active of this.#parts.registry.of(connection)) this.#end(active);
	}

	#advance(active: ActiveSubscription, changes: ChangeSet | 'all', now: number): void {
		if (active.isBusy || this.#flow.isHeld(active.connection.id)) {
			active.pending = active.pending ? mergeChanges(active.pending, changes) : changes;
			return;
		}
		const deliver = (change: Change | null) =>
			this.#deliver(active, change, now, changes === 'all');
		try {
			const next = active.subscription.changeAfter(changes, now);
			if (!(next instanceof Promise)) return deliver(next);
			active.isBusy = true;
			this.#parts.ctx.waitUntil(
				next
					.then(deliver, (error: unknown) => deliver(refusedChangeFor(error)))
					.then(() => this.#resume(active))
			);
		} catch (error) {
			deliver(refusedChangeFor(error));
		}
	}

	/** Makes the next change, when something changed or was left while the last one was made. */
	#resume(active: ActiveSubscription): void {
		active.isBusy = false;
		const { pending: waiting, subscription } = active;
		active.pending = null;
		const rest = subscription.hasMore && subscription.run ? runChange(subscription.run) : null;
		const pending = rest && waiting ? mergeChanges(rest, waiting) : (rest ?? waiting);
		if (pending && this.#parts.registry.isCurrent(active)) {
			this.#advance(active, pending, Date.now());
		}
	}

	/** Sends what was held back. What is being made is sent when it is ready. */
	#resumeAll(connection: string): void {
		for (const active of this.#parts.registry.of(connection)) {
			if (!active.isBusy) this.#resume(active);
		}
	}

	/** Sends a change, if there is one, and plans what follows by itself. */
	#deliver(active: ActiveSubscription, change: Change | null, now: number, isFirst = false): void {
		if (!this.#parts.registry.isCurrent(active)) return;
		const { connection, id, subscription } = active;
		if (change?.kind === 'refused') return this.#sendRefusal(active, change.problem);
		if (change) {
			active.refusal = null;
			this.#flow.sendChange(connection, id, change);
			// A connection that reads too slowly has just been closed.
			if (!this.#parts.registry.isCurrent(active)) return;
		}
		// Runs beyond the rows change the counts, too.
		if (subscription.hasPendingCounts) this.#counts.add(active, isFirst);
		if (subscription.nextChangeAt) this.#timer.set(active, subscription.nextChangeAt(now));
	}

	/**
	 * Sends a refusal once. What cannot be read will not be readable later, so such a subscription
	 * ends; what is not there yet may still be reported, so that subscription stays.
	 */
	#sendRefusal(active: ActiveSubscription, why: Problem): void {
		const isKnown = active.refusal === why.detail;
		active.refusal = why.detail;
		if (!isKnown) this.#flow.sendChange(active.connection, active.id, refusedChange(why));
		if (why.status !== 404) this.unsubscribe(active.connection, active.id);
	}

	#pushCounts(active: ActiveSubscription): void {
		if (this.#postpones(active)) return;
		const change = active.subscription.countChange?.(Date.now()) ?? null;
		if (change) this.#flow.sendChange(active.connection, active.id, change);
	}

	/** While its connection is held back, it is sent all of it later instead. */
	#postpones(active: ActiveSubscription): boolean {
		if (!this.#flow.isHeld(active.connection.id)) return false;
		active.pending = 'all';
		return true;
	}

	#openConnections(): Map<string, Connection> {
		return new Map([...this.#parts.connections.getConnections()].map((each) => [each.id, each]));
	}
}

function refusedChangeFor(error: unknown): Change {
	if (error instanceof ProblemError) return refusedChange(error.problem);
	throw error;
}
